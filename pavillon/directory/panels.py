from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

add_entry(
    area="workspace",
    section=_("Portfolio"),
    label=_("Companies"),
    url_name="directory:companies",
    permission="directory.view_companies",
    icon="building-2",
    order=30,
    on_phone=True,
)
add_entry(
    area="workspace",
    section=_("Portfolio"),
    label=_("Contacts"),
    url_name="directory:contacts",
    permission="directory.view_contacts",
    icon="contact",
    order=32,
)
