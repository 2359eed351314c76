from django.utils.translation import gettext_lazy as _

from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.directory.queries.year import tell_standing
from pavillon.ui.menu import CRM, add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    section=CRM,
    label=_("Companies"),
    url_name="directory:companies",
    permission="directory.view_companies",
    icon="building-2",
    order=21,
    on_phone=True,
)
for label, page, picture, place in (
    (_("Conflicts"), "conflicts", "git-compare", 76),
    (_("Corrections"), "corrections", "shield-check", 77),
    (_("Sources"), "sources", "database", 78),
):
    add_entry(
        area="workspace",
        section=_("Shared base"),
        label=label,
        url_name=f"directory:{page}",
        permission=f"directory.view_{page}",
        icon=picture,
        order=place,
    )
add_entry(
    area="workspace",
    section=CRM,
    label=_("Contacts"),
    url_name="directory:contacts",
    permission="directory.view_contacts",
    icon="contact",
    order=22,
)
add_entry(
    area="workspace",
    section=_("Shared base"),
    label=_("Imports of the register"),
    url_name="directory:register_runs",
    permission="directory.import_register",
    icon="database",
    order=79,
)
add_part("directory", tell_standing, order=90)
add_panel(
    "directory.contact",
    title=_("What these data may serve"),
    url_name="directory:contact_uses",
    permission="directory.view_contacts",
    column="side",
    order=50,
)
add_trace(Contact)
add_trace(Company, by="merged_into")
