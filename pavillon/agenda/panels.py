from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    label=_("Agenda"),
    url_name="agenda:agenda",
    permission="agenda.view_agenda",
    icon="calendar-days",
    order=4,
)
add_panel(
    "workspace.desk",
    title=_("Today"),
    url_name="agenda:day_panel",
    permission="agenda.view_agenda",
    column="side",
    order=1,
    live="agenda.entry",
)
