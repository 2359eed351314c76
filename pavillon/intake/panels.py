from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

add_entry(
    area="workspace",
    section=_("Shared base"),
    label=_("Partners' files"),
    url_name="intake:deliveries",
    permission="intake.view_deliveries",
    icon="file-spreadsheet",
    order=20,
)
