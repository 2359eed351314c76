from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import MARKETING, add_entry

add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Campaigns"),
    url_name="campaigns:campaigns",
    permission="campaigns.view_campaigns",
    icon="rocket",
    order=31,
)
