"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "matching.model_added": _("Matching model trained"),
        "matching.model_promoted": _("Matching model put to use"),
        "matching.pair_labelled": _("Pair of records judged"),
    }
)
