from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

add_entry(
    area="agency",
    section=_("Administration"),
    label=_("API keys"),
    url_name="interchange:keys",
    permission="interchange.view_keys",
    icon="key-round",
    order=810,
)
add_entry(
    area="account",
    label=_("API documentation"),
    url_name="interchange:documentation",
    permission="interchange.read_documentation",
    icon="workflow",
    order=80,
)
