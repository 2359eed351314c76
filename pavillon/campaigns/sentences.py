"""The room's verbs of the trail, in words."""

from django.utils.translation import gettext_lazy as _

from pavillon.ui.verbs import tell

tell(
    {
        "campaigns.campaign_changed": _("Campaign changed"),
        "campaigns.campaign_closed": _("Campaign closed"),
        "campaigns.campaign_created": _("Campaign planned"),
        "campaigns.campaign_reopened": _("Campaign opened again"),
        "campaigns.cost_added": _("Cost of a campaign noted"),
        "campaigns.cost_changed": _("Cost of a campaign changed"),
        "campaigns.cost_removed": _("Cost of a campaign removed"),
        "campaigns.settings_changed": _("Settings of campaigns changed"),
    }
)
