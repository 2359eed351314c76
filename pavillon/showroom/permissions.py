"""Who may do what in the showroom. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.reference.models import Vertical
from pavillon.showroom.models import (
    Buyer,
    Enquiry,
    Picture,
    Product,
    ProductImport,
    ReplySuggestion,
    ReplyTemplate,
    Shop,
    ShowroomSettings,
    TemplateVersion,
)
from pavillon.showroom.models.enquiries import AGENCY_MONITORS, REGIONAL_MONITORS
from pavillon.showroom.models.shops import MONITORS

# Who helps a company to answer; an official of a region watches only.
HELPERS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER})


def works_for(user: User, shop: Shop | None) -> bool:
    return user.is_company and (shop is None or shop.company.organisation_id == user.acting.organisation_id)


def keeps_showroom(user: User) -> bool:
    return user.has_role(Role.SHOWROOM_MANAGER) and user.organisation.kind == Kind.AGENCY


@permission("showroom.view_product")
def view_product(user: User, product: Product | None) -> bool:
    """The sheet as the team reads it, with what is said about it."""
    return user.role in MONITORS


# --- the company's side ------------------------------------------------------------------------------------------


@permission("showroom.view_my_shop")
def view_my_shop(user: User, shop: Shop | None) -> bool:
    return works_for(user, shop)


@permission("showroom.apply_for_shop", writes=Shop, field="motivation")
def apply_for_shop(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.change_shop", writes=Shop)
def change_shop(user: User, shop: Shop | None) -> bool:
    return works_for(user, shop)


@permission("showroom.put_shop_online", writes=Shop)
def put_shop_online(user: User, shop: Shop | None) -> bool:
    return works_for(user, shop)


@permission("showroom.change_recipients", writes=Shop)
def change_recipients(user: User, shop: Shop | None) -> bool:
    return works_for(user, shop)


@permission("showroom.view_my_products")
def view_my_products(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.view_my_product")
def view_my_product(user: User, product: Product | None) -> bool:
    return user.is_company and (product is None or works_for(user, product.shop))


@permission("showroom.create_product", writes=Product)
def create_product(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.find_customs_codes")
def find_customs_codes(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.change_product", writes=Product)
def change_product(user: User, product: Product | None) -> bool:
    return user.is_company and (product is None or works_for(user, product.shop))


@permission("showroom.submit_product", writes=Product)
def submit_product(user: User, product: Product | None) -> bool:
    return change_product(user, product)


@permission("showroom.withdraw_product", writes=Product)
def withdraw_product(user: User, product: Product | None) -> bool:
    return keeps_showroom(user) or change_product(user, product)


@permission("showroom.add_picture", writes=Product)
def add_picture(user: User, product: Product | None) -> bool:
    return change_product(user, product)


@permission("showroom.remove_picture", writes=Product)
def remove_picture(user: User, picture: Picture | None) -> bool:
    return user.is_company and (picture is None or works_for(user, picture.product.shop))


@permission("showroom.import_products", writes=Product)
def import_products(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.confirm_import", writes=Product)
def confirm_import(user: User, product_import: ProductImport | None) -> bool:
    return user.is_company and (product_import is None or works_for(user, product_import.shop))


@permission("showroom.view_enquiries")
def view_enquiries(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.view_enquiry")
def view_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return user.is_company and (enquiry is None or works_for(user, enquiry.shop))


@permission("showroom.answer_enquiry", writes=Enquiry)
def answer_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry(user, enquiry)


@permission("showroom.close_enquiry", writes=Enquiry, field="closing_reason")
def close_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry(user, enquiry)


@permission("showroom.share_enquiry", writes=Enquiry)
def share_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry(user, enquiry)


@permission("showroom.ask_adviser", writes=Enquiry)
def ask_adviser(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry(user, enquiry)


@permission("showroom.change_reply_templates", writes=ReplyTemplate)
def change_reply_templates(user: User, subject: None) -> bool:
    return user.is_company


@permission("showroom.delete_reply_template", writes=ReplyTemplate)
def delete_reply_template(user: User, template: ReplyTemplate | None) -> bool:
    return user.is_company and (template is None or works_for(user, template.shop))


def _is_buyer(user: User) -> bool:
    """A buyer with his card: who was only given the role has nothing to buy for yet."""
    return user.has_role(Role.BUYER) and hasattr(user, "buyer")


# --- buyers ------------------------------------------------------------------------------------------------------


@permission("showroom.send_enquiry", writes=Enquiry)
def send_enquiry(user: User, subject: object) -> bool:
    return _is_buyer(user)


@permission("showroom.view_my_enquiries")
def view_my_enquiries(user: User, subject: None) -> bool:
    return _is_buyer(user)


@permission("showroom.view_my_enquiry")
def view_my_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return user.has_role(Role.BUYER) and (enquiry is None or enquiry.buyer.user_id == user.pk)


@permission("showroom.write_message", writes=Enquiry)
def write_message(user: User, enquiry: Enquiry | None) -> bool:
    return view_my_enquiry(user, enquiry)


@permission("showroom.change_buyer", writes=Buyer)
def change_buyer(user: User, buyer: Buyer | None) -> bool:
    return _is_buyer(user) and (buyer is None or buyer.user_id == user.pk)


# --- the team ----------------------------------------------------------------------------------------------------


def monitors(user: User) -> bool:
    return user.role in AGENCY_MONITORS | REGIONAL_MONITORS


@permission("showroom.view_monitoring")
def view_monitoring(user: User, subject: None) -> bool:
    return monitors(user)


@permission("showroom.view_enquiry_state")
def view_enquiry_state(user: User, enquiry: Enquiry | None) -> bool:
    """That it exists, how far it went, how long it took."""
    return monitors(user) and (enquiry is None or sees(user, enquiry))


@permission("showroom.read_messages")
def read_messages(user: User, enquiry: Enquiry | None) -> bool:
    """The words of a thread: both sides; the team as long as the seller shares them."""
    if enquiry is None:
        return False
    if user.has_role(Role.BUYER):
        return enquiry.buyer.user_id == user.pk
    if user.is_company:
        return works_for(user, enquiry.shop)
    return monitors(user) and enquiry.is_shared


@permission("showroom.plan_enquiry", writes=Enquiry, field="next_step")
def plan_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry_state(user, enquiry)


@permission("showroom.remind_seller", writes=Enquiry)
def remind_seller(user: User, enquiry: Enquiry | None) -> bool:
    return view_enquiry_state(user, enquiry) and (enquiry is None or enquiry.state == "new")


@permission("showroom.suggest_reply", writes=Enquiry)
def suggest_reply(user: User, enquiry: Enquiry | None) -> bool:
    """Whoever accompanies the company; what the buyer reads is the company's own."""
    return user.role in HELPERS and view_enquiry_state(user, enquiry) and (enquiry is None or enquiry.is_open)


@permission("showroom.withdraw_suggestion", writes=Enquiry)
def withdraw_suggestion(user: User, suggestion: ReplySuggestion | None) -> bool:
    """One's own, until the company took its words."""
    if suggestion is None:
        return user.role in HELPERS
    return suggestion.suggested_by == user and suggest_reply(user, suggestion.enquiry)


@permission("showroom.escalate_enquiry", writes=Enquiry, field="next_step")
def escalate_enquiry(user: User, enquiry: Enquiry | None) -> bool:
    """Whether managers look after it already is asked by the action, which says so."""
    return user.role in HELPERS and remind_seller(user, enquiry)


@permission("showroom.export_monitoring")
def export_monitoring(user: User, subject: None) -> bool:
    return user.role in AGENCY_MONITORS


@permission("showroom.view_company_panel")
def view_company_panel(user: User, company: object) -> bool:
    return user.role in MONITORS


@permission("showroom.view_desk_panel")
def view_desk_panel(user: User, subject: None) -> bool:
    return monitors(user)


@permission("showroom.view_approvals_panel")
def view_approvals_panel(user: User, subject: None) -> bool:
    return keeps_showroom(user)


@permission("showroom.view_shops")
def view_shops(user: User, subject: None) -> bool:
    return user.role in MONITORS


@permission("showroom.view_shop")
def view_shop(user: User, shop: Shop | None) -> bool:
    return user.role in MONITORS


@permission("showroom.accept_shop", writes=Shop)
def accept_shop(user: User, shop: Shop | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.close_shop", writes=Shop)
def close_shop(user: User, shop: Shop | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.reference_shop", writes=Shop, field="is_referenced")
def reference_shop(user: User, shop: Shop | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.view_approvals")
def view_approvals(user: User, subject: None) -> bool:
    return keeps_showroom(user)


@permission("showroom.review_product")
def review_product(user: User, product: Product | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.approve_product", writes=Product)
def approve_product(user: User, product: Product | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.return_product", writes=Product)
def return_product(user: User, product: Product | None) -> bool:
    return keeps_showroom(user)


@permission("showroom.view_verticals")
def view_verticals(user: User, subject: None) -> bool:
    return keeps_showroom(user)


@permission("showroom.change_vertical", writes=Vertical)
def change_vertical(user: User, vertical: object) -> bool:
    return keeps_showroom(user)


@permission("showroom.change_showroom_settings", writes=ShowroomSettings)
def change_showroom_settings(user: User, subject: None) -> bool:
    return keeps_showroom(user)


@permission("showroom.view_templates")
def view_templates(user: User, subject: None) -> bool:
    return keeps_showroom(user)


@permission("showroom.change_template", writes=TemplateVersion)
def change_template(user: User, subject: None) -> bool:
    return keeps_showroom(user)
