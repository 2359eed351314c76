"""A personal offer: drafted by rules, adjusted by the adviser, proposed, answered by line, ordered by one press."""

import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.care.actions.follow_ups import drop_follow_up, keep_follow_up
from pavillon.care.enums import LineOrigin, LineState, OfferState
from pavillon.care.models import Offer, OfferLine, OfferQuestion
from pavillon.care.queries.recommending import recommend
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.crm.queries.routing import managers_of
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company
from pavillon.services import actions as services
from pavillon.services.models import Service, ServiceOrder
from pavillon.solutions.actions.contact import ask_contact
from pavillon.solutions.models import Solution
from pavillon.ui.words import money

# An amount is written in each reader's own language, when his text is rendered.
said_money = lazy(money, str)


class OfferMoved(Exception):
    """The offer, or the line, is not at a step that allows this."""


class NothingToPropose(Exception):
    """Every line was taken out, or the company has nobody who could read the offer."""


class AlreadyInOffer(Exception):
    """The offer holds this already."""


def _locked(offer: Offer, *states: str) -> Offer:
    offer = Offer.objects.select_for_update(of=("self",)).with_names().get(pk=offer.pk)
    if offer.state not in states:
        raise OfferMoved(
            _("The offer is at the step “%(step)s”: somebody changed it meanwhile.")
            % {"step": offer.get_state_display()}
        )
    return offer


def _locked_line(line: OfferLine, offer_states: tuple[str, ...], *states: str) -> OfferLine:
    offer = _locked(line.offer, *offer_states)
    line = OfferLine.objects.select_for_update(of=("self",)).with_names().get(pk=line.pk)
    line.offer = offer
    if line.state not in states:
        raise OfferMoved(
            _("“%(line)s” is at the step “%(step)s”: somebody changed it meanwhile.")
            % {"line": line, "step": line.get_state_display()}
        )
    return line


def _wake(offer: Offer) -> None:
    """To the whole team without the company: an offer is read in its region and its organisation."""
    wake("care.offer", audience="team")
    if offer.company.organisation_id:
        wake("care.offer", audience=f"organisation:{offer.company.organisation_id}")


@transaction.atomic
def draft_offer(*, company: Company, by: User) -> Offer:
    """What the rules recommend to a company, with the facts of now. A second press opens one's own draft again."""
    company = Company.objects.select_for_update(of=("self",)).get(pk=forwarded(company).pk)
    mine = Offer.objects.filter(company=company, author=by, organisation=by.organisation, state=OfferState.DRAFT)
    known = mine.first()
    if known is not None:
        return known
    offer = Offer.objects.create(company=company, author=by, organisation=by.organisation, region=company.region)
    found = recommend(company, by)
    for one in found:
        line = OfferLine.objects.create(
            offer=offer, origin=LineOrigin.RULE, reasons=[list(reason) for reason in one.reasons], weight=one.weight,
            **_named(one.target),
        )  # fmt: skip
        line.rules.set(one.rules)
    told = [f"{type(one.target).__name__.lower()}:{one.target.pk}" for one in found]
    record("care.offer_drafted", offer, by=by, recommended=told, rules=[[r.pk for r in one.rules] for one in found])
    _wake(offer)
    return offer


def _named(target: Service | Solution) -> dict[str, Any]:
    return {"service": target} if isinstance(target, Service) else {"solution": target}


@transaction.atomic
def change_offer(*, offer: Offer, words: str, by: User) -> Offer:
    """The adviser's own words before the lines. Raises OfferMoved."""
    offer = _locked(offer, OfferState.DRAFT)
    before = snapshot(offer)
    offer.words = words.strip()
    if changes_since(before, offer):
        offer.save(update_fields=["words"])
        record("care.offer_changed", offer, by=by)
    return offer


@transaction.atomic
def add_offer_line(*, offer: Offer, target: Service | Solution, words: str, by: User) -> OfferLine:
    """The adviser adds what no rule thought of, with his reason. Raises OfferMoved, AlreadyInOffer."""
    offer = _locked(offer, OfferState.DRAFT)
    try:
        with transaction.atomic():
            line = OfferLine.objects.create(
                offer=offer, origin=LineOrigin.ADVISER, words=words.strip(), **_named(target)
            )
    except IntegrityError as error:
        raise AlreadyInOffer(
            _("“%(name)s” is in this offer already: put it back, or change its words.") % {"name": target}
        ) from error
    record("care.offer_line_added", offer, by=by, line=line.pk)
    return line


@transaction.atomic
def change_offer_line(*, line: OfferLine, words: str, by: User) -> OfferLine:
    """Tell the company in one's own words why. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.DRAFT,), LineState.KEPT)
    before = snapshot(line)
    line.words = words.strip()
    if changes_since(before, line):
        line.save(update_fields=["words"])
        record("care.offer_line_changed", line.offer, by=by, line=line.pk)
    return line


@transaction.atomic
def remove_offer_line(*, line: OfferLine, reason: str, by: User) -> OfferLine:
    """The adviser knows better than the rule, and says why. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.DRAFT,), LineState.KEPT)
    line.state, line.removed_why = LineState.REMOVED, reason.strip()
    line.save(update_fields=["state", "removed_why"])
    record("care.offer_line_removed", line.offer, by=by, line=line.pk)
    return line


@transaction.atomic
def restore_offer_line(*, line: OfferLine, by: User) -> OfferLine:
    """It is proposed after all. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.DRAFT,), LineState.REMOVED)
    line.state, line.removed_why = LineState.KEPT, ""
    line.save(update_fields=["state", "removed_why"])
    record("care.offer_line_restored", line.offer, by=by, line=line.pk)
    return line


@transaction.atomic
def propose_offer(*, offer: Offer, by: User) -> Offer:
    """The company finds it in its space, and is told. Raises OfferMoved, NothingToPropose."""
    offer = _locked(offer, OfferState.DRAFT)
    if not offer.lines.filter(state=LineState.KEPT).exists():
        raise NothingToPropose(_("The offer holds no line: add a service or a solution, or put one back."))
    people = _readers(offer)
    if not people:
        raise NothingToPropose(
            _("Nobody of %(company)s has an account to read the offer: invite it to open its space first.")
            % {"company": offer.company}
        )
    _keep_prices(offer)
    offer.state, offer.proposed_at = OfferState.PROPOSED, timezone.now()
    offer.save(update_fields=["state", "proposed_at"])
    record("care.offer_proposed", offer, by=by, lines=offer.lines.filter(state=LineState.KEPT).count())
    notify(
        people,
        "care.offer_received",
        title=format_lazy(
            gettext_lazy("An offer for your company, by {organisation}"), organisation=offer.organisation
        ),
        body=gettext_lazy("Read why each line is there; accept it, decline it, or ask."),
        url=_company_url(offer),
    )
    _wake(offer)
    return offer


def _keep_prices(offer: Offer) -> None:
    """What the company reads now is what it accepts later, whatever becomes of the catalogue."""
    for line in offer.lines.filter(state=LineState.KEPT, service__isnull=False).select_related("service"):
        assert line.service is not None
        line.price, line.currency, line.unit = line.service.price, line.service.currency, line.service.unit
        line.save(update_fields=["price", "currency", "unit"])


def _company_url(offer: Offer) -> str:
    return reverse("care_company:my_offer", args=[offer.pk])


def _readers(offer: Offer) -> list[User]:
    """The managers of the company's account."""
    place = offer.company.organisation
    if place is None:
        return []
    return list(User.objects.working().acting_in(organisation=place, role=Role.COMPANY_MANAGER).order_by("pk"))


@transaction.atomic
def plan_offer_follow_up(
    *, offer: Offer, follow_up_on: datetime.date | None, follow_up_at: datetime.time | None, by: User
) -> Offer:
    """Come back to the company about what was proposed; without a day no more. Raises OfferMoved."""
    offer = _locked(offer, OfferState.PROPOSED)
    before = snapshot(offer)
    offer.follow_up_on, offer.follow_up_at = follow_up_on, follow_up_at if follow_up_on else None
    if changes := changes_since(before, offer):
        offer.save(update_fields=["follow_up_on", "follow_up_at"])
        record("care.offer_follow_up_planned", offer, by=by, changes=changes)
        keep_follow_up(offer, by=by)
    return offer


@transaction.atomic
def withdraw_offer(*, offer: Offer, reason: str, by: User) -> Offer:
    """It no longer stands; what was accepted before stays accepted. Raises OfferMoved."""
    offer = _locked(offer, OfferState.DRAFT, OfferState.PROPOSED)
    before = snapshot(offer)
    offer.state, offer.reason, offer.withdrawn_at = OfferState.WITHDRAWN, reason.strip(), timezone.now()
    offer.save(update_fields=["state", "reason", "withdrawn_at"])
    record("care.offer_withdrawn", offer, by=by, changes=changes_since(before, offer))
    if offer.follow_up_on:
        drop_follow_up(offer, by=by)
    _wake(offer)
    return offer


@house()
@transaction.atomic
def accept_offer_line(*, line: OfferLine, by: User) -> OfferLine:
    """The company wants it; of a solution that is a request to whoever advises it. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.PROPOSED,), LineState.KEPT)
    if line.solution is not None:
        company, prompt = line.offer.company, line.offer.reference
        line.lead = ask_contact(company=company, by=by, solution=line.solution, prompted_by=prompt)
    return _answer(line, LineState.ACCEPTED, "care.offer_line_accepted", by)


@house()
@transaction.atomic
def decline_offer_line(*, line: OfferLine, reason: str, by: User) -> OfferLine:
    """The company does not want it, and may say why. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.PROPOSED,), LineState.KEPT)
    line.declined_why = reason.strip()
    return _answer(line, LineState.DECLINED, "care.offer_line_declined", by)


def _answer(line: OfferLine, state: str, verb: str, by: User) -> OfferLine:
    line.state, line.answered_at, line.answered_by = state, timezone.now(), by
    line.save(update_fields=["state", "answered_at", "answered_by", "declined_why", "lead"])
    record(verb, line.offer, by=by, line=line.pk)
    offer = line.offer
    if not offer.lines.filter(state=LineState.KEPT).exists():
        offer.state, offer.answered_at = OfferState.ANSWERED, timezone.now()
        offer.save(update_fields=["state", "answered_at"])
        if offer.follow_up_on:
            drop_follow_up(offer, by=by)
    _tell_adviser(offer, gettext_lazy("{company} answers your offer"))
    _wake(offer)
    return line


def _tell_adviser(offer: Offer, title: Any) -> None:
    people = [offer.author] if offer.author.is_active else list(managers_of(offer.organisation))
    notify(
        people,
        "care.offer_answered",
        title=format_lazy(title, company=offer.company.name),
        url=offer.get_absolute_url(),
        about=offer.company,
    )


@house()
@transaction.atomic
def ask_about_line(*, line: OfferLine, text: str, by: User) -> OfferQuestion:
    """The company wants to know more before it answers. Raises OfferMoved."""
    line = _locked_line(line, (OfferState.PROPOSED,), LineState.KEPT)
    question = OfferQuestion.objects.create(line=line, text=text.strip(), asked_by=by)
    record("care.offer_question_asked", line.offer, by=by, line=line.pk)
    _tell_adviser(line.offer, gettext_lazy("{company} asks about your offer"))
    _wake(line.offer)
    return question


@transaction.atomic
def answer_offer_question(*, question: OfferQuestion, answer: str, by: User) -> OfferQuestion:
    """The adviser's answer, once; who asked is told. Raises OfferMoved."""
    question = OfferQuestion.objects.select_for_update(of=("self",)).select_related("line__offer").get(pk=question.pk)
    if question.answered_at is not None:
        raise OfferMoved(_("A colleague answered this question meanwhile."))
    question.answer, question.answered_by, question.answered_at = answer.strip(), by, timezone.now()
    question.save(update_fields=["answer", "answered_by", "answered_at"])
    offer = question.line.offer
    record("care.offer_question_answered", offer, by=by, line=question.line_id)
    if question.asked_by is not None:
        notify(
            [question.asked_by],
            "care.offer_received",
            title=gettext_lazy("Your adviser answers about the offer"),
            url=_company_url(offer),
        )
    _wake(offer)
    return question


@transaction.atomic
def order_offer_line(*, line: OfferLine, by: User) -> ServiceOrder:
    """What the company accepted becomes an order; a second press finds the same one.

    It is agreed at the price that was proposed. When the service costs something else by now, the order is proposed
    at the new price, and the company is asked again. Raises OfferMoved, and ServiceRetired of the services.
    """
    states = (OfferState.PROPOSED, OfferState.ANSWERED, OfferState.WITHDRAWN)
    line = _locked_line(line, states, LineState.ACCEPTED)
    if line.order is not None:
        return line.order
    if line.service is None:
        raise OfferMoved(_("A solution is not ordered here: its request is on the way to whoever advises on it."))
    service = Service.objects.select_for_update(of=("self",), no_key=True).get(pk=line.service.pk)
    line.service = service
    line.order = services.order_service(
        company=line.offer.company, service=service, by=by, is_agreed=line.is_price_kept
    )
    line.save(update_fields=["order"])
    record("care.offer_line_ordered", line.offer, line.order, by=by, line=line.pk, agreed=line.is_price_kept)
    if not line.is_price_kept:
        _tell_other_price(line, service)
    _wake(line.offer)
    return line.order


def _tell_other_price(line: OfferLine, service: Service) -> None:
    """The company accepted one price and is proposed another: it is told both, and that nothing is ordered yet."""
    was = said_money(line.price, line.currency) if line.price is not None else "–"
    notify(
        _readers(line.offer),
        "care.offer_received",
        title=format_lazy(gettext_lazy("Proposed again at another price: {service}"), service=service),
        body=format_lazy(
            gettext_lazy(
                "You accepted it at {was} without tax; it costs {now} without tax by now. Nothing is ordered before you"
                " say so: your adviser asks you."
            ),
            was=was,
            now=said_money(service.price, service.currency),
        ),
        url=_company_url(line.offer),
    )


@transaction.atomic
def forget_offer(offer: Offer) -> None:
    """Lose the adviser's words and why it was withdrawn."""
    offer.words = offer.reason = ""
    offer.save(update_fields=["words", "reason"])


@transaction.atomic
def forget_offer_line(line: OfferLine) -> None:
    """Keep what was recommended and answered, lose the words."""
    line.words = line.declined_why = ""
    line.removed_why = "–" if line.removed_why else ""
    line.answered_by = None
    line.save(update_fields=["words", "declined_why", "removed_why", "answered_by"])


@transaction.atomic
def forget_offer_question(question: OfferQuestion) -> None:
    question.delete()
