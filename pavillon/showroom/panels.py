from django.utils.translation import gettext_lazy as _

from pavillon.crm.models.records import discuss
from pavillon.crm.queries.timeline import add_opener
from pavillon.directory.queries.digest import add_part
from pavillon.directory.queries.traces import add_trace
from pavillon.showroom.models import Shop
from pavillon.showroom.queries.cockpit import unanswered
from pavillon.showroom.queries.monitoring import enquiries_to_open
from pavillon.showroom.queries.shelves import (
    PRODUCT,
    product_to_discuss,
    products_to_discuss,
    sheets_to_review,
    shops_asked,
)
from pavillon.showroom.queries.year import tell_showroom
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_panel

_SHOWROOM = _("Showroom")
add_entry(
    area="company", section=_SHOWROOM, label=_("My shop"), url_name="showroom_company:my_shop",
    permission="showroom.view_my_shop", icon="store", order=40, on_phone=True,
)  # fmt: skip
add_entry(
    area="company", section=_SHOWROOM, label=_("My products"), url_name="showroom_company:products",
    permission="showroom.view_my_products", icon="package", order=41,
)  # fmt: skip
add_entry(
    area="company", section=_SHOWROOM, label=_("Buyers’ requests"), url_name="showroom_company:enquiries",
    permission="showroom.view_enquiries", icon="message-square", order=42, badge=unanswered,
    live="showroom.enquiry", on_phone=True,
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("My requests to sellers"), url_name="showroom_buyer:my_enquiries",
    permission="showroom.view_my_enquiries", icon="message-square", order=5, on_phone=True,
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("Buyers’ requests"), url_name="showroom_team:monitoring",
    permission="showroom.view_monitoring", icon="radar", order=60, on_phone=True,
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("Shops"), url_name="showroom_team:shops",
    permission="showroom.view_shops", icon="store", order=61, badge=shops_asked, live="showroom.approvals",
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("Sheets to approve"), url_name="showroom_team:approvals",
    permission="showroom.view_approvals", icon="clipboard-check", order=62,
    badge=sheets_to_review, live="showroom.approvals",
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("Verticals"), url_name="showroom_team:verticals",
    permission="showroom.view_verticals", icon="layers", order=63,
)  # fmt: skip
add_entry(
    area="workspace", section=_SHOWROOM, label=_("Templates"), url_name="showroom_team:templates",
    permission="showroom.view_templates", icon="file-text", order=64,
)  # fmt: skip
add_entry(area="public", label=_("Showroom"), url_name="showroom:home", permission="public", icon="store", order=30)
add_panel(
    "directory.company", title=_("Showroom"), url_name="showroom_team:company_panel",
    permission="showroom.view_company_panel", column="side", order=40, live="showroom.enquiry",
)  # fmt: skip
for _place in ("workspace.desk", "reporting.dashboard"):
    add_panel(
        _place, title=_("Waiting for the agency"), url_name="showroom_team:approvals_panel",
        permission="showroom.view_approvals_panel", order=5, live="showroom.approvals",
    )  # fmt: skip
add_panel(
    "workspace.desk", title=_("Buyers still waiting"), url_name="showroom_team:desk_panel",
    permission="showroom.view_desk_panel", column="side", order=40, live="showroom.enquiry",
)  # fmt: skip
discuss(PRODUCT, product_to_discuss, products_to_discuss)
add_part("showroom", tell_showroom, order=40)
add_trace(Shop)
add_opener("showroom.enquiry", enquiries_to_open)
