"""Surveys: planned by the delivery, sent and reminded by jobs, answered by the company through its link."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.crm.queries.routing import managers_of
from pavillon.metrics.actions import count
from pavillon.privacy.queries import card_of, token_of
from pavillon.reference.models import Country
from pavillon.services.enums import SurveyKind, Unasked
from pavillon.services.events import survey_answered
from pavillon.services.models import ExportFlow, ServiceOrder, Survey, SurveySettings
from pavillon.services.queries.recipients import choose_recipient, may_be_reminded
from pavillon.services.queries.surveys import present_settings, to_remind, to_send


class AnswerGiven(Exception):
    """The survey was answered, is closed, or was never sent."""


@dataclass(frozen=True)
class Flow:
    """What a company attests: one contract, agent, distributor … in one country."""

    kind: str
    country: Country
    amount: Decimal | None
    currency: str


@house()
def plan_surveys(*, order: ServiceOrder, by: User) -> None:
    """Part of the delivery: the satisfaction is asked at once, the impact after the delay that is set today."""
    assert order.delivered_on is not None
    later = order.delivered_on + datetime.timedelta(days=present_settings().impact_days)
    today = timezone.localdate()
    for kind, day in ((SurveyKind.SATISFACTION, today), (SurveyKind.IMPACT, max(later, today))):
        survey = Survey.objects.create(order=order, kind=kind, send_on=day)
        record("services.survey_planned", survey, order, by=by, kind=kind, send_on=day)
        if day <= today:
            _hand_over(survey)


def _hand_over(survey: Survey, *, is_reminder: bool = False) -> None:
    app.configure_task("services.send_survey").defer(survey_id=survey.pk, is_reminder=is_reminder)


@transaction.atomic
def watch_surveys(*, day: datetime.date | None = None) -> int:
    """Every morning: surveys whose day has come are sent, those without an answer reminded once. How many letters."""
    today = day or timezone.localdate()
    for survey in (due := list(to_send(today))):
        _hand_over(survey)
    for survey in (late := list(to_remind(today))):
        _hand_over(survey, is_reminder=True)
    if due or late:
        record("services.surveys_watched", by=None, sent=len(due), reminded=len(late))
    return len(due) + len(late)


@transaction.atomic
def send_survey(*, survey: Survey, is_reminder: bool = False) -> None:
    """Write to whom the rule chooses, once, and once more as a reminder. Raises what the mail server says."""
    rows = Survey.objects.select_for_update(of=("self",)).select_related(
        "order__service", "order__company", "order__lead"
    )
    survey = rows.get(pk=survey.pk)
    if is_reminder:
        if survey.is_open and not survey.reminded_at and survey.email and may_be_reminded(survey):
            _post(survey, is_reminder=True)
            survey.reminded_at = timezone.now()
            survey.save(update_fields=["reminded_at"])
            record("services.survey_reminded", survey, survey.order, by=None)
        return
    if survey.sent_at is not None:
        return
    found = choose_recipient(survey.order)
    if isinstance(found, Unasked):
        if survey.unasked != found:
            survey.unasked = found
            survey.save(update_fields=["unasked"])
            record("services.survey_unasked", survey, survey.order, by=None, reason=str(found.value))
        return
    survey.user, survey.contact, survey.email, survey.language = found.user, found.contact, found.email, found.language
    survey.unasked, survey.sent_at = "", timezone.now()
    survey.closes_on = timezone.localdate() + datetime.timedelta(days=present_settings().open_days)
    survey.save()
    _post(survey)
    record("services.survey_sent", survey, survey.order, by=None, kind=survey.kind)


def _post(survey: Survey, *, is_reminder: bool = False) -> None:
    with translation.override(survey.language):
        link = settings.BASE_URL + survey.link
        choices = settings.BASE_URL + reverse("privacy:choices", args=[token_of(_key(survey))])
        context = {
            "survey": survey, "order": survey.order, "link": link, "choices": choices, "is_reminder": is_reminder,
        }  # fmt: skip
        text = render_to_string(f"services/letters/{survey.kind}.txt", context).strip()
    subject, _newline, body = text.partition("\n")
    letter = EmailMessage(" ".join(subject.split())[:200], body.strip() + "\n", to=[survey.email])
    number = f"survey-{survey.pk}{'-reminder' if is_reminder else ''}"
    letter.extra_headers["Message-ID"] = f"<{number}@{urlsplit(settings.BASE_URL).hostname or 'localhost'}>"
    letter.send()


def _key(survey: Survey) -> str:
    """The person's key on the page of her choices, where she may object without an account."""
    return str(card_of(survey.user or survey.contact).key)


def _open(survey: Survey, kind: str) -> Survey:
    rows = Survey.objects.select_for_update(of=("self",)).select_related(
        "order__service", "order__company__organisation"
    )
    survey = rows.get(pk=survey.pk, kind=kind)
    if not survey.is_open:
        raise AnswerGiven(
            _("This survey was answered already, or its time is over. Your answer stays as it was given.")
        )
    return survey


@house()
@transaction.atomic
def answer_satisfaction(*, survey: Survey, score: int, verbatim: str) -> Survey:
    """The company's score and words, for good; a low score alerts at once. Raises AnswerGiven."""
    survey = _open(survey, SurveyKind.SATISFACTION)
    survey.score, survey.verbatim, survey.answered_at = score, verbatim.strip(), timezone.now()
    survey.save(update_fields=["score", "verbatim", "answered_at"])
    _note(survey, score=score)
    if score <= present_settings().low_score:
        _alert(survey)
    return survey


@house()
@transaction.atomic
def answer_impact(*, survey: Survey, flows: Sequence[Flow], verbatim: str, attested_by: str) -> Survey:
    """What the service brought about abroad, attested by the company, for good. Raises AnswerGiven."""
    survey = _open(survey, SurveyKind.IMPACT)
    now, order = timezone.now(), survey.order
    for flow in flows:
        ExportFlow.objects.create(
            survey=survey,
            kind=flow.kind,
            country=flow.country,
            amount=flow.amount,
            currency=flow.currency,
            attested_at=now,
        )
        count(
            "services.flow_attested",
            subject_type="services.service",
            subject_id=order.service_id,
            company_id=order.company_id,
            region_id=order.region_id or "",
            vertical=flow.kind,
            country=flow.country.pk,
            at=now,
        )
    survey.has_flows, survey.verbatim, survey.attested_by = bool(flows), verbatim.strip(), attested_by.strip()
    survey.answered_at = now
    survey.save(update_fields=["has_flows", "verbatim", "attested_by", "answered_at"])
    _note(survey, flows=len(flows))
    return survey


def _note(survey: Survey, **facts: int) -> None:
    record("services.survey_answered", survey, survey.order, by=None, told={"kind": survey.kind, **facts})
    survey_answered.send(sender=Survey, survey=survey)
    wake("services.order", audience="team", order=survey.order_id)


def _alert(survey: Survey) -> None:
    order = ServiceOrder.objects.with_names().get(pk=survey.order_id)
    people = [*managers_of(order.organisation), order.ordered_by, *([order.deliverer] if order.deliverer else [])]
    notify(
        people,
        "services.low_score",
        # Titles are read over shoulders, on locked screens: what the company thinks stands on the page only.
        title=format_lazy(gettext_lazy("An answer of a company to read: {order}"), order=str(order)),
        body=str(order.company),
        url=order.get_absolute_url(),
        about=order.company,
    )
    record("services.low_score_alerted", survey, order, by=None, people=sorted({person.pk for person in people}))


@transaction.atomic
def change_survey_settings(*, reminder_days: int, impact_days: int, open_days: int, low_score: int, by: User) -> None:
    """Write the figures of surveys; what is planned keeps its day."""
    SurveySettings.objects.get_or_create(pk=1)
    row = SurveySettings.objects.select_for_update().get(pk=1)
    before = snapshot(row)
    row.reminder_days, row.impact_days, row.open_days, row.low_score = reminder_days, impact_days, open_days, low_score
    if changes := changes_since(before, row):
        row.save()
        record("services.survey_settings_changed", row, by=by, changes=changes)


@transaction.atomic
def forget_survey(survey: Survey) -> None:
    """Keep that somebody answered and the score, lose who and the words."""
    survey.user = survey.contact = None
    survey.email = survey.verbatim = survey.attested_by = ""
    survey.save(update_fields=["user", "contact", "email", "email_index", "verbatim", "attested_by"])


@transaction.atomic
def forget_order(order: ServiceOrder) -> None:
    """Lose what was written about a cancelled order: it may tell of somebody."""
    order.reason = ""
    order.save(update_fields=["reason"])
