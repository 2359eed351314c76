"""Where a company is going: its assessments side by side, what rose and fell, which countries came and went."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.care.enums import Horizon, Intention
from pavillon.care.models import Assessment
from pavillon.directory.enums import Maturity
from pavillon.directory.models import Company, Market
from pavillon.directory.queries import plain
from pavillon.directory.queries.traces import may_hold
from pavillon.reference.models import Country
from pavillon.solutions.models import Diagnosis
from pavillon.ui import charts, steady
from pavillon.ui.charts import Series
from pavillon.ui.words import day as day_in_words

MOST = 100
STRENGTH = {one.value: place for place, one in enumerate(Intention, start=1)}
NEARNESS = {one.value: -place for place, one in enumerate(Horizon)}


@dataclass(frozen=True)
class Move:
    """What became of one side between two assessments: 1 rose, -1 fell, 0 the same, None when one does not tell it."""

    way: int | None = None

    @property
    def is_up(self) -> bool:
        return self.way == 1

    @property
    def is_down(self) -> bool:
        return self.way == -1


def _move(before: int | None, now: int | None) -> Move:
    return Move(None) if before is None or now is None else Move((now > before) - (now < before))


@dataclass(frozen=True)
class Step:
    """One assessment beside the one before it."""

    assessment: Assessment
    countries: list[Country]
    capacity: Move = Move()
    intention: Move = Move()
    horizon: Move = Move()
    appeared: list[Country] = field(default_factory=list)
    left: list[Country] = field(default_factory=list)


def steps_of(company: Company, user: User) -> list[Step]:
    """The last assessments of a company that one may see, newest first: each side beside the last that told it.

    Two statements; `MOST` of them.
    """
    if not may_hold(company, Assessment):
        return []
    found = steady.rows("assessments of a company", user, _last_ones, company.pk)
    steps, last = [], Told()
    for one in reversed(found):
        steps.append(_step(one, last))
        last = Told(
            one.capacity,
            STRENGTH.get(one.intention, last.intention),
            NEARNESS.get(one.horizon, last.horizon),
            {country.pk: country for country in one.countries.all()} if one.intention else last.countries,
        )
    return steps[::-1]


def _last_ones(user: User, number: int) -> QuerySet[Assessment]:
    rows = Assessment.objects.visible_to(user).filter(company=number).select_related("author")
    return rows.prefetch_related("countries").order_by("-assessed_on", "-pk")[:MOST]


@dataclass(frozen=True)
class Told:
    """What was told last of each side; None of what nobody told yet."""

    capacity: int | None = None
    intention: int | None = None
    horizon: int | None = None
    countries: dict[str, Country] | None = None


def _step(now: Assessment, last: Told) -> Step:
    countries = sorted(now.countries.all(), key=lambda country: plain(str(country)))
    # A diagnosis does not ask about countries: that says nothing about those told before.
    former = last.countries if now.intention else None
    known = {country.pk for country in countries}
    return Step(
        now,
        countries,
        _move(last.capacity, now.capacity),
        _move(last.intention, STRENGTH.get(now.intention)),
        _move(last.horizon, NEARNESS.get(now.horizon)),
        [country for country in countries if country.pk not in former] if former is not None else [],
        [country for key, country in (former or {}).items() if key not in known],
    )


def count_assessments(company: Company, user: User) -> int:
    return Assessment.objects.visible_to(user).filter(company=company).order_by().count()


def evolution_chart(steps: Sequence[Step]) -> SafeString | str:
    """Capacity and intention over time, both from 1 to 5; "" before there are two days to compare."""
    told = [step.assessment for step in reversed(steps)]
    if len(told) < 2:
        return ""
    return charts.line(
        _("Capacity and intention over time"),
        [day_in_words(one.assessed_on) for one in told],
        [
            Series(_("Capacity (1 to 5)"), [one.capacity for one in told]),
            Series(_("Intention (1 to 5)"), [STRENGTH.get(one.intention) for one in told]),
        ],
    )


def latest_of(company: Company, user: User) -> Assessment | None:
    """The last assessment of a company that one may see: its capacity."""
    return Assessment.objects.visible_to(user).filter(company=company).first()


def plans_of(company: Company, user: User) -> Assessment | None:
    """The last one that tells an intention: with it its horizon and countries."""
    rows = Assessment.objects.visible_to(user).filter(company=company).told()
    return rows.prefetch_related("countries").first()


def first_guess(company: Company, user: User) -> dict[str, Any]:
    """What a new assessment begins with: what was told last, else the last diagnosis and the markets of the card."""
    last, plans = latest_of(company, user), plans_of(company, user)
    if last is not None and plans is not None:
        told = {"capacity": last.capacity, "intention": plans.intention, "horizon": plans.horizon}
        return told | {"countries": named(plans.countries.all())}
    rows = Diagnosis.objects.visible_to(user).filter(company=company).finished().order_by("-finished_at")
    level = last.capacity if last else rows.values_list("level", flat=True).first()
    markets = Market.objects.visible_to(user).filter(
        company=company, maturity__in=[Maturity.CONSIDERED, Maturity.PROSPECTED]
    )
    return {"capacity": level, "countries": named({market.country for market in markets.select_related("country")})}


def named(countries: Iterable[Country]) -> str:
    return ", ".join(sorted((str(country) for country in countries), key=plain))


def find_countries(text: str) -> tuple[list[Country], list[str]]:
    """The countries that a list of names or codes means, and the words that mean none. One statement."""
    words = list(dict.fromkeys(word for piece in text.replace(";", ",").split(",") if (word := piece.strip())))
    known: dict[str, Country] = {}
    for country in Country.objects.all() if words else ():
        known |= {plain(name): country for name in (country.name_fr, country.name_en, country.code, country.alpha3)}
    found = {known[plain(word)].pk: known[plain(word)] for word in words if plain(word) in known}
    return list(found.values()), [word for word in words if plain(word) not in known]
