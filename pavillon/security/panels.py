from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="agency",
    section=_("Security"),
    label=_("Who saw, who changed"),
    url_name="security:find_record",
    permission="security.find_record",
    icon="scan-search",
    order=810,
    on_phone=True,
)
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Privileges"),
    url_name="security:read_policy",
    permission="security.read_policy",
    icon="shield-check",
    order=820,
    on_phone=True,
)
add_entry(
    area="agency",
    section=_("Security"),
    label=_("Encryption keys"),
    url_name="security:read_keys",
    permission="security.read_keys",
    icon="key-round",
    order=830,
    on_phone=True,
)
add_panel(
    "directory.company",
    title=_("Last readings"),
    url_name="security:company_panel",
    permission="security.audit_record",
    column="side",
    order=900,
)
