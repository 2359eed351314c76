"""What a seller has in front of him: where his shop stands, what waits, what would make it better."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.models import Entry
from pavillon.showroom.models import Enquiry, Product, Shop
from pavillon.showroom.queries.catalogue import recipients_of
from pavillon.showroom.queries.monitoring import company_figures, response_of


def cockpit_of(shop: Shop) -> dict[str, Any]:
    """{shop, sheets by state, weakest sheets, waiting enquiries, figures of the month, response, recipients}."""
    today = timezone.localdate()
    states = dict(shop.products.order_by().values_list("state").annotate(n=Count("pk")))
    return {
        "shop": shop,
        "sheets": sum(states.values()),
        "published": states.get("published", 0),
        "returned": states.get("returned", 0),
        "submitted": states.get("submitted", 0),
        "weakest": list(shop.products.exclude(state="withdrawn").order_by("quality", "pk")[:3]),
        "waiting": list(
            shop.enquiries.filter(state="new").select_related("buyer", "country", "product").order_by("sent_at")[:5]
        ),
        "month": company_figures(shop.company, since=today.replace(day=1)),
        "response": response_of(shop),
        "recipients": recipients_of(shop),
    }


def choosable_people(shop: Shop) -> tuple[QuerySet[User], list[User]]:
    """Everybody who works for the company, and those who are told of enquiries today."""
    people = User.objects.working().acting_in(organisation=shop.company.organisation).order_by("last_name", "pk")
    return people, recipients_of(shop)


def sheet_history(product: Product) -> dict[str, Any]:
    """The last lines of the trail of a sheet, and the agency's remarks that still hold."""
    return {
        "history": list(Entry.objects.about(product).select_related("actor").order_by("-pk")[:20]),
        "remarks": list(product.remarks.filter(resolved_at__isnull=True)),
    }


def unanswered(user: Any) -> QuerySet[Enquiry] | None:
    """The buyers who wait for the company, for its menu's badge; None for who is of none."""
    return Enquiry.objects.visible_to(user).unanswered().order_by() if user.is_company else None
