"""Rules of retention apply themselves: list, notice, act, certificate."""

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.privacy.actions.erasing import erase_rows
from pavillon.privacy.actions.letters import write_letter
from pavillon.privacy.enums import Notice, RetentionAct, RunState
from pavillon.privacy.models import RetentionRule, RetentionRun
from pavillon.privacy.queries.people import cards_of
from pavillon.privacy.queries.retention import MOST, digest_of, limit_of, rows_over, ruled_tables
from pavillon.ui.words import day as day_in_words

# In each recipient's own language, when his text is rendered.
said_day = lazy(day_in_words, str)

# Those who may be asked to sign in, or to answer, before their data go: their table has cards.
NOTICED_TABLES = {"accounts.user", "directory.contact"}
NOTICE_DAYS = 30
# So many lists of a rule at most: what a night does not reach, the next one does.
LISTS_A_NIGHT = 25


class WrongState(Exception):
    """The application is done or stopped already."""


@transaction.atomic
def load_retention_rules() -> int:
    """Make the rules that the declarations ask for and that are missing; what the officer changed stays."""
    known = set(RetentionRule.objects.values_list("table", flat=True))
    made = 0
    for table, (_model, holding) in ruled_tables().items():
        if table not in known:
            is_noticed = table in NOTICED_TABLES
            rule = RetentionRule.objects.create(
                table=table,
                months=holding.keep_months,
                notice=Notice.PERSON if is_noticed else Notice.NOBODY,
                notice_days=NOTICE_DAYS if is_noticed else 0,
            )
            record("privacy.retention_rule_made", rule, by=None, months=rule.months)
            made += 1
    return made


@transaction.atomic
def change_retention_rule(*, rule: RetentionRule, by: User, **values: Any) -> RetentionRule:
    """Change how long, what, and who is told; from the next application on."""
    rule = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    before = snapshot(rule)
    for name, value in values.items():
        setattr(rule, name, value)
    rule.save()
    record("privacy.retention_rule_changed", rule, by=by, changes=changes_since(before, rule))
    return rule


def apply_retention() -> list[RetentionRun]:
    """What the night does: act where the days are over, then list anew. Returns the applications that acted.

    A rule that fails holds no other back; what failed is raised at the end, all together.
    """
    done: list[RetentionRun] = []
    failures: list[Exception] = []
    for rule in RetentionRule.objects.filter(is_active=True):
        try:
            due = rule.runs.filter(state__in=[RunState.LISTED, RunState.NOTICED], act_on__lte=timezone.localdate())
            done += [act_on_run(run=run) for run in due]
            done += _list_all(rule)
        except Exception as failure:
            failures.append(failure)
    if failures:
        raise ExceptionGroup("rules of retention that failed", failures)
    return done


def _list_all(rule: RetentionRule) -> list[RetentionRun]:
    """List what is over its time, list by list, each a transaction; where nobody is told it is done at once."""
    done: list[RetentionRun] = []
    for _round in range(LISTS_A_NIGHT):
        run = list_rows(rule=rule)
        if run is None:
            break
        if run.act_on <= timezone.localdate():
            done.append(act_on_run(run=run))
    return done


@house()
@transaction.atomic
def list_rows(*, rule: RetentionRule, by: User | None = None) -> RetentionRun | None:
    """List rows whose time is over, at most MOST, and tell whom it concerns; None when all such rows are listed."""
    rule = RetentionRule.objects.select_for_update().get(pk=rule.pk)
    waiting = rule.runs.filter(state__in=[RunState.LISTED, RunState.NOTICED]).values_list("numbers", flat=True)
    listed = [number for numbers in waiting for number in numbers]
    rows = list(rows_over(rule).exclude(pk__in=listed)[:MOST])
    if not rows:
        return None
    days = rule.notice_days if rule.notice != Notice.NOBODY else 0
    run = RetentionRun.objects.create(
        rule=rule,
        before=limit_of(rule),
        numbers=[row.pk for row in rows],
        act_on=timezone.localdate() + timedelta(days=days),
    )
    record("privacy.retention_listed", run, rule, by=by, rows=run.count)
    if rule.notice != Notice.NOBODY:
        run.told = _tell_people(run, rows) if rule.notice == Notice.PERSON else _tell_officers(run)
        run.state = RunState.NOTICED
        run.save()
        record("privacy.retention_noticed", run, rule, by=by, told=run.told)
    return run


def _tell_people(run: RetentionRun, rows: list[Any]) -> int:
    told = 0
    for card in cards_of(rows):
        if card.email:
            write_letter(
                to=card.email,
                language=card.language,
                subject=_("Your data will be erased"),
                body=format_lazy(
                    _(
                        "Hello {name},\n\nWe have not heard from you for {months} months. On {day} what we hold about "
                        "you will be erased. To keep it, sign in or answer your adviser before that day; otherwise you "
                        "need not do anything."
                    ),
                    name=card.name,
                    months=run.rule.months,
                    day=said_day(run.act_on),
                ),
            )
            told += 1
    return told


def _tell_officers(run: RetentionRun) -> int:
    officers = list(User.objects.working().acting_in(role=Role.DATA_PROTECTION_OFFICER).distinct())
    notify(
        officers,
        "privacy.retention",
        title=format_lazy(_("{n} rows will be erased on {day}"), n=run.count, day=said_day(run.act_on)),
        url=run.get_absolute_url(),
    )
    return len(officers)


def _locked(run: RetentionRun) -> RetentionRun:
    run = RetentionRun.objects.select_for_update(of=("self",)).select_related("rule").get(pk=run.pk)
    if not run.is_waiting:
        raise WrongState
    return run


@house()
@transaction.atomic
def act_on_run(*, run: RetentionRun, by: User | None = None) -> RetentionRun:
    """Erase what is still over its time (what was used meanwhile is spared), and certify. Raises WrongState."""
    run = _locked(run)
    before = snapshot(run)
    still = list(rows_over(run.rule, before=run.before).filter(pk__in=run.numbers).values_list("pk", flat=True))
    run.spared = run.count - len(still)
    if still:
        erasure = erase_rows(rows={run.rule.table: still}, why="retention", by=by)
        run.erasure = erasure.reference
        if run.rule.act == RetentionAct.DELETE:
            _delete(run.rule.table, still)
    run.state, run.done_at = RunState.DONE, timezone.now()
    run.digest = digest_of(run)
    run.save()
    record("privacy.retention_done", run, run.rule, by=by, changes=changes_since(before, run), digest=run.digest)
    return run


def _delete(table: str, numbers: list[Any]) -> None:
    """Delete rows that nothing else stands on; the others stay, without their person."""
    model, _holding = ruled_tables()[table]
    for row in model._default_manager.filter(pk__in=numbers):
        try:
            with transaction.atomic():
                row.delete()
        except ProtectedError:
            continue


@transaction.atomic
def stop_run(*, run: RetentionRun, reason: str, by: User) -> RetentionRun:
    """Leave the rows of a list alone this time, and say why. Raises WrongState."""
    run = _locked(run)
    before = snapshot(run)
    run.state, run.reason, run.stopped_by = RunState.STOPPED, reason, by
    run.save()
    record("privacy.retention_stopped", run, run.rule, by=by, changes=changes_since(before, run))
    return run
