"""Deciding on programmes, taking companies in, letting them go, and giving the benefit."""

import datetime
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.loyalty.actions.telling import tell_benefit, tell_benefit_back
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.loyalty.queries.enrolments import chosen_of, programmes_for
from pavillon.segments.models import Segment
from pavillon.services import actions as services
from pavillon.services.models import Service, ServiceOrder


class ProgrammeNamed(Exception):
    """Another programme has this name."""


class NotForOrder(Exception):
    """The company may not claim this programme upon this order (any more)."""


def _save(programme: Programme) -> None:
    try:
        with transaction.atomic():
            programme.save()
    except IntegrityError as error:
        if "name" not in str(error):
            raise
        raise ProgrammeNamed(
            _("Another programme is called “%(name)s”: choose another name.") % {"name": programme.name}
        ) from error


@transaction.atomic
def create_programme(
    *,
    name: str,
    organisation: Organisation,
    segment: Segment,
    min_services: int,
    within_months: int,
    about: str,
    discount: Decimal,
    is_priority: bool,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User | None,
    services: Iterable[Service] = (),
    enrols_nightly: bool = False,
    is_demo: bool = False,
) -> Programme:
    """Decide on a programme; nobody is in it yet. Raises ProgrammeNamed."""
    programme = Programme(
        name=name,
        organisation=organisation,
        segment=segment,
        min_services=min_services,
        within_months=within_months,
        about=about,
        discount=discount,
        is_priority=is_priority,
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=by,
        enrols_nightly=enrols_nightly,
        watched_by=by if enrols_nightly else None,
        watched_as=by.acting if by and enrols_nightly else None,
        is_demo=is_demo,
    )
    _save(programme)
    programme.services.set(services)
    record("loyalty.programme_created", programme, by=by, name=name)
    return programme


@transaction.atomic
def change_programme(
    *,
    programme: Programme,
    name: str,
    organisation: Organisation,
    segment: Segment,
    min_services: int,
    within_months: int,
    about: str,
    discount: Decimal,
    is_priority: bool,
    starts_on: datetime.date,
    ends_on: datetime.date,
    services: Iterable[Service],
    by: User,
    enrols_nightly: bool = False,
) -> Programme:
    """Decide anew; discounts that were given stay as they are. Raises ProgrammeNamed."""
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    before = {**snapshot(programme), "services": sorted(programme.services.values_list("pk", flat=True))}
    programme.name, programme.organisation, programme.segment = name, organisation, segment
    programme.min_services, programme.within_months, programme.about = min_services, within_months, about
    programme.discount, programme.is_priority = discount, is_priority
    programme.starts_on, programme.ends_on = starts_on, ends_on
    if enrols_nightly != programme.enrols_nightly:
        programme.enrols_nightly = enrols_nightly
        programme.watched_by, programme.watched_as = (by, by.acting) if enrols_nightly else (None, None)
    changes = changes_since(before, programme)
    chosen = sorted(service.pk for service in services)
    if chosen != before["services"]:
        changes["services"] = [before["services"], chosen]
    if changes:
        _save(programme)
        programme.services.set(chosen)
        record("loyalty.programme_changed", programme, by=by, changes=changes)
        _tell_who_waits(programme)
    return programme


def _tell_who_waits(programme: Programme) -> None:
    """Companies of a programme that was over when they would have been told: it goes on."""
    if programme.enrolments.present().filter(told_at__isnull=True).exists():
        app.configure_task("loyalty.tell_enrolled").defer(programme_id=programme.pk)


@transaction.atomic
def close_programme(*, programme: Programme, by: User) -> None:
    """It gives nothing more and takes nobody in; discounts that were given stay."""
    _close(programme, timezone.now(), "loyalty.programme_closed", by)


@transaction.atomic
def reopen_programme(*, programme: Programme, by: User) -> None:
    """It gives its benefit again, within its days."""
    _close(programme, None, "loyalty.programme_reopened", by)
    _tell_who_waits(programme)


def _close(programme: Programme, at: datetime.datetime | None, verb: str, by: User) -> None:
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    if (programme.closed_at is None) != (at is None):
        programme.closed_at = at
        programme.save(update_fields=["closed_at", "changed_at"])
        record(verb, programme, by=by)
        wake("loyalty.programme", audience="team")


@transaction.atomic
def enrol_segment(*, programme: Programme, by: User, by_night: bool = False) -> int:
    """Take in the companies of the segment that fulfil the rule, as far as `by` sees them. Returns how many.

    `by_night`: nobody does it, the platform looks with his rights; the trail says so, when it took somebody in.

    Left out are those that are in it, that left it, that are sensitive, and where everybody known objects to being
    approached (`queries.enrolments.judged`). One statement finds them; the rows are written by the thousand.
    """
    programme = Programme.objects.select_for_update(of=("self",)).get(pk=programme.pk)
    chosen = chosen_of(programme, by)
    now = timezone.now()
    Enrolment.objects.bulk_create(
        (
            Enrolment(
                programme=programme,
                company_id=company,
                enrolled_at=now,
                enrolled_by=by,
                rule_services=programme.min_services,
                rule_months=programme.within_months,
            )
            for company in chosen
        ),
        batch_size=2000,
        ignore_conflicts=True,
    )
    facts: dict[str, Any] = {"segment": programme.segment_id, "companies": len(chosen)}
    if not by_night:
        record("loyalty.segment_enrolled", programme, by=by, **facts)
    elif chosen:
        record("loyalty.segment_enrolled_by_night", programme, by, by=None, **facts)
    if chosen:
        app.configure_task("loyalty.tell_enrolled").defer(programme_id=programme.pk)
    wake("loyalty.programme", audience="team")
    return len(chosen)


@transaction.atomic
def end_enrolment(*, enrolment: Enrolment, reason: str, by: User) -> None:
    """The organisation that decides takes a company out; the reason is told to it."""
    _leave(enrolment, reason, "loyalty.enrolment_ended", by)


@transaction.atomic
def leave_programme(*, enrolment: Enrolment, by: User) -> None:
    """The company leaves by itself; enrolling the segment does not take it in again."""
    _leave(enrolment, "", "loyalty.programme_left", by)


def _leave(enrolment: Enrolment, reason: str, verb: str, by: User) -> None:
    enrolment = Enrolment.objects.select_for_update(of=("self",)).get(pk=enrolment.pk)
    if enrolment.left_at is None:
        before = snapshot(enrolment)
        enrolment.left_at, enrolment.left_by, enrolment.reason = timezone.now(), by, reason
        enrolment.save(update_fields=["left_at", "left_by", "reason"])
        # Why one was taken out may tell of somebody: it stands among the changes, where the trail seals it.
        changes = changes_since(before, enrolment)
        record(verb, enrolment, enrolment.programme, enrolment.company, by=by, changes=changes)
        wake("loyalty.programme", audience="team")


@transaction.atomic
def apply_benefit(*, order: ServiceOrder, programme: Programme, by: User) -> ServiceOrder:
    """Give the discount of a programme upon an order, with its name as the reason.

    Raises NotForOrder, `services.actions.OrderMoved` once it is delivered or cancelled, and `PriceAgreed` when the
    company ordered with a larger discount.
    """
    found = next((one.programme for one in programmes_for(order) if one.programme_id == programme.pk), None)
    if found is None or not found.discount:
        raise NotForOrder(_("“%(name)s” gives no discount upon this order any more.") % {"name": programme})
    had = _discount_of(order)
    order = services.discount_order(order=order, percent=found.discount, reason=found.name, by=by)
    if (order.discount_percent, order.discount_reason) != had:
        tell_benefit(order, found)
    return order


@transaction.atomic
def take_benefit_back(*, order: ServiceOrder, by: User) -> ServiceOrder:
    """No discount upon this order after all, as long as it is proposed.

    Raises `services.actions.OrderMoved`, and `PriceAgreed` once the company ordered.
    """
    had, _reason = _discount_of(order)
    order = services.discount_order(order=order, percent=Decimal(0), reason="", by=by)
    if had:
        tell_benefit_back(order)
    return order


def _discount_of(order: ServiceOrder) -> tuple[Decimal, str]:
    """The discount and its reason as they are now, locked: of two presses one is the second."""
    rows = ServiceOrder.objects.select_for_update(of=("self",)).filter(pk=order.pk)
    return rows.values_list("discount_percent", "discount_reason").get()


@transaction.atomic
def forget_enrolment(enrolment: Enrolment) -> None:
    """Lose why a company was taken out: it may tell of somebody."""
    enrolment.reason = ""
    enrolment.save(update_fields=["reason"])
