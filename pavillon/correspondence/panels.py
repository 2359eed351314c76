"""Entries of this room in the menus, its pieces on pages of rooms below."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.correspondence.queries.mails import links_of, to_sort
from pavillon.crm.queries.timeline import add_linker
from pavillon.ui.menu import CRM, add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    section=CRM,
    label=pgettext_lazy("menu", "Mail to sort"),
    url_name="correspondence:mails",
    permission="correspondence.view_mails",
    icon="mail",
    order=22,
    badge=to_sort,
    live="correspondence.mail",
)
add_panel(
    "workspace.desk",
    title=pgettext_lazy("panel", "Mail to sort"),
    url_name="correspondence:desk_mails",
    permission="correspondence.view_mails",
    order=12,
    live="correspondence.mail",
)
add_panel(
    "directory.company",
    title=_("Copy a mail here"),
    url_name="correspondence:company_address",
    permission="correspondence.view_company_address",
    column="side",
    order=26,
)
add_panel(
    "crm.lead",
    title=_("Copy a mail here"),
    url_name="correspondence:lead_address",
    permission="correspondence.view_lead_address",
    column="side",
)
add_linker(links_of)
