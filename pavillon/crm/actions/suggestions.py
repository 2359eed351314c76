"""Next best actions: made by rules that one can read, kept until somebody takes them up or sets them aside."""

import datetime
import json
from collections.abc import Sequence
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.crm.actions.receiving import locked_settings, receive_lead
from pavillon.crm.actions.shared_tasks import give_task
from pavillon.crm.enums import LeadKind, Origin, SuggestionRule, SuggestionState
from pavillon.crm.models import Lead, SharedTask, SiteVisit, Suggestion
from pavillon.crm.models.subjects import Said
from pavillon.crm.queries.profiles import settings_in_force
from pavillon.crm.queries.suggestions import RULES, deed, why
from pavillon.directory.actions import create_source, note_source_record
from pavillon.directory.enums import LegalStatus, SourceKind
from pavillon.directory.models import Company, Source
from pavillon.privacy.enums import LegalBasis
from pavillon.privacy.queries import has_consent

# The purpose of `privacy` to which a person of a company agrees: pages read may bring a proposal of help.
FOLLOW_UP = "visit_follow_up"
# At most so many open ones by rule for one adviser, or one region: a list that nobody can finish is not read.
MOST = 10
# What was decided is not suggested again before so many days.
QUIET_DAYS = 90
# A silent client: so many days without an exchange or a service.
SILENT_DAYS = 180
# A visitor: pages of so many days, and so many pages, within so many days.
VISIT_DAYS, VISIT_PAGES, VISIT_WITHIN = 2, 4, 60
# Visits are forgotten after a year.
KEPT_DAYS = 365
# Days to do what was taken up.
TO_DO_IN = 7
OUR_SITES = "our-sites"
PAGES = ("pages", "products", "solutions")


class AlreadyDecided(Exception):
    """Somebody took the suggestion up, or set it aside, or its facts changed."""


def note_site_visit(*, by: User | AnonymousUser, what: str) -> bool:
    """Count a page ("pages", "products" or "solutions") that somebody of a company opened; whether it was counted.

    Only who acts for a company, and agreed to be followed up: nothing else is noted, not even that it was not. Not in
    the trail: it is a count.
    """
    if what not in PAGES:
        raise ValueError(f"No page is called {what}")
    if not isinstance(by, User) or not by.is_company or not has_consent(FOLLOW_UP, user=by):
        return False
    company = Company.objects.standing().filter(organisation=by.organisation).first()
    if company is None:
        return False
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_sitevisit AS seen (company_id, person_id, day, pages, products, solutions) "  # noqa: S608
            "VALUES (%s, %s, %s, %s, %s, %s) ON CONFLICT (company_id, person_id, day) "
            f"DO UPDATE SET {what} = seen.{what} + 1",
            [
                company.pk,
                by.pk,
                timezone.localdate(),
                *(int(what == name) for name in ("pages", "products", "solutions")),
            ],
        )
    return True


@house()
@transaction.atomic
def forget_site_visits(*, person: User) -> int:
    """The person withdrew the agreement, or is forgotten: what he read is no longer known, nor suggested from it."""
    companies = list(SiteVisit.objects.filter(person=person).values_list("company", flat=True).distinct())
    gone = int(SiteVisit.objects.filter(person=person).delete()[0])
    if companies:
        found = _find(SuggestionRule.VISITED, timezone.now(), most=len(companies), only=companies)
        others = {one["company_id"] for one in found}
        rows = Suggestion.objects.open().filter(rule=SuggestionRule.VISITED, company__in=companies)
        rows.exclude(company__in=others).delete()
    return gone


def forget_site_visit(visit: SiteVisit) -> None:
    visit.delete()


@transaction.atomic
def make_suggestions() -> dict[str, int]:
    """Look at the facts again: {rule: how many were made}; those whose facts are gone lapse. Every night.

    A few statements by rule, whatever the size of the base. Derived from facts that have their own trail; what people
    decide about a suggestion is recorded.
    """
    now = timezone.now()
    SiteVisit.objects.filter(day__lt=timezone.localdate() - datetime.timedelta(days=KEPT_DAYS)).delete()
    made = {}
    for rule in RULES:
        _lapse(rule, now)
        found = _find(rule, now, most=MOST)
        rows = [Suggestion(rule=rule, **one) for one in found]
        before = Suggestion.objects.filter(rule=rule).count()
        Suggestion.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
        made[rule.value] = Suggestion.objects.filter(rule=rule).count() - before
    _make_prospects()
    return made


def _find(rule: SuggestionRule, now: datetime.datetime, *, most: int, only: Sequence[int] | None = None) -> list[Any]:
    """Companies that fulfil a rule, with facts, weight and whom it is for."""
    values: dict[str, Any] = {
        "now": now,
        "today": timezone.localdate(now),
        "silent": SILENT_DAYS,
        "quiet": QUIET_DAYS,
        "most": most,
        "only": list(only) if only is not None else None,
        "rule": rule.value,
        "days": VISIT_DAYS,
        "pages": VISIT_PAGES,
        "within": VISIT_WITHIN,
        "potential": settings_in_force().potential_score,
    }
    with connection.cursor() as cursor:
        cursor.execute(RULES[rule], values)
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    for row in rows:
        row["facts"] = json.loads(row["facts"]) if isinstance(row["facts"], str) else row["facts"]
    return rows


TOLD = ("facts", "weight", "adviser_id", "team_id", "region_id")


def _lapse(rule: SuggestionRule, now: datetime.datetime) -> None:
    """Open ones whose facts are gone lapse; the others say what the facts are now, to whom they concern now."""
    rows = list(Suggestion.objects.select_for_update(of=("self",)).open().filter(rule=rule).order_by("pk"))
    if not rows:
        return
    found = _find(rule, now, most=1_000_000, only=[row.company_id for row in rows])
    holding = {_whose(rule, one["company_id"], one["adviser_id"], one["team_id"]): one for one in found}
    gone, changed = [], []
    for row in rows:
        # Taken out of the table, so that two rows never come to say the same.
        one = holding.pop(_whose(rule, row.company_id, row.adviser_id, row.team_id), None)
        if one is None:
            gone.append(row.pk)
        elif any(getattr(row, name) != one[name] for name in TOLD):
            for name in TOLD:
                setattr(row, name, one[name])
            row.changed_at = now
            changed.append(row)
    Suggestion.objects.filter(pk__in=gone).update(state=SuggestionState.LAPSED, decided_at=now, changed_at=now)
    columns = [name.removesuffix("_id") for name in TOLD]
    Suggestion.objects.bulk_update(changed, [*columns, "changed_at"], batch_size=500)


def _whose(rule: str, company: int, adviser: int | None, team: int | None) -> tuple[int | None, ...]:
    """What tells two suggestions of one rule apart: a promise binds whoever made it."""
    return (company, adviser, team) if rule == SuggestionRule.PROMISE else (company,)


def _make_prospects() -> None:
    """A company that reads us is a prospect of our sites: its source says so, with the last day it was seen."""
    rows = Suggestion.objects.open().filter(rule=SuggestionRule.VISITED).select_related("company")
    for one in rows:
        day = datetime.date.fromisoformat(one.facts["last"])
        note_source_record(record_of=one.company, source=our_sites(), seen_on=day)


def our_sites() -> Source:
    """The source of prospects "our own sites"; made the first time."""
    known = Source.objects.filter(code=OUR_SITES).first()
    return known or create_source(
        code=OUR_SITES,
        name=str(_("Our own sites")),
        kind=SourceKind.WEBSITE,
        legal_status=LegalStatus.CONSENT,
        by=None,
    )


def _locked(suggestion: Suggestion) -> Suggestion:
    found = (
        Suggestion.objects.select_for_update(of=("self",))
        .select_related("company", "adviser", "team", "region")
        .filter(pk=suggestion.pk)
        .first()
    )
    if found is None:
        raise AlreadyDecided(_("This suggestion is no longer there: its facts were taken back."))
    if found.state != SuggestionState.OPEN:
        raise AlreadyDecided(_("This suggestion is no longer open: %(state)s.") % {"state": found.get_state_display()})
    return found


def _decide(
    suggestion: Suggestion, state: SuggestionState, verb: str, by: User, reason: str = "", **facts: Any
) -> None:
    before = snapshot(suggestion)
    suggestion.state, suggestion.reason = state, reason
    suggestion.decided_by, suggestion.decided_at = by, timezone.now()
    suggestion.save()
    record(
        verb,
        suggestion,
        suggestion.company,
        by=by,
        changes=changes_since(before, suggestion),
        rule=suggestion.rule,
        **facts,
    )


@house()
def _still_holds(suggestion: Suggestion) -> bool:
    """Whether the facts that made it are there now; of visits, whether somebody who came still agrees to be called."""
    rule = SuggestionRule(suggestion.rule)
    found = _find(rule, timezone.now(), most=1_000_000, only=[suggestion.company_id])
    mine = _whose(rule, suggestion.company_id, suggestion.adviser_id, suggestion.team_id)
    if mine not in {_whose(rule, one["company_id"], one["adviser_id"], one["team_id"]) for one in found}:
        return False
    if rule != SuggestionRule.VISITED:
        return True
    visitors = User.objects.filter(pk__in=SiteVisit.objects.filter(company=suggestion.company).values("person"))
    return any(has_consent(FOLLOW_UP, user=visitor) for visitor in visitors)


def follow_suggestion(*, suggestion: Suggestion, by: User) -> Lead | SharedTask:
    """Take a suggestion up: a visitor becomes a request of origin "visits", the others a task of one's own.

    Raises AlreadyDecided; one whose facts are gone lapses first.
    """
    with transaction.atomic():
        if suggestion.rule == SuggestionRule.VISITED:
            # Before the lock of the suggestion, as whoever receives a request takes them.
            locked_settings()
        suggestion = _locked(suggestion)
        if _still_holds(suggestion):
            return _take_up(suggestion, by)
        suggestion.state, suggestion.decided_at = SuggestionState.LAPSED, timezone.now()
        suggestion.save()
        record("crm.suggestion_lapsed", suggestion, suggestion.company, by=by, rule=suggestion.rule)
    raise AlreadyDecided(_("This suggestion is no longer needed: what it rested on has changed."))


def _take_up(suggestion: Suggestion, by: User) -> Lead | SharedTask:
    made: Lead | SharedTask
    if suggestion.rule == SuggestionRule.VISITED:
        made = receive_lead(
            company=suggestion.company,
            origin=Origin.VISIT,
            kind=LeadKind.REQUEST,
            said=Said("visits"),
            message="\n".join(why(suggestion, by)),
            legal_basis=LegalBasis.CONSENT,
            is_spontaneous=False,
            prompted_by=our_sites().name,
            by=by,
        )
    else:
        made = give_task(
            company=suggestion.company,
            what=deed(suggestion)[:200],
            due_on=timezone.localdate() + datetime.timedelta(days=TO_DO_IN),
            to=by,
            organisation=by.organisation,
            by=by,
        )
    _decide(suggestion, SuggestionState.FOLLOWED, "crm.suggestion_followed", by, made=str(made))
    return made


@transaction.atomic
def dismiss_suggestion(*, suggestion: Suggestion, reason: str, by: User) -> None:
    """Set a suggestion aside with a reason; it does not come back for three months. Raises AlreadyDecided."""
    _decide(_locked(suggestion), SuggestionState.DISMISSED, "crm.suggestion_dismissed", by, reason)
