"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "loyalty.companies_told": _("Companies told of their loyalty programme by a letter"),
        "loyalty.enrolment_ended": _("Company taken out of a loyalty programme"),
        "loyalty.programme_changed": _("Loyalty programme changed"),
        "loyalty.programme_closed": _("Loyalty programme closed"),
        "loyalty.programme_created": _("Loyalty programme decided"),
        "loyalty.programme_left": _("Loyalty programme left by the company"),
        "loyalty.programme_reopened": _("Loyalty programme opened again"),
        "loyalty.segment_enrolled": _("Companies of a segment enrolled"),
        "loyalty.segment_enrolled_by_night": _("Companies of a segment enrolled by night, with somebody’s rights"),
        "loyalty.watch_ended": _("Loyalty programme no longer looks at its segment every night"),
    }
)
