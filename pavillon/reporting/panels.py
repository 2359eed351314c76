from django.utils.translation import gettext_lazy as _

from pavillon.ui.menu import ANALYTICS, MARKETING, add_entry

add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Dashboard"),
    url_name="reporting:dashboard",
    permission="reporting.view_dashboard",
    icon="chart-column",
    order=48,
    on_phone=True,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Dashboard"),
    url_name="reporting:region_dashboard",
    permission="reporting.view_region_dashboard",
    icon="chart-column",
    order=49,
    on_phone=True,
)
add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Overview of marketing"),
    url_name="reporting:marketing",
    permission="reporting.view_marketing",
    icon="megaphone",
    order=30,
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
