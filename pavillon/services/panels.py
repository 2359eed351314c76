"""Entries of this room in the menus, its pieces on pages of rooms below, its place in a company's journey."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from pavillon.campaigns.queries.returns import add_figures
from pavillon.crm.enums import SuggestionRule
from pavillon.crm.queries.journey import add_stages
from pavillon.crm.queries.profiles import add_deliveries
from pavillon.crm.queries.suggestions import add_rule
from pavillon.crm.queries.timeline import SERVICES, add_teller
from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.services.models import ServiceOrder
from pavillon.services.queries import deals as deals
from pavillon.services.queries import delivered
from pavillon.services.queries.campaigns import (
    ask_flows,
    ask_orders,
    flows_behind,
    orders_behind,
    read_flows,
    read_orders,
)
from pavillon.services.queries.journey import tell_stages, tell_timeline
from pavillon.services.queries.unanswered import DEED, REASONS, STATEMENT
from pavillon.services.queries.year import tell_services
from pavillon.ui.menu import ANALYTICS, CRM, add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    section=CRM,
    label=pgettext_lazy("menu", "Services"),
    url_name="services:orders",
    permission="services.view_orders",
    icon="package-check",
    order=24,
    live="services.order",
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Satisfaction and coverage"),
    url_name="services:view_coverage",
    permission="services.view_coverage",
    icon="thumbs-up",
    order=56,
)
add_entry(
    area="workspace",
    section=ANALYTICS,
    label=_("Export flows"),
    url_name="services:view_impact",
    permission="services.view_impact",
    icon="trending-up",
    order=57,
)
add_entry(
    area="workspace",
    section=_("Organisation"),
    label=_("Catalogue of services"),
    url_name="services:catalogue",
    permission="services.view_catalogue",
    icon="package",
    order=84,
)
add_entry(
    area="company",
    label=_("My services"),
    url_name="services_company:my_services",
    permission="services.view_my_services",
    icon="package-check",
    order=32,
    live="services.order",
)
add_panel(
    "directory.company",
    title=pgettext_lazy("panel", "Services"),
    url_name="services:company_services",
    permission="services.view_company_services",
    column="side",
    order=19,
    live="services.order",
)
add_panel(
    "crm.lead",
    title=pgettext_lazy("panel", "Services"),
    url_name="services:lead_services",
    permission="services.view_lead_services",
    column="side",
    live="services.order",
)
add_figures("orders", ask_orders, read_orders, orders_behind)
add_figures("flows", ask_flows, read_flows, flows_behind)
add_deliveries(delivered.STATEMENT)
add_rule(SuggestionRule.SURVEY, STATEMENT, REASONS, DEED)
add_part("services", tell_services, order=20)
add_trace(ServiceOrder)
add_stages(tell_stages)
add_teller(SERVICES, tell_timeline)
