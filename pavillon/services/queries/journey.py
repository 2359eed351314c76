"""What this room tells of a company: stages of its journey, lines of its timeline, its own list."""

import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.crm.enums import Stage
from pavillon.crm.queries.journey import Milestone, StageFacts, facts_of
from pavillon.crm.queries.timeline import LENGTH, Happening
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.services.enums import OrderState, SurveyKind
from pavillon.services.models import ServiceOrder, Survey
from pavillon.services.queries.surveys import present_settings
from pavillon.ui import steady


def tell_stages(company: Company, user: User) -> list[StageFacts]:
    """Orders and deliveries, satisfaction and impact, as far as the reader may see them; six statements at most."""
    reads = may_read(user, Survey, "score")
    return [
        facts_of(Stage.SOLUTION, company, user, _orders, "proposed_at", _ordered, of=ServiceOrder),
        facts_of(Stage.DELIVERY, company, user, _deliveries, "delivered_at", _delivered, of=ServiceOrder),
        facts_of(
            Stage.SATISFACTION,
            company,
            user,
            _judged,
            "answered_at",
            _satisfied if reads else _answered_only,
            of=ServiceOrder,
        ),
        facts_of(Stage.IMPACT, company, user, _measured, "answered_at", _brought, of=ServiceOrder),
    ]


def orders_of(company: Company, user: User, most: int) -> list[ServiceOrder]:
    """The newest of a company that the reader may see."""
    if not may_hold(company, ServiceOrder):
        return []
    return steady.rows(("services of a company", most), user, lambda who, key: _of_company(who, key)[:most], company.pk)


def _of_company(user: User, number: int) -> QuerySet[ServiceOrder]:
    return ServiceOrder.objects.visible_to(user).filter(company=number).with_names()


def _orders(user: User, number: int) -> QuerySet[ServiceOrder]:
    rows = ServiceOrder.objects.visible_to(user).filter(company=number).exclude(state=OrderState.CANCELLED)
    return rows.with_names()


def _deliveries(user: User, number: int) -> QuerySet[ServiceOrder]:
    return _orders(user, number).filter(state=OrderState.DELIVERED)


def _answers(user: User, number: int) -> QuerySet[Survey]:
    rows = Survey.objects.visible_to(user).filter(order__company=number, answered_at__isnull=False)
    return rows.select_related("order__service")


def _judged(user: User, number: int) -> QuerySet[Survey]:
    return _answers(user, number).filter(kind=SurveyKind.SATISFACTION)


def _measured(user: User, number: int) -> QuerySet[Survey]:
    return _answers(user, number).filter(kind=SurveyKind.IMPACT).prefetch_related("flows")


def _ordered(order: ServiceOrder) -> Milestone:
    return Milestone(order.proposed_at, f"{order.service} ({order.get_state_display()})", order.get_absolute_url())


def _delivered(order: ServiceOrder) -> Milestone:
    assert order.delivered_at is not None
    return Milestone(order.delivered_at, str(order.service), order.get_absolute_url())


def _satisfied(survey: Survey) -> Milestone:
    assert survey.answered_at is not None
    told = _("%(score)s of 10: %(service)s") % {"score": survey.score, "service": survey.order.service}
    return Milestone(survey.answered_at, told, survey.order.get_absolute_url())


def _answered_only(survey: Survey) -> Milestone:
    assert survey.answered_at is not None
    return Milestone(survey.answered_at, str(survey.order.service), survey.order.get_absolute_url())


def _brought(survey: Survey) -> Milestone:
    assert survey.answered_at is not None
    count = len(survey.flows.all())
    told = ngettext("%(n)s export flow: %(service)s", "%(n)s export flows: %(service)s", count)
    return Milestone(
        survey.answered_at, told % {"n": count, "service": survey.order.service}, survey.order.get_absolute_url()
    )


def tell_timeline(company: Company, user: User, before: datetime.datetime) -> list[Happening]:
    """Services of a company in its timeline: proposed, delivered, judged; three statements."""
    if not may_hold(company, ServiceOrder):
        return []
    orders = steady.rows("services of a timeline", user, _proposed_before, company.pk, before)
    found = [line for order in orders for line in _lines(order)]
    answers = steady.rows("answers of a timeline", user, _answered_before, company.pk, before)
    low, reads = (present_settings().low_score if answers else 0), may_read(user, Survey, "score")
    for survey in answers:
        score = survey.score if reads else None
        is_low = score is not None and score <= low
        found.append(_heard(survey, company, score, "bad" if is_low else "ok"))
    return [line for line in found if line.at < before]


def _proposed_before(user: User, number: int, before: datetime.datetime) -> QuerySet[ServiceOrder]:
    rows = ServiceOrder.objects.visible_to(user).filter(company=number, proposed_at__lt=before)
    return rows.with_names().order_by("-proposed_at")[: LENGTH + 1]


def _answered_before(user: User, number: int, before: datetime.datetime) -> QuerySet[Survey]:
    rows = Survey.objects.visible_to(user).filter(order__company=number, answered_at__lt=before)
    return rows.select_related("order__service").order_by("-answered_at")[: LENGTH + 1]


def _heard(survey: Survey, company: Company, score: int | None, tone: str) -> Happening:
    assert survey.answered_at is not None
    order = survey.order
    return Happening(
        survey.answered_at,
        _("%(kind)s: the company answered") % {"kind": survey.get_kind_display()},
        "message-circle",
        str(company),
        tone=tone,
        badge=f"{score}/10" if score is not None else "",
        url=order.get_absolute_url(),
        tags=(order.reference, str(order.service)),
    )


def _lines(order: ServiceOrder) -> list[Happening]:
    who, tags = f"{order.ordered_by} · {order.organisation}", (order.reference,)
    url, name = order.get_absolute_url(), {"service": order.service}
    lines = [
        Happening(order.proposed_at, _("Service proposed: %(service)s") % name, "package", who, url=url, tags=tags)
    ]
    if order.delivered_at is not None:
        done = f"{order.deliverer} · {order.provider}"
        title = _("Service delivered: %(service)s") % name
        lines.append(Happening(order.delivered_at, title, "circle-check", done, tone="ok", url=url, tags=tags))
    if order.cancelled_at is not None:
        title = _("Service cancelled: %(service)s") % name
        lines.append(Happening(order.cancelled_at, title, "x", who, order.reason, tone="bad", url=url, tags=tags))
    return lines


def surveys_of(order: ServiceOrder) -> list[Survey]:
    """The surveys of an order that its reader sees, satisfaction first, with the flows attested."""
    return list(order.surveys.prefetch_related("flows__country").order_by("-kind"))
