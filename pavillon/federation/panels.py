from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

add_entry(
    area="account", label=_("Partners’ sites"), url_name="federation:my_sites", permission="federation.view_my_sites",
    icon="globe", order=40,
)  # fmt: skip
add_entry(
    area="agency", section=_("Settings"), label=_("Sites that sign in here"), url_name="federation:sites",
    permission="federation.view_sites", icon="globe", order=905,
)  # fmt: skip
