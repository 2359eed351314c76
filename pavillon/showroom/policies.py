"""The room's lines on the privilege matrix, and its kinds of notification."""

from typing import Any

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import register_kind
from pavillon.core.policy import governs, owned_by
from pavillon.directory.models import stands_behind
from pavillon.showroom.models import Buyer, Enquiry, Product, Shop

governs(Shop, fields=["motivation", "is_referenced", "export_countries"])
governs(Product, fields=["price", "minimum_order", "customs_code", "quality"])
governs(Buyer, fields=["company_name", "job_title", "phone", "website"], names=["company_name"])
governs(
    Enquiry,
    fields=["quantity", "next_step", "closing_reason", "response_minutes"],
    # The time of the first answer tells how long the buyer waited.
    along={"next_step_on": "next_step", "escalated_why": "next_step", "first_answered_at": "response_minutes"},
)


def _of_own_company(user: Any, path: str) -> Q:
    return Q(**{path: user.organisation}) if user.organisation else Q(pk=None)


owned_by(Shop, lambda user: _of_own_company(user, "company__organisation"))
owned_by(Product, lambda user: _of_own_company(user, "shop__company__organisation"))
owned_by(Buyer, lambda user: Q(user=user))
owned_by(Enquiry, lambda user: Q(buyer__user=user) | _of_own_company(user, "shop__company__organisation"))

register_kind("showroom.enquiry_received", _("A buyer writes to us"), "company")
register_kind("showroom.seller_reminded", _("A buyer is still waiting"), "company")
register_kind("showroom.shop_opened", _("Our shop is open"), "company")
register_kind("showroom.product_published", _("One of our sheets is approved"), "company")
register_kind("showroom.product_returned", _("One of our sheets needs a change"), "company")
register_kind("showroom.enquiry_answered", _("A seller answers"), "buyer")
register_kind("showroom.shop_applied", _("A company asks for a shop"), "team")
register_kind("showroom.product_submitted", _("A sheet is to be approved"), "team")
register_kind("showroom.enquiry_unanswered", _("A company has not answered a buyer"), "team")

stands_behind(Enquiry, "shop__company")
