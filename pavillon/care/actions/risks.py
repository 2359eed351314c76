"""An account is marked at risk by rules, kept by a task, and the mark ends by an act with its proof."""

import datetime
from collections.abc import Iterable
from contextlib import suppress

from django.db import IntegrityError, transaction
from django.utils import timezone, translation
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from procrastinate.contrib.django import app

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record, wake
from pavillon.care.enums import Ground, RiskLevel
from pavillon.care.models import Criticism, RiskGround, RiskMark, RiskRules
from pavillon.care.queries.risks import (
    Keeper,
    companies_to_weigh,
    keeper_of,
    kinds_of,
    level_of,
    low_answers,
    may_prove,
    new_criticisms,
    risk_rules,
)
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.permissions import sees
from pavillon.core.wall import house
from pavillon.crm.actions import MayNotRead, change_task, finish_task, give_task, hand_task_on
from pavillon.crm.models import Interaction, Referent, SharedTask
from pavillon.crm.queries.routing import current_referent, managers_of
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company
from pavillon.services.models import Survey

# What the trail tells of a change of rules.
RULES = (
    "low_score", "low_days", "low_level", "criticism_days", "criticism_level", "many_low", "medium_task_days",
    "high_task_days",
)  # fmt: skip


class CriticismKnown(Exception):
    """This address is already noted for the company."""


class RiskEnded(Exception):
    """Somebody ended the mark meanwhile."""


class NoProof(Exception):
    """The exchange is with another company, or came before the mark."""


@transaction.atomic
def log_criticism(*, company: Company, url: str, said: str, published_on: datetime.date, by: User) -> Criticism:
    """Note something said in public; the rules decide at once whether the account is at risk. Raises CriticismKnown.

    The address is kept, never fetched.
    """
    company = forwarded(company)
    try:
        with transaction.atomic():
            criticism = Criticism.objects.create(
                company=company, url=url, said=said.strip(), published_on=published_on, logged_by=by,
                organisation=by.organisation,
            )  # fmt: skip
    except IntegrityError as error:
        if "criticism_logged_once" not in str(error):
            raise
        raise CriticismKnown(
            _("%(url)s is already noted for this company: its mark shows it.") % {"url": url}
        ) from error
    record("care.criticism_logged", criticism, by=by)
    weigh_risk(company=company, by=by)
    return criticism


@transaction.atomic
def correct_criticism(*, criticism: Criticism, url: str, said: str, published_on: datetime.date, by: User) -> Criticism:
    """What was noted by mistake is put right; the trail keeps both. Raises CriticismKnown.

    The rules look again: a day put right may raise a mark. One that stands does not fall; it is ended as a mistake.
    """
    criticism = Criticism.objects.select_for_update(of=("self",)).select_related("company").get(pk=criticism.pk)
    before = snapshot(criticism)
    criticism.url, criticism.said, criticism.published_on = url, said.strip(), published_on
    changes = changes_since(before, criticism)
    if not changes:
        return criticism
    criticism.corrected_at, criticism.corrected_by = timezone.now(), by
    try:
        with transaction.atomic():
            criticism.save()
    except IntegrityError as error:
        if "criticism_logged_once" not in str(error):
            raise
        raise CriticismKnown(
            _("%(url)s is already noted for this company: its mark shows it.") % {"url": url}
        ) from error
    record("care.criticism_corrected", criticism, by=by, changes=changes)
    weigh_risk(company=criticism.company, by=by)
    _wake()
    return criticism


@house()
@transaction.atomic
def weigh_risk(*, company: Company, by: User | None = None) -> RiskMark | None:
    """Hold the facts of a company against the rules: raise its mark, or let it rise. It never falls, nor ends, here.

    Each fact counts once. Returns the open mark, if there is one.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=forwarded(company).pk)
    rules = risk_rules()
    surveys = list(low_answers(rules).filter(order__company=company).select_related("order__ordered_by"))
    criticisms = list(new_criticisms(rules).filter(company=company).select_related("logged_by"))
    mark = RiskMark.objects.select_for_update(of=("self",)).with_names().open().filter(company=company).first()
    if not surveys and not criticisms:
        return mark
    is_new = mark is None
    before = None if mark is None else snapshot(mark)
    if mark is None:
        mark = RiskMark(company=company, region=company.region, level=RiskLevel.MEDIUM)
        _give_keeper(mark, keeper_of(company, surveys, criticisms))
    kinds = [] if is_new else kinds_of(mark)
    kinds += [Ground.LOW_SCORE] * len(surveys) + [Ground.CRITICISM] * len(criticisms)
    level = level_of(kinds, rules)
    # The rules that gave the level stay on the mark: those of now may say otherwise.
    if is_new or (level == RiskLevel.HIGH and not mark.is_high):
        mark.level, mark.rules = level, rules if rules.pk else None
    mark.save()
    _note_grounds(mark, surveys, criticisms)
    changes = None if before is None else changes_since(before, mark)
    record("care.risk_raised" if is_new else "care.risk_confirmed", mark, by=by, changes=changes, because=kinds)
    if is_new or (changes and "level" in changes):
        _ask_to_act(mark, rules)
        _tell(mark, by, is_new=is_new)
    _wake()
    return mark


def _note_grounds(mark: RiskMark, surveys: list[Survey], criticisms: list[Criticism]) -> None:
    rows = [RiskGround(mark=mark, kind=Ground.LOW_SCORE, survey=one) for one in surveys]
    rows += [RiskGround(mark=mark, kind=Ground.CRITICISM, criticism=one) for one in criticisms]
    RiskGround.objects.bulk_create(rows)


def _give_keeper(mark: RiskMark, keeper: Keeper | None) -> None:
    mark.referent = keeper.person if keeper else None
    mark.organisation = keeper.organisation if keeper else None


def _ask_to_act(mark: RiskMark, rules: RiskRules) -> None:
    """The retention task, given by nobody: one that waits is due sooner, one that was done is followed by another.

    Its words stand in titles of letters: they do not tell that a company is dissatisfied.
    """
    if mark.referent is None or mark.organisation is None:
        return
    days = rules.high_task_days if mark.is_high else rules.medium_task_days
    due_on = timezone.localdate() + datetime.timedelta(days=days)
    if mark.task is not None and mark.task.done_at is None:
        if due_on < mark.task.due_on:
            change_task(task=mark.task, what=mark.task.what, due_on=due_on, by=None)
        return
    with translation.override(mark.referent.language):
        what = _("Look after this account: its page tells what is to be done")
    for person in _who_may(mark):
        with suppress(MayNotRead):
            mark.task = give_task(
                company=mark.company, what=what, due_on=due_on, to=person, organisation=mark.organisation, by=None
            )  # fmt: skip
            mark.save(update_fields=["task"])
            record("care.retention_asked", mark, by=None, task=mark.task.pk, due_on=due_on)
            return


def _who_may(mark: RiskMark) -> list[User]:
    """Who keeps the account, then his managers: a task goes to the first of them who may open the company."""
    return [*([mark.referent] if mark.referent else []), *managers_of(mark.organisation)]


def _concerned(mark: RiskMark) -> list[User]:
    """Who keeps the account and his managers; the managers of the national agency when nobody does."""
    people = [*managers_of(mark.organisation), *([mark.referent] if mark.referent else [])]
    return [person for person in {person.pk: person for person in people}.values() if sees(person, mark)]


def _tell(mark: RiskMark, by: User | None, *, is_new: bool) -> None:
    """The title names the company alone: letters are read over shoulders."""
    notify(
        [person for person in _concerned(mark) if by is None or person.pk != by.pk],
        "care.risk",
        title=format_lazy(gettext_lazy("An account to look after: {company}"), company=mark.company.name),
        body=gettext_lazy("It is marked at risk. Its page tells why, and what is to be done by when.")
        if is_new
        else gettext_lazy("The risk has risen. Its page tells why, and what is to be done by when."),
        url=mark.get_absolute_url(),
        about=mark.company,
    )


def _wake() -> None:
    """To the whole team, so without the company: not everybody may know whose risk moved."""
    wake("care.risk", audience="team")


@transaction.atomic
def end_risk(*, mark: RiskMark, end: str, end_reason: str, proof: Interaction, by: User) -> RiskMark:
    """The account is no longer at risk: how, what was done, and the exchange that proves it.

    Its task is done with it, and marks that merged records left behind end with it. Raises RiskEnded, NoProof.
    """
    mark = RiskMark.objects.select_for_update(of=("self",)).with_names().get(pk=mark.pk)
    if not mark.is_open:
        raise RiskEnded(_("This mark was ended meanwhile by %(person)s.") % {"person": mark.ended_by})
    if not Interaction.objects.filter(may_prove(mark), pk=proof.pk).exists():
        raise NoProof(
            _("Choose an exchange in which this company was reached after the mark, not a note: log it first.")
        )
    _end(mark, end, end_reason.strip(), proof, by)
    _end_left_behind(mark)
    others = [person for person in _concerned(mark) if person.pk != by.pk]
    notify(
        others,
        "care.risk",
        title=format_lazy(gettext_lazy("No longer to look after: {company}"), company=mark.company.name),
        body=gettext_lazy("Its page tells what was done."),
        url=mark.get_absolute_url(),
        about=mark.company,
    )
    _wake()
    return mark


def _end(mark: RiskMark, end: str, end_reason: str, proof: Interaction, by: User) -> None:
    before = snapshot(mark)
    mark.end, mark.end_reason, mark.proof = end, end_reason, proof
    mark.ended_at, mark.ended_by = timezone.now(), by
    mark.save()
    record("care.risk_ended", mark, by=by, changes=changes_since(before, mark))
    if mark.task is not None and mark.task.done_at is None:
        finish_task(task=mark.task, by=by)


@house()
def _end_left_behind(mark: RiskMark) -> None:
    """Those that it spoke for end with it, also where the removed record was another region's."""
    assert mark.proof is not None
    assert mark.ended_by is not None
    rows = RiskMark.objects.select_for_update(of=("self",)).with_names().left_behind(mark.company)
    for left in rows.order_by("pk"):
        _end(left, mark.end, mark.end_reason, mark.proof, mark.ended_by)


@house()
@transaction.atomic
def follow_referents(*, companies: Iterable[int], by: User | None) -> int:
    """Whoever answers for a company now keeps its account, and has the task; how many changed hands."""
    moved = 0
    rows = RiskMark.objects.select_for_update(of=("self",)).with_names().open().filter(company__in=list(companies))
    for mark in rows.order_by("pk"):
        referent = current_referent(mark.company, timezone.localdate())
        if referent is None or referent.adviser_id == mark.referent_id:
            continue
        _hand_on(mark, referent, by)
        moved += 1
    return moved


def _hand_on(mark: RiskMark, referent: Referent, by: User | None) -> None:
    """The task goes with the account, for the same day: nobody did it, and no new referent puts it off."""
    before, task = snapshot(mark), mark.task
    _give_keeper(mark, Keeper(referent.adviser, referent.organisation))
    mark.save()
    record("care.risk_handed_on", mark, by=by, changes=changes_since(before, mark))
    if task is None or task.done_at is not None:
        _ask_to_act(mark, risk_rules())
    else:
        _hand_task(mark, task, referent.organisation, by)
    _tell(mark, by, is_new=True)
    _wake()


def _hand_task(mark: RiskMark, task: SharedTask, organisation: Organisation, by: User | None) -> None:
    """To who answers now; where he may not open the company, to a manager who may; else the one before is told."""
    for person in _who_may(mark):
        with suppress(MayNotRead):
            hand_task_on(task=task, to=person, organisation=organisation, by=by)
            return
    notify(
        [person for person in {task.given_to, *managers_of(task.organisation)} if sees(person, mark.company)],
        "care.risk",
        title=format_lazy(gettext_lazy("An account to look after: {company}"), company=mark.company.name),
        body=gettext_lazy("Its new referent may not open the company, nor his managers: the task stays where it is."),
        url=mark.get_absolute_url(),
        about=mark.company,
    )


@house()
@transaction.atomic
def join_risks(*, kept: Company, removed: Company) -> None:
    """After a merge: a mark that stayed with the removed record, since the kept one has its own, speaks for that one.

    Their grounds count together; the level of the kept one is the higher of both and of what they mean together.
    """
    left = RiskMark.objects.filter(company=removed, ended_at__isnull=True).select_related("rules").first()
    mark = RiskMark.objects.select_for_update(of=("self",)).with_names().open().filter(company=kept).first()
    if left is None or mark is None:
        return
    rules, before = risk_rules(), snapshot(mark)
    if left.is_high and not mark.is_high:
        mark.level, mark.rules = left.level, left.rules
    elif not mark.is_high and level_of(kinds_of(mark), rules) == RiskLevel.HIGH:
        mark.level, mark.rules = RiskLevel.HIGH, rules if rules.pk else None
    changes = changes_since(before, mark)
    mark.save()
    record("care.risk_confirmed", mark, by=None, changes=changes, because=["merged"])
    if "level" in changes:
        _ask_to_act(mark, rules)
        _tell(mark, None, is_new=False)
    _wake()


@transaction.atomic
def change_risk_rules(
    *,
    low_score: int,
    low_days: int,
    low_level: str,
    criticism_days: int,
    criticism_level: str,
    many_low: int,
    medium_task_days: int,
    high_task_days: int,
    reason: str,
    by: User,
) -> RiskRules:
    """Write the rules as a new version; the facts are weighed again by a job. Marks that stand do not fall."""
    before = snapshot(risk_rules())
    rules = RiskRules.objects.create(
        low_score=low_score, low_days=low_days, low_level=low_level, criticism_days=criticism_days,
        criticism_level=criticism_level, many_low=many_low, medium_task_days=medium_task_days,
        high_task_days=high_task_days, reason=reason.strip(), decided_by=by,
    )  # fmt: skip
    changes = {name: pair for name, pair in changes_since(before, rules).items() if name in RULES}
    record("care.risk_rules_changed", rules, by=by, changes=changes)
    app.configure_task("care.follow_rules").defer()
    return rules


def weigh_risks() -> int:
    """Every morning, and after a change of rules: facts that stand in no mark yet. How many companies were weighed."""
    companies = companies_to_weigh(risk_rules())
    for company in companies:
        weigh_risk(company=company)
    return len(companies)


@transaction.atomic
def forget_criticism(criticism: Criticism) -> None:
    """Keep that something was said, and when; lose the words and where: they may tell of somebody."""
    criticism.said, criticism.url = "", f"https://erased.invalid/{criticism.pk}"
    criticism.save(update_fields=["said", "url"])


@transaction.atomic
def forget_risk(mark: RiskMark) -> None:
    """Lose the words that ended a mark."""
    mark.end_reason = ""
    mark.save(update_fields=["end_reason"])
