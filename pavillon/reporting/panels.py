from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import add_entry

add_entry(
    area="workspace",
    section=_("Steering"),
    label=_("Dashboard"),
    url_name="reporting:dashboard",
    permission="reporting.view_dashboard",
    icon="chart-column",
    order=500,
    on_phone=True,
)
add_entry(
    area="workspace",
    section=_("Steering"),
    label=_("Dashboard"),
    url_name="reporting:region_dashboard",
    permission="reporting.view_region_dashboard",
    icon="chart-column",
    order=500,
    on_phone=True,
)
add_entry(
    area="company",
    section=_("Showroom"),
    label=_("Monthly report"),
    url_name="reporting:own_report",
    permission="reporting.view_own_report",
    icon="chart-line",
    order=350,
)
