"""Which facts speak for a risk, under which rules, and who keeps an account."""

import datetime
from dataclasses import dataclass
from typing import Any

from django.db.models import F, Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.care.enums import Ground, RiskLevel
from pavillon.care.models import RISK_READERS, Criticism, RiskGround, RiskMark, RiskRules
from pavillon.care.permissions import manages_the_network
from pavillon.core.policy import may_read
from pavillon.core.wall import house
from pavillon.crm.enums import InteractionKind, InteractionOutcome
from pavillon.crm.models import Interaction
from pavillon.crm.queries.routing import current_referent
from pavillon.directory.models import Company
from pavillon.directory.queries.traces import may_hold
from pavillon.services.models import Survey
from pavillon.ui import steady
from pavillon.ui.words import day as day_in_words


def risk_rules() -> RiskRules:
    """The rules in force; those of the product as long as nobody stored others."""
    return RiskRules.objects.first() or RiskRules()


def _since(days: int) -> datetime.date:
    return timezone.localdate() - datetime.timedelta(days=days)


def low_answers(rules: RiskRules) -> QuerySet[Survey]:
    """Low scores of late that no mark has taken into account yet."""
    rows = Survey.objects.satisfaction().filter(score__lte=rules.low_score, risk_ground__isnull=True)
    return rows.filter(answered_at__gte=timezone.now() - datetime.timedelta(days=rules.low_days))


def new_criticisms(rules: RiskRules) -> QuerySet[Criticism]:
    """Public criticisms of late that no mark has taken into account yet."""
    return Criticism.objects.filter(published_on__gte=_since(rules.criticism_days), ground__isnull=True)


def companies_to_weigh(rules: RiskRules) -> list[Company]:
    """Companies of which a fact speaks for a risk and stands in no mark; one statement."""
    spoken = Q(pk__in=low_answers(rules).values("order__company")) | Q(pk__in=new_criticisms(rules).values("company"))
    return list(Company.objects.standing().filter(spoken).order_by("pk"))


def level_of(kinds: list[str], rules: RiskRules) -> RiskLevel:
    """What the grounds of a mark mean together."""
    low, criticised = kinds.count(Ground.LOW_SCORE), Ground.CRITICISM in kinds
    if (low and criticised) or low >= rules.many_low:
        return RiskLevel.HIGH
    return RiskLevel(rules.criticism_level if criticised else rules.low_level)


@dataclass(frozen=True)
class Keeper:
    """Who keeps an account, and for which organisation."""

    person: User
    organisation: Organisation


def keeper_of(company: Company, surveys: list[Survey], criticisms: list[Criticism]) -> Keeper | None:
    """The referent; without one whoever ordered the service that was judged, or found the criticism."""
    referent = current_referent(company, timezone.localdate())
    if referent is not None:
        return Keeper(referent.adviser, referent.organisation)
    asked = [Keeper(one.order.ordered_by, one.order.organisation) for one in surveys]
    asked += [Keeper(one.logged_by, one.organisation) for one in criticisms]
    return next((one for one in asked if one.person.is_active and one.person.role in RISK_READERS), None)


def rules_in_words(rules: RiskRules) -> list[str]:
    """The rules as sentences, in the order in which they are applied."""
    high = RiskLevel.HIGH.label
    return [
        _("A satisfaction score of %(score)s of 10 or less, given within %(days)s days: %(level)s.")
        % {"score": rules.low_score, "days": rules.low_days, "level": RiskLevel(rules.low_level).label},
        _("A public criticism, published within %(days)s days: %(level)s.")
        % {"days": rules.criticism_days, "level": RiskLevel(rules.criticism_level).label},
        _("Both together, or %(count)s low scores: %(level)s.") % {"count": rules.many_low, "level": high},
        _("Whoever keeps the account has %(medium)s days to act, and %(high)s days when the risk is high.")
        % {"medium": rules.medium_task_days, "high": rules.high_task_days},
    ]


@dataclass(frozen=True)
class Fact:
    """A ground as one reader may know it."""

    kind: str
    label: str
    words: str
    day: Any
    url: str = ""
    link: str = ""
    criticism: Criticism | None = None


@house()
def speaking(mark: RiskMark) -> list[RiskMark]:
    """The mark itself, and while it is open those that merged records left behind: their grounds speak for it."""
    if not mark.is_open:
        return [mark]
    return [mark, *RiskMark.objects.left_behind(mark.company)]


def kinds_of(mark: RiskMark) -> list[str]:
    """The kinds of all grounds that speak for a mark."""
    rows = RiskGround.objects.filter(mark__in=speaking(mark))
    return list(rows.order_by("noted_at", "pk").values_list("kind", flat=True))


def may_prove(mark: RiskMark) -> Q:
    """Exchanges that may end a mark: with its company, since it was raised, and somebody answered; no note."""
    tried = Q(kind=InteractionKind.NOTE) | Q(outcome=InteractionOutcome.NO_ANSWER)
    since = max(one.raised_at for one in speaking(mark))
    return Q(company=mark.company_id, happened_at__gte=since) & ~tried


def facts_of(mark: RiskMark, user: User) -> list[Fact]:
    """Why a mark stands, as far as the reader may know it: the score of a survey only to who reads surveys."""
    seen = Survey.objects.visible_to(user).select_related("order__service", "order__company")
    rows = RiskGround.objects.visible_to(user).filter(mark__in=speaking(mark))
    rows = rows.select_related("criticism__corrected_by")
    return [_fact(ground, user) for ground in rows.prefetch_related(Prefetch("survey", seen))]


def _fact(ground: RiskGround, user: User) -> Fact:
    label = Ground(ground.kind).label
    if ground.criticism is not None:
        found = ground.criticism
        return Fact(ground.kind, str(label), found.said, found.published_on, link=found.url, criticism=found)
    survey = ground.survey
    if survey is None or survey.answered_at is None:
        return Fact(ground.kind, str(label), _("In an answer that you may not read."), ground.noted_at)
    words = str(survey.order.service)
    if may_read(user, survey, "score"):
        words = _("%(score)s of 10: %(service)s") % {"score": survey.score, "service": survey.order.service}
    return Fact(ground.kind, str(label), words, survey.answered_at, url=survey.order.get_absolute_url())


@dataclass(frozen=True)
class Unmarked:
    """Some criticisms in a row, and how many older ones follow, beginning at `next`."""

    rows: list[Criticism]
    left: int = 0
    next: int = 0


def unmarked_criticisms(company: Company, user: User, *, skip: int, most: int) -> Unmarked:
    """Those of a company that no rule took up and that this person corrects: of a day long ago, or mistyped."""
    if not may_hold(company, Criticism):
        return Unmarked([])
    found = _unmarked(user, company.pk)
    rows: list[Any] = list(found[skip : skip + most + 1])
    for row in rows:
        row.shown_to = user.pk  # found by this very request: nothing asks anew for each
    may_correct = [row for row in rows[:most] if user.has_perm("care.correct_criticism", row)]
    if len(rows) <= most:
        return Unmarked(may_correct)
    return Unmarked(may_correct, found.count() - skip - most, skip + most)


def _unmarked(user: User, number: int) -> QuerySet[Criticism]:
    found = Criticism.objects.visible_to(user).filter(company=number, ground__isnull=True).exclude(said="")
    if manages_the_network(user):
        return found
    own = Q(organisation=user.organisation) if user.role == Role.TEAM_MANAGER else Q()
    return found.filter(Q(logged_by=user) | own)


def proofs_for(mark: RiskMark, user: User) -> QuerySet[Interaction]:
    """Exchanges with the company since the mark was raised that this person may read: one of them ends it."""
    return Interaction.objects.visible_to(user).filter(may_prove(mark)).order_by("-happened_at")


def proof_label(exchange: Interaction) -> str:
    return f"{exchange.get_kind_display()} – {day_in_words(exchange.happened_at)}"


def marks_of(company: Company, user: User) -> list[RiskMark]:
    """The open mark of a company first, then those that ended."""
    return steady.rows("marks of a company", user, _of_company, company.pk) if may_hold(company, RiskMark) else []


def _of_company(user: User, number: int) -> QuerySet[RiskMark]:
    rows = RiskMark.objects.visible_to(user).listed().filter(company=number).with_names()
    return rows.order_by(F("ended_at").desc(nulls_first=True), "-pk")[:20]


def open_marks(user: User, *, limit: int) -> list[RiskMark]:
    """Accounts at risk that this person keeps, or whose keepers he manages: high first, then the oldest."""
    # Most keep none: whether there can be any is a short question, before the rights make it a long one.
    if not steady.exists("any risk to keep", user, lambda who: _mine(RiskMark.objects, who).values("pk")):
        return []
    return steady.rows(("risks to keep", limit), user, lambda who: _to_keep(who)[:limit])


def _mine(rows: Any, user: User) -> Any:
    return rows.open().of_mine(user).order_by("level", "raised_at", "pk")


def _to_keep(user: User) -> QuerySet[RiskMark]:
    return _mine(RiskMark.objects.visible_to(user), user).select_related("company", "referent", "organisation", "task")
