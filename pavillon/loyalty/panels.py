from django.utils.translation import gettext_lazy as _

from pavillon.directory.queries.traces import add_trace
from pavillon.loyalty.models import Enrolment
from pavillon.loyalty.queries.enrolments import precedence_for
from pavillon.services.queries.precedence import add_claim
from pavillon.ui.menu import MARKETING, add_entry
from pavillon.ui.panels import add_panel

add_entry(
    area="workspace",
    section=MARKETING,
    label=_("Loyalty programmes"),
    url_name="loyalty:programmes",
    permission="loyalty.view_programmes",
    icon="award",
    order=33,
)
add_entry(
    area="company",
    label=_("My programmes"),
    url_name="loyalty_company:my_programmes",
    permission="loyalty.view_my_programmes",
    icon="award",
    order=33,
)
add_panel(
    "directory.company",
    title=_("Loyalty programmes"),
    url_name="loyalty:company_programmes",
    permission="loyalty.view_company_programmes",
    column="side",
    order=21,
    live="loyalty.programme",
)
add_panel(
    "services.order",
    title=_("Loyalty programmes"),
    url_name="loyalty:order_programmes",
    permission="loyalty.view_order_programmes",
)
add_claim(precedence_for)
add_trace(Enrolment)
