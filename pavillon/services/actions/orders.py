"""Services ordered for companies: proposed, ordered, in delivery, delivered or cancelled."""

import datetime
import uuid
from decimal import Decimal

from django.db import connection, transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.metrics.actions import count
from pavillon.services.actions.surveys import plan_surveys
from pavillon.services.enums import OPEN_ORDERS, PROMISED, OrderState, Unasked
from pavillon.services.events import service_delivered, service_ordered
from pavillon.services.models import Service, ServiceOrder
from pavillon.services.queries.recipients import choose_recipient
from pavillon.ui.words import number


class OrderMoved(Exception):
    """The order is not at a step that allows this."""


class PriceAgreed(Exception):
    """What a company ordered does not become dearer."""


class ServiceRetired(Exception):
    """The service is no longer offered."""


class WrongDay(Exception):
    """The day of the delivery lies before the order or in the future."""


class NobodyToAsk(Exception):
    """Nobody of the company can be asked what it thinks of the service."""


def locked_order(order: ServiceOrder, *states: str) -> ServiceOrder:
    """The order as it is now, locked. Raises OrderMoved unless it is at one of `states`."""
    order = ServiceOrder.objects.select_for_update(of=("self",)).with_names().get(pk=order.pk)
    if order.state not in states:
        raise OrderMoved(
            _("The order is at the step “%(step)s”: somebody changed it meanwhile.")
            % {"step": order.get_state_display()}
        )
    return order


@transaction.atomic
def order_service(
    *,
    company: Company,
    service: Service,
    by: User,
    is_agreed: bool = False,
    quantity: int = 1,
    lead: Lead | None = None,
    deliverer: User | None = None,
    due_on: datetime.date | None = None,
    token: uuid.UUID | None = None,
) -> ServiceOrder:
    """Propose a service to a company, or note that it ordered it (`is_agreed`), at the price of now.

    The same person with the same `token` finds the order that he made with it. Raises ServiceRetired.
    """
    known = _made_with(token, by)
    if known is not None:
        return known
    service = Service.objects.select_related("provider").get(pk=service.pk)
    if not service.is_active:
        raise ServiceRetired(_("“%(name)s” is no longer offered: choose another service.") % {"name": service})
    now, organisation = timezone.now(), by.organisation
    assert organisation is not None
    order = ServiceOrder.objects.create(
        service=service,
        company=company,
        lead=lead,
        region=company.region,
        provider=service.provider,
        organisation=organisation,
        ordered_by=by,
        deliverer=deliverer,
        price=service.price,
        quantity=quantity,
        currency=service.currency,
        vat=service.vat,
        state=OrderState.ORDERED if is_agreed else OrderState.PROPOSED,
        due_on=due_on or timezone.localdate(now) + datetime.timedelta(days=service.delivery_days),
        proposed_at=now,
        ordered_at=now if is_agreed else None,
        token=token,
    )
    record("services.order_placed", order, *([lead] if lead else []), by=by, service=service.name_fr, agreed=is_agreed)
    service_ordered.send(sender=ServiceOrder, order=order, by=by)
    if deliverer is not None and deliverer != by:
        _tell_deliverer(order)
    _wake(order)
    return order


def _made_with(token: uuid.UUID | None, by: User) -> ServiceOrder | None:
    """The order of a form that was sent before; who sends it twice at once waits for the first."""
    if token is None:
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"services.order {by.pk} {token}"])
    return ServiceOrder.objects.with_names().filter(ordered_by=by, token=token).first()


@transaction.atomic
def change_order(*, order: ServiceOrder, deliverer: User | None, due_on: datetime.date, by: User) -> ServiceOrder:
    """Say who delivers, and by when; whoever gets it is told. Raises OrderMoved."""
    order = locked_order(order, *OPEN_ORDERS)
    before, former = snapshot(order), order.deliverer_id
    order.deliverer, order.due_on = deliverer, due_on
    changes = changes_since(before, order)
    if changes:
        order.save(update_fields=["deliverer", "due_on", "changed_at"])
        record("services.order_changed", order, by=by, changes=changes)
        if deliverer is not None and deliverer.pk not in (former, by.pk):
            _tell_deliverer(order)
    return order


@transaction.atomic
def discount_order(*, order: ServiceOrder, percent: Decimal, reason: str, by: User) -> ServiceOrder:
    """Take a share off the price as long as it is not delivered, or nothing any more (0).

    The price and the reason stay beside it; nothing but this action gives a discount. Raises OrderMoved, and
    PriceAgreed when it would make dearer what the company ordered.
    """
    order = locked_order(order, *OPEN_ORDERS)
    if percent < order.discount_percent and order.state != OrderState.PROPOSED:
        raise PriceAgreed(
            _("The company ordered with %(percent)s %% off: the order does not become dearer.")
            % {"percent": number(order.discount_percent)}
        )
    before = snapshot(order)
    order.discount_percent, order.discount_reason = percent, reason if percent else ""
    changes = changes_since(before, order)
    if changes:
        order.save(update_fields=["discount_percent", "discount_reason", "changed_at"])
        record("services.order_discounted", order, by=by, changes=changes)
        _wake(order)
    return order


@transaction.atomic
def name_deliverer(*, order: ServiceOrder, deliverer: User, by: User) -> ServiceOrder:
    """The provider says which of its people does it; the day stays. Raises OrderMoved."""
    return change_order(order=order, deliverer=deliverer, due_on=order.due_on, by=by)


@transaction.atomic
def confirm_order(*, order: ServiceOrder, by: User) -> ServiceOrder:
    """The company wants what was proposed. Raises OrderMoved."""
    return _move(order, OrderState.ORDERED, "ordered_at", "services.order_confirmed", by, OrderState.PROPOSED)


@transaction.atomic
def start_delivery(*, order: ServiceOrder, by: User) -> ServiceOrder:
    """Somebody begins to work on it. Raises OrderMoved."""
    return _move(order, OrderState.STARTED, "started_at", "services.delivery_started", by, OrderState.ORDERED)


@transaction.atomic
def cancel_order(*, order: ServiceOrder, reason: str, by: User) -> ServiceOrder:
    """It will not be delivered. Raises OrderMoved."""
    order.reason = reason
    return _move(order, OrderState.CANCELLED, "cancelled_at", "services.order_cancelled", by, *OPEN_ORDERS)


def _move(order: ServiceOrder, state: str, moment: str, verb: str, by: User, *states: str) -> ServiceOrder:
    reason = order.reason
    order = locked_order(order, *states)
    before = snapshot(order)
    order.state, order.reason = state, reason
    setattr(order, moment, timezone.now())
    order.save(update_fields=["state", "reason", moment, "changed_at"])
    record(verb, order, by=by, changes=changes_since(before, order))
    _wake(order)
    return order


@transaction.atomic
def deliver_order(*, order: ServiceOrder, delivered_on: datetime.date, by: User) -> ServiceOrder:
    """The service is delivered, for good: the company is asked what it thinks at once, and of its impact later.

    Raises OrderMoved, WrongDay, and NobodyToAsk as long as the company's record holds nobody who can answer.
    """
    order = locked_order(order, *PROMISED)
    if delivered_on > timezone.localdate() or delivered_on < timezone.localdate(order.proposed_at):
        raise WrongDay(_("The day of the delivery lies between the order and today."))
    if choose_recipient(order) == Unasked.NOBODY:
        raise NobodyToAsk(
            _("Nobody of the company can be asked what it thinks: add a person with an e-mail to its record first.")
        )
    before = snapshot(order)
    order.state, order.delivered_on, order.delivered_at = OrderState.DELIVERED, delivered_on, timezone.now()
    order.deliverer = order.deliverer or by
    order.save(update_fields=["state", "delivered_on", "delivered_at", "deliverer", "changed_at"])
    record("services.order_delivered", order, by=by, changes=changes_since(before, order))
    plan_surveys(order=order, by=by)
    service_delivered.send(sender=ServiceOrder, order=order, by=by)
    count(
        "services.order_delivered",
        subject_type="services.service",
        subject_id=order.service_id,
        company_id=order.company_id,
        region_id=order.region_id or "",
        at=order.delivered_at,
    )
    _wake(order)
    return order


def _tell_deliverer(order: ServiceOrder) -> None:
    assert order.deliverer is not None
    notify(
        [order.deliverer],
        "services.delivery",
        title=format_lazy(gettext_lazy("To be delivered by you: {order}"), order=str(order)),
        body=str(order.company),
        url=order.get_absolute_url(),
        about=order.company,
    )


def _wake(order: ServiceOrder) -> None:
    wake("services.order", audience="team", order=order.pk)
    if order.company.organisation_id:
        wake("services.order", audience=f"organisation:{order.company.organisation_id}")
