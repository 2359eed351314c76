from django.utils.translation import gettext_lazy as _

from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.intake.models import Signal
from pavillon.intake.queries.year import tell_signals
from pavillon.ui.menu import MARKETING, add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    section=_("Shared base"),
    label=_("Files of partners"),
    url_name="intake:deliveries",
    permission="intake.view_deliveries",
    icon="file-spreadsheet",
    order=70,
)
add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Sources of prospects"),
    url_name="intake:prospect_sources",
    permission="intake.view_outside",
    icon="ticket",
    order=36,
)
add_entry(
    area="workspace",
    section=_("Shared base"),
    label=_("Signals from outside"),
    url_name="intake:signals",
    permission="intake.view_outside",
    icon="radar",
    order=74,
)
add_entry(
    area="workspace",
    section=_("Shared base"),
    label=_("Register of exchanges"),
    url_name="intake:exchanges",
    permission="intake.view_outside",
    icon="network",
    order=75,
)
add_panel(
    "directory.company",
    title=_("Signals from outside"),
    url_name="intake:company_outside",
    permission="intake.company_outside",
    column="side",
    order=40,
)
add_part("intake", tell_signals, order=60)
add_trace(Signal)
