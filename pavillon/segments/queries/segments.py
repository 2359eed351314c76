"""Segments as they are now."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.directory.criteria import Rule, WrongRule, condition_of, labels_of, read_rule, sentence_of
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.listing import shown_companies, shown_contacts
from pavillon.segments.enums import Subject
from pavillon.segments.models import Segment, SegmentMove, TargetSize
from pavillon.ui.lists import CAP
from pavillon.ui.words import number

SUBJECTS: dict[str, tuple[type[Model], Any]] = {
    Subject.COMPANIES: (Company, shown_companies),
    Subject.CONTACTS: (Contact, shown_contacts),
}
SAMPLE = 8


def rule_of(segment: Segment, user: User) -> Rule:
    """The rule of a segment, as this person may ask it. Raises WrongRule when it asks a field that he may not read."""
    return read_rule(segment.rule, SUBJECTS[segment.subject][0], user)


def members(segment: Segment, user: User) -> QuerySet[Any]:
    """Companies or contacts of a segment, now, as far as this person sees them.

    A rule over a field that he may not read has no rows for him: counting them would tell the field.
    """
    model, shown = SUBJECTS[segment.subject]
    try:
        rule = rule_of(segment, user)
    except WrongRule:
        return model._default_manager.none()
    return shown(user).filter(condition_of(rule, user))


def sentence_for(segment: Segment, user: User) -> str:
    """The rule in words, or why this person cannot use it."""
    try:
        return sentence_of(rule_of(segment, user), user=user)
    except WrongRule:
        return _("This segment asks for a field that you may not read.")


@dataclass(frozen=True)
class Preview:
    """What a rule finds: in words, counted up to the cap, and some rows."""

    sentence: str
    count: int
    rows: list[Any]

    @property
    def count_text(self) -> str:
        return f"{number(CAP)}+" if self.count > CAP else number(self.count)


def preview_of(rule: Rule, subject: str, user: User) -> Preview:
    """What a rule finds while it is being written: three statements."""
    _model, shown = SUBJECTS[subject]
    found = shown(user).filter(condition_of(rule, user))
    keys = list(found.order_by().values_list("pk", flat=True)[: CAP + 1])
    facts = ("commune", "region") if subject == Subject.COMPANIES else ("company__commune", "company__country")
    rows = shown(user).filter(pk__in=keys[:SAMPLE]).select_related(*facts)
    return Preview(sentence_of(rule, labels_of(rule.questions(), user)), len(keys), list(rows))


def moves_since(segment: Segment, user: User, since: datetime) -> dict[bool, list[Any]]:
    """{True: those who entered since, False: those who left}, at most 100 of each, as far as one sees them."""
    _model, shown = SUBJECTS[segment.subject]
    latest: dict[int, bool] = {}
    moves = SegmentMove.objects.filter(segment=segment, moved_at__gte=since).order_by("moved_at", "pk")
    for member, entered in moves.values_list("member", "entered"):
        latest[member] = entered
    try:
        rule_of(segment, user)
    except WrongRule:
        return {True: [], False: []}
    seen = {row.pk: row for row in shown(user).filter(pk__in=list(latest)[:2000])}
    found: dict[bool, list[Any]] = {True: [], False: []}
    for member, entered in latest.items():
        if member in seen and len(found[entered]) < 100:
            found[entered].append(seen[member])
    return found


def target_size() -> TargetSize:
    """The headcount in force: strictly more than 50 and strictly less than 500 until somebody decides otherwise."""
    return TargetSize.objects.first() or TargetSize(above=50, below=500, reason=_("Default of the product"))
