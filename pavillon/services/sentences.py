"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "services.delivery_started": _("Delivery of a service begun"),
        "services.low_score_alerted": _("Alert on a low score"),
        "services.order_cancelled": _("Service cancelled"),
        "services.order_changed": _("Delivery of a service planned anew"),
        "services.order_confirmed": _("Service ordered by the company"),
        "services.order_delivered": _("Service delivered"),
        "services.order_discounted": _("Discount on a service given or taken back"),
        "services.order_placed": _("Service proposed or ordered"),
        "services.service_changed": _("Service of the catalogue changed"),
        "services.service_created": _("Service added to the catalogue"),
        "services.service_restored": _("Service offered again"),
        "services.service_retired": _("Service no longer offered"),
        "services.survey_answered": _("Survey answered by the company"),
        "services.survey_planned": _("Survey planned"),
        "services.survey_reminded": _("Reminder of a survey sent"),
        "services.survey_sent": _("Survey sent to the company"),
        "services.survey_settings_changed": _("Settings of surveys changed"),
        "services.survey_unasked": _("Survey that nobody can be asked"),
        "services.surveys_watched": _("Surveys of the morning sent"),
    }
)
