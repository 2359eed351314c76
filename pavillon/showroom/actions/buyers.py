"""Professional buyers register by themselves; what they wrote before waits for their e-mail address."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.campaigns.models import Campaign
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.reference.models import Country, Sector
from pavillon.showroom.actions.enquiries import NotOnShow, send_enquiry
from pavillon.showroom.events import buyer_registered
from pavillon.showroom.models import Buyer, Enquiry, EnquiryDraft, Product, Shop


@transaction.atomic
def register_buyer(
    *,
    email: str,
    password: str | None = None,
    hashed: str = "",
    first_name: str,
    last_name: str,
    language: str,
    company_name: str,
    country: Country,
    sector: Sector,
    job_title: str = "",
    website: str = "",
    phone: str = "",
    is_demo: bool = False,
    is_email_verified: bool = False,
) -> Buyer:
    """Make a buyer's account with the firm that he buys for. Raises `accounts.actions.EmailTaken`."""
    user = accounts.create_user(
        email=email,
        first_name=first_name,
        last_name=last_name,
        language=language,
        password=password,
        hashed=hashed,
        country=country,
        is_email_verified=is_email_verified,
    )
    organisation = accounts.create_organisation(name=company_name, kind=Kind.BUYER, country=country, by=user)
    accounts.add_membership(user=user, organisation=organisation, role=Role.BUYER, by=user, is_default=True)
    buyer = Buyer.objects.create(
        user=user,
        organisation=organisation,
        company_name=company_name,
        country=country,
        sector=sector,
        job_title=job_title,
        website=website,
        phone=phone,
        is_demo=is_demo,
    )
    record("showroom.buyer_registered", buyer, user, by=user, country=country.pk, sector=sector.pk)
    buyer_registered.send(sender=Buyer, buyer=buyer)
    return buyer


@transaction.atomic
def keep_draft(
    *,
    buyer: Buyer,
    shop: Shop,
    product: Product | None,
    kind: str,
    text: str,
    quantity: int | None = None,
    campaign: Campaign | None = None,
) -> EnquiryDraft:
    """Keep what a visitor wrote until his address is confirmed; a later one replaces it."""
    draft, _created = EnquiryDraft.objects.update_or_create(
        buyer=buyer,
        defaults={
            "shop": shop, "product": product, "kind": kind, "text": text, "quantity": quantity,
            "campaign": campaign, "written_at": timezone.now(),
        },
    )  # fmt: skip
    record("showroom.draft_kept", buyer, shop, by=buyer.user)
    return draft


@house()
@transaction.atomic
def send_waiting_draft(*, user: User) -> Enquiry | None:
    """Send what the buyer wrote before he had an account. A sheet that left the shelf meanwhile drops it."""
    draft = (
        EnquiryDraft.objects.select_for_update(of=("self",))
        .filter(buyer__user=user)
        .select_related("buyer__user", "shop__company", "product__shop")
        .first()
    )
    if draft is None:
        return None
    asked: dict[str, Any] = {
        "buyer": draft.buyer, "shop": draft.shop, "product": draft.product, "kind": draft.kind, "text": draft.text,
        "quantity": draft.quantity, "campaign": draft.campaign,
    }  # fmt: skip
    draft.delete()
    try:
        return send_enquiry(**asked, by=user)
    except NotOnShow:
        record("showroom.draft_dropped", asked["buyer"], asked["shop"], by=user)
        return None


@transaction.atomic
def change_buyer(
    *,
    buyer: Buyer,
    company_name: str,
    country: Country,
    sector: Sector,
    job_title: str,
    website: str,
    phone: str,
    by: User,
) -> Buyer:
    """Change a buyer's card. Enquiries of the past keep the country that they came from."""
    buyer = Buyer.objects.select_for_update(of=("self",)).get(pk=buyer.pk)
    before = snapshot(buyer)
    buyer.company_name, buyer.country, buyer.sector = company_name, country, sector
    buyer.job_title, buyer.website, buyer.phone = job_title, website, phone
    if changes := changes_since(before, buyer):
        buyer.save()
        record("showroom.buyer_changed", buyer, by=by, changes=changes)
        accounts.change_user(user=buyer.user, by=by, country=country)
    return buyer


@transaction.atomic
def forget_buyer(buyer: Buyer) -> None:
    """Keep the line that enquiries point at, lose the person's details."""
    buyer.company_name, buyer.job_title, buyer.website, buyer.phone = "—", "", "", ""
    buyer.save(update_fields=["company_name", "job_title", "website", "phone", "changed_at"])
    EnquiryDraft.objects.filter(buyer=buyer).delete()
