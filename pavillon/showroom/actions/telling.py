"""Who is told of what happens in the showroom, and which browsers look again."""

from typing import Any

from django.urls import reverse
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Membership, User
from pavillon.activity.actions import notify, wake
from pavillon.crm.actions import tell_record_followers
from pavillon.crm.models import Referent
from pavillon.showroom.enums import EnquiryKind
from pavillon.showroom.models import Enquiry, Product, Shop
from pavillon.showroom.models.enquiries import REGIONAL_MONITORS
from pavillon.showroom.queries.catalogue import recipients_of
from pavillon.showroom.queries.shelves import key_of

RECEIVED = {
    EnquiryKind.QUESTION: _("{buyer} ({country}) asks you a question"),
    EnquiryKind.QUOTE: _("{buyer} ({country}) asks you for a quote"),
    EnquiryKind.CONTACT: _("{buyer} ({country}) wishes to be contacted"),
    EnquiryKind.MEETING: _("{buyer} ({country}) asks for a meeting"),
    EnquiryKind.ORDER: _("{buyer} ({country}) places an order"),
}


def showroom_managers() -> list[User]:
    """The people of the agency who keep the showroom."""
    return list(
        User.objects.working().acting_in(role=Role.SHOWROOM_MANAGER, organisation__kind=Kind.AGENCY).order_by("pk")
    )


def _about(enquiry: Enquiry) -> Any:
    """The sheet that an enquiry is about, in the language of whoever reads; the company when it is about none."""
    if enquiry.product is None:
        return enquiry.shop.company.name
    return format_lazy("{}", LazyName(enquiry.product))


class LazyName:
    """A sheet's name, looked up when the text is rendered: each recipient reads it in his language."""

    def __init__(self, product: Product) -> None:
        self.product = product

    def __str__(self) -> str:
        return self.product.name


def tell_sellers(enquiry: Enquiry, kind: str, title: Any) -> None:
    """The people whom the company chose, in their inbox and by e-mail. The buyer's words stay on the platform."""
    notify(
        recipients_of(enquiry.shop),
        kind,
        title=title,
        body=format_lazy(
            _("About: {subject}. Answer from your space: the buyer is told at once."), subject=_about(enquiry)
        ),
        url=reverse("showroom_company:enquiry", args=[enquiry.pk]),
    )


def tell_sellers_received(enquiry: Enquiry) -> None:
    title = format_lazy(
        RECEIVED[EnquiryKind(enquiry.kind)], buyer=enquiry.buyer.company_name, country=_LazyCountry(enquiry)
    )
    tell_sellers(enquiry, "showroom.enquiry_received", title)


class _LazyCountry:
    """A country's name in the language of whoever reads."""

    def __init__(self, enquiry: Enquiry) -> None:
        self.enquiry = enquiry

    def __str__(self) -> str:
        return str(self.enquiry.country)


def tell_buyer(enquiry: Enquiry) -> None:
    """The seller answered."""
    notify(
        [enquiry.buyer.user],
        "showroom.enquiry_answered",
        title=format_lazy(_("{company} answered you"), company=enquiry.shop.company.name),
        body=format_lazy(_("About: {subject}."), subject=_about(enquiry)),
        url=reverse("showroom_buyer:my_enquiry", args=[enquiry.pk]),
    )


def tell_who_follows(product: Product, by: User | None, *, is_published: bool) -> None:
    """Those of the team who follow a sheet learn that it is on show, or no longer."""
    title = _("{product} is on show") if is_published else _("{product} is no longer on show")
    about = key_of(product)
    tell_record_followers(
        product.shop.company,
        title=format_lazy(title, product=product.name),
        url=about.url,
        about=about,
        besides=[by.pk if by else None],
    )


def tell_managers(shop: Shop, kind: str, title: Any, url: str) -> None:
    """The agency has something to read."""
    notify(showroom_managers(), kind, title=title, body=shop.company.name, url=url)


def wake_enquiry(enquiry: Enquiry) -> None:
    """Ask the browsers of both sides and of those who follow enquiries to look again; figures move too.

    The number goes to the people of this enquiry only; the agency and the region learn that something moved, and fetch
    what each of them may see.
    """
    company = enquiry.shop.company
    people = {person.pk for person in recipients_of(enquiry.shop)} | {enquiry.buyer.user_id}
    covering = Membership.objects.current().filter(covers=company.region_id, role__in=REGIONAL_MONITORS)
    people |= set(covering.values_list("user", flat=True)) if company.region_id else set()
    people |= set(Referent.objects.current().filter(company=company).values_list("adviser", flat=True))
    wake("showroom.enquiry", people=people, enquiry=enquiry.pk, state=enquiry.state)
    for audience in ("agency", f"region:{company.region_id}", f"organisation:{company.organisation_id}"):
        wake("showroom.enquiry", audience=audience)
    wake("reporting.figures", audience="team")
