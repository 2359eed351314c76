"""Buyers ask, sellers answer, the team sees that it happened."""

from datetime import date, datetime

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.campaigns import campaign_counting
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm import actions as crm
from pavillon.crm.models import Lead
from pavillon.crm.models.subjects import Said
from pavillon.privacy.enums import LegalBasis
from pavillon.showroom.actions.telling import tell_buyer, tell_sellers, tell_sellers_received, wake_enquiry
from pavillon.showroom.enums import OPEN_KINDS, ClosingReason, EnquiryState, ProductState
from pavillon.showroom.events import enquiry_answered, enquiry_closed, enquiry_sent
from pavillon.showroom.models import Buyer, Enquiry, EnquiryMessage, Product, ReplySuggestion, Shop
from pavillon.showroom.queries.catalogue import adviser_people, showroom_settings


class NotOnShow(Exception):
    """The shop or the sheet is no longer shown."""


class AnswerFirst(Exception):
    """A buyer who waits is not sent away without a word."""


def locked(enquiry: Enquiry) -> Enquiry:
    return (
        Enquiry.objects.select_for_update(of=("self",))
        .select_related("shop__company", "product", "buyer__user", "country")
        .get(pk=enquiry.pk)
    )


@transaction.atomic
def send_enquiry(
    *,
    buyer: Buyer,
    shop: Shop,
    product: Product | None,
    kind: str,
    text: str,
    by: User,
    quantity: int | None = None,
    campaign: Campaign | None = None,
) -> Enquiry:
    """Ask a shop something: its people are told at once. `campaign` is that of the link.

    Raises NotOnShow, ValueError for a kind not offered.
    """
    if kind not in OPEN_KINDS:
        raise ValueError(f"Not a kind of enquiry that buyers send: {kind}")
    if not shop.is_online or (product and (product.shop_id != shop.pk or product.state != ProductState.PUBLISHED)):
        raise NotOnShow(_("This page is no longer on show: nothing was sent."))
    now = timezone.now()
    enquiry = Enquiry.objects.create(
        shop=shop,
        product=product,
        buyer=buyer,
        country=buyer.country,
        kind=kind,
        quantity=quantity,
        campaign=campaign,
        legal_basis=LegalBasis.CONTRACT,
        sent_at=now,
        last_message_at=now,
        is_demo=buyer.is_demo and shop.is_demo,
    )
    EnquiryMessage.objects.create(enquiry=enquiry, author=by, from_seller=False, text=text, written_at=now)
    # The trail tells that something was asked, never what.
    record("showroom.enquiry_sent", enquiry, shop.company, buyer, by=by, kind=kind)
    enquiry_sent.send(sender=Enquiry, enquiry=enquiry, by=by)
    tell_sellers_received(enquiry)
    wake_enquiry(enquiry)
    return enquiry


@transaction.atomic
def answer_enquiry(
    *, enquiry: Enquiry, text: str, by: User, suggestion: ReplySuggestion | None = None
) -> EnquiryMessage:
    """The seller writes, perhaps from what an adviser suggested. The first answer stops the clock; a closed thread
    opens again."""
    enquiry, now = locked(enquiry), timezone.now()
    before = snapshot(enquiry)
    message = EnquiryMessage.objects.create(enquiry=enquiry, author=by, from_seller=True, text=text, written_at=now)
    if suggestion is not None:
        enquiry.suggestions.unused().filter(pk=suggestion.pk).update(used_at=now)
    _stop_clock(enquiry, now)
    enquiry.state, enquiry.closed_at, enquiry.closing_reason = EnquiryState.ANSWERED, None, ""
    enquiry.last_message_at = now
    enquiry.save()
    record(
        "showroom.enquiry_answered", enquiry, enquiry.shop.company, enquiry.buyer, by=by,
        changes=changes_since(before, enquiry), minutes=enquiry.response_minutes,
        suggestion=suggestion.pk if suggestion else None,
    )  # fmt: skip
    enquiry_answered.send(sender=Enquiry, enquiry=enquiry, message=message, by=by)
    tell_buyer(enquiry)
    wake_enquiry(enquiry)
    return message


def _stop_clock(enquiry: Enquiry, now: datetime) -> None:
    if enquiry.first_answered_at is None:
        enquiry.first_answered_at = now
        enquiry.response_minutes = int((now - enquiry.sent_at).total_seconds() // 60)


@transaction.atomic
def write_message(*, enquiry: Enquiry, text: str, by: User) -> EnquiryMessage:
    """The buyer goes on. A closed thread opens again, in the state that it had reached; who waits anew is with no
    manager yet."""
    enquiry, now = locked(enquiry), timezone.now()
    before = snapshot(enquiry)
    message = EnquiryMessage.objects.create(enquiry=enquiry, author=by, from_seller=False, text=text, written_at=now)
    if enquiry.state == EnquiryState.CLOSED:
        enquiry.state = EnquiryState.ANSWERED if enquiry.first_answered_at else EnquiryState.NEW
        enquiry.closed_at, enquiry.closing_reason = None, ""
        if enquiry.state == EnquiryState.NEW:
            enquiry.escalated_at, enquiry.escalated_why = None, ""
    changes = changes_since(before, enquiry)
    enquiry.last_message_at = now
    enquiry.save()
    record("showroom.message_written", enquiry, by=by, changes=changes)
    tell_sellers(
        enquiry,
        "showroom.enquiry_received",
        format_lazy(gettext_lazy("{buyer} wrote to you again"), buyer=enquiry.buyer.company_name),
    )
    wake_enquiry(enquiry)
    return message


@transaction.atomic
def close_enquiry(*, enquiry: Enquiry, reason: str, by: User, text: str = "") -> Enquiry:
    """End an enquiry. A buyer who still waits gets `text`, which counts as the answer.

    Raises AnswerFirst when nothing was ever written to him, except for what is not a professional request.
    """
    enquiry, now = locked(enquiry), timezone.now()
    if enquiry.state == EnquiryState.CLOSED:
        return enquiry
    if not text.strip() and enquiry.first_answered_at is None and reason != ClosingReason.UNSUITABLE:
        raise AnswerFirst(_("The buyer is still waiting: write a word, a polite refusal is an answer too."))
    before = snapshot(enquiry)
    if text.strip():
        EnquiryMessage.objects.create(enquiry=enquiry, author=by, from_seller=True, text=text, written_at=now)
        _stop_clock(enquiry, now)
        enquiry.last_message_at = now
    enquiry.state, enquiry.closed_at, enquiry.closing_reason = EnquiryState.CLOSED, now, reason
    enquiry.save()
    record(
        "showroom.enquiry_closed", enquiry, enquiry.shop.company, by=by, changes=changes_since(before, enquiry),
        reason=reason,
    )  # fmt: skip
    enquiry_closed.send(sender=Enquiry, enquiry=enquiry, by=by)
    if text.strip():
        tell_buyer(enquiry)
    wake_enquiry(enquiry)
    return enquiry


@transaction.atomic
def read_thread(*, enquiry: Enquiry, by: User, as_seller: bool) -> int:
    """Mark what the other side wrote as read; its browser shows it. Returns how many messages were new."""
    fresh = enquiry.messages.filter(from_seller=not as_seller, read_at__isnull=True).update(read_at=timezone.now())
    if fresh:
        record("showroom.thread_read", enquiry, by=by, messages=fresh)
        wake_enquiry(enquiry)
    return fresh


@transaction.atomic
def share_enquiry(*, enquiry: Enquiry, by: User) -> None:
    """Let the team that accompanies the company read this thread, until it is taken back."""
    enquiry = locked(enquiry)
    if enquiry.shared_at is None:
        enquiry.shared_at = timezone.now()
        enquiry.save(update_fields=["shared_at", "changed_at"])
        record("showroom.enquiry_shared", enquiry, enquiry.shop.company, by=by, changes={"is_shared": [False, True]})
        wake_enquiry(enquiry)


@transaction.atomic
def unshare_enquiry(*, enquiry: Enquiry, by: User) -> None:
    """Take the permission back: from now on the team sees state and delay only."""
    enquiry = locked(enquiry)
    if enquiry.shared_at is not None:
        enquiry.shared_at = None
        enquiry.save(update_fields=["shared_at", "changed_at"])
        record("showroom.enquiry_unshared", enquiry, enquiry.shop.company, by=by, changes={"is_shared": [True, False]})
        wake_enquiry(enquiry)


@transaction.atomic
def ask_adviser(*, enquiry: Enquiry, text: str, by: User) -> Lead:
    """Ask the company's adviser for help with an enquiry: a request of the team, routed like any other."""
    enquiry = locked(enquiry)
    enquiry.help_asked_at = timezone.now()
    enquiry.save(update_fields=["help_asked_at", "changed_at"])
    company = enquiry.shop.company
    lead = crm.receive_lead(
        company=company,
        origin="showroom",
        kind="advice",
        said=Said("buyer_help", {"country": {"fr": enquiry.country.name_fr, "en": enquiry.country.name_en}}),
        message=text,
        legal_basis=LegalBasis.PUBLIC_TASK,
        country=enquiry.country,
        requested_by=by,
        attachment={
            "type": "showroom.enquiry",
            "id": enquiry.pk,
            "title": str(enquiry),
            "summary": [str(enquiry.country), enquiry.get_state_display()],
            "url": reverse("showroom_team:enquiry", args=[enquiry.pk]),
        },
        by=by,
        campaign=campaign_counting(enquiry.campaign_id, enquiry.sent_at),
    )
    record("showroom.adviser_asked", enquiry, company, by=by, lead=lead.pk)
    return lead


@transaction.atomic
def plan_enquiry(*, enquiry: Enquiry, next_step: str, next_step_on: date | None, by: User) -> Enquiry:
    """The adviser's dated next step about an enquiry; empty to take it away."""
    enquiry = locked(enquiry)
    before = snapshot(enquiry)
    enquiry.next_step, enquiry.next_step_on = next_step, next_step_on if next_step else None
    if changes := changes_since(before, enquiry):
        enquiry.save(update_fields=["next_step", "next_step_on", "changed_at"])
        record("showroom.enquiry_planned", enquiry, enquiry.shop.company, by=by, changes=changes)
    return enquiry


@transaction.atomic
def remind_seller(*, enquiry: Enquiry, by: User) -> None:
    """Remind the company that a buyer waits."""
    tell_sellers(
        enquiry,
        "showroom.seller_reminded",
        format_lazy(
            gettext_lazy("{buyer} is still waiting for your answer"),
            buyer=enquiry.buyer.company_name,
        ),
    )
    record("showroom.seller_reminded", enquiry, enquiry.shop.company, by=by)


@transaction.atomic
def tell_unanswered() -> int:
    """Tell advisers once of each enquiry that waited too long. Returns how many."""
    waiting = (
        Enquiry.objects.overdue(showroom_settings().unanswered_hours)
        .filter(overdue_told_at__isnull=True)
        .select_for_update(of=("self",), skip_locked=True)
        .select_related("shop__company")
        .order_by("pk")[:200]
    )
    told = list(waiting)
    for enquiry in told:
        notify(
            adviser_people(enquiry.shop.company),
            "showroom.enquiry_unanswered",
            title=format_lazy(
                gettext_lazy("{company} has not answered a buyer yet"), company=enquiry.shop.company.name
            ),
            body=gettext_lazy("Offer your help: a quick answer, even a short one, keeps the buyer."),
            url=reverse("showroom_team:enquiry", args=[enquiry.pk]),
        )
        enquiry.overdue_told_at = timezone.now()
        enquiry.save(update_fields=["overdue_told_at"])
        record("showroom.enquiry_overdue", enquiry, enquiry.shop.company, by=None)
        wake_enquiry(enquiry)
    return len(told)
