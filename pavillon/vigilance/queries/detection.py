"""What a rule finds in the trail and in the read log: the same question for now and for a dry run on last month."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from math import asin, cos, radians, sin, sqrt
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import BigIntegerField, F, Func, IntegerField, Q, QuerySet, Value
from django.db.models.functions import Cast

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Thread
from pavillon.reference.models import Country
from pavillon.security.models import Reading
from pavillon.vigilance.enums import Kind
from pavillon.vigilance.kinds import span_of

EARTH_KM = 6371
# A journey that took longer than this tells nothing.
LONGEST_JOURNEY = timedelta(days=2)


@dataclass(frozen=True)
class Hit:
    """One person about whom a rule would have spoken, and when."""

    user_id: int
    began_at: datetime
    noticed_at: datetime
    count: int
    facts: dict[str, Any] = field(default_factory=dict)


def find_hits(
    kind: str, figures: dict[str, int], *, since: datetime, until: datetime, person: User | None = None
) -> list[Hit]:
    """What a rule of this kind finds between two moments, about everybody or one person, oldest first."""
    hits = FINDERS[kind](figures, since, until, person)
    return sorted(hits, key=lambda hit: (hit.noticed_at, hit.user_id))


Finder = Callable[[dict[str, int], datetime, datetime, User | None], Iterable[Hit]]


def _summed(rows: QuerySet[Any], *, span: timedelta, least: int) -> Iterator[Hit]:
    """Episodes in which `rows` (person, moment, weight) add up to `least` within `span`, by a window that slides."""
    sql, given = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT person, at, total, began FROM (SELECT person, at, sum(weight) OVER recent AS total,"  # noqa: S608
            " min(at) OVER recent AS began"
            f" FROM ({sql}) AS told (person, at, weight) WINDOW recent AS (PARTITION BY person ORDER BY at"
            " RANGE BETWEEN %s::interval PRECEDING AND CURRENT ROW)) AS summed"
            " WHERE total >= %s ORDER BY person, at",
            [*given, f"{span.total_seconds()} seconds", least],
        )
        found = cursor.fetchall()
    for person, lines in groupby(found, key=lambda line: line[0]):
        episode: Hit | None = None
        last = None
        for _person, at, total, began in lines:
            if episode is None or last is None or at - last > span:
                if episode:
                    yield episode
                episode = Hit(person, began, at, int(total))
            else:
                episode = Hit(person, episode.began_at, episode.noticed_at, max(episode.count, int(total)))
            last = at
        if episode:
            yield episode


def _failed_sign_ins(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    kind = ContentType.objects.get_for_model(User)
    lines = Thread.objects.filter(
        content_type=kind,
        entry__verb="accounts.sign_in_failed",
        entry__happened_at__gte=since,
        entry__happened_at__lt=until,
    )
    if person is not None:
        lines = lines.filter(object_id=str(person.pk))
    rows = lines.values_list(Cast("object_id", BigIntegerField()), "entry__happened_at", Value(1))
    return _summed(rows, span=span_of(Kind.FAILED_SIGN_INS, figures), least=figures["count"])


def _enumeration(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    lines = Entry.objects.filter(
        verb__in=["security.record_missed", "security.access_refused"],
        actor__isnull=False,
        happened_at__gte=since,
        happened_at__lt=until,
    )
    rows = _about(lines, "actor", person).values_list("actor_id", "happened_at", Value(1))
    return _summed(rows, span=span_of(Kind.ENUMERATION, figures), least=figures["count"])


def _bulk_searches(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    lines = Reading.objects.filter(how="search", user__isnull=False, read_at__gte=since, read_at__lt=until)
    rows = _about(lines, "user", person).values_list("user_id", "read_at", Value(1))
    return _summed(rows, span=span_of(Kind.BULK_SEARCHES, figures), least=figures["count"])


def _night_reading(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    """By the clock that hangs where the person is."""
    lines = Reading.objects.filter(user__isnull=False, read_at__gte=since, read_at__lt=until).exclude(
        how__in=["audit", "refused"]
    )
    hour = Func(
        F("user__time_zone"),
        F("read_at"),
        template="extract(hour from timezone(%(expressions)s))::int",
        output_field=IntegerField(),
    )
    at_night = Q(hour__gte=figures["from_hour"]) | Q(hour__lt=figures["until_hour"])
    rows = _about(lines, "user", person).alias(hour=hour).filter(at_night).values_list("user_id", "read_at", F("rows"))
    return _summed(rows, span=span_of(Kind.NIGHT_READING, figures), least=figures["rows"])


def _about(lines: QuerySet[Any], column: str, person: User | None) -> QuerySet[Any]:
    return lines.filter(**{column: person}) if person is not None else lines


def _sign_ins(since: datetime, until: datetime, person: User | None) -> Iterator[tuple[int, list[Any]]]:
    """Sign-ins whose country is known, by person: (moment, country, his own country, that of his office)."""
    lines = Entry.objects.filter(
        verb="accounts.signed_in",
        facts__has_key="country",
        actor__isnull=False,
        happened_at__gte=since,
        happened_at__lt=until,
    )
    rows = _about(lines, "actor", person).order_by("actor_id", "happened_at")
    told = rows.values_list("actor_id", "happened_at", "facts__country", "actor__country", "actor__office__country")
    for actor, group in groupby(told, key=lambda line: line[0]):
        yield actor, [line[1:] for line in group]


def _new_country(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    known_for = timedelta(days=figures["days"])
    for actor, lines in _sign_ins(since - known_for, until, person):
        seen: dict[str, datetime] = {}
        for at, country, own, office in lines:
            declared = {own, office} - {None}
            is_known = country in declared or (country in seen and at - seen[country] <= known_for)
            # Of somebody about whom nothing is known yet, nothing is unusual.
            if not is_known and (seen or declared) and at >= since:
                yield Hit(actor, at, at, 1, {"country": country, "known": sorted({*seen, *declared})})
            seen[country] = at


def _impossible_travel(figures: dict[str, int], since: datetime, until: datetime, person: User | None) -> Iterable[Hit]:
    places = {code: (lat, lon) for code, lat, lon in Country.objects.values_list("code", "latitude", "longitude")}
    for actor, lines in _sign_ins(since - LONGEST_JOURNEY, until, person):
        for (before_at, before, *_x), (at, country, *_y) in pairwise(lines):
            if at < since or country == before:
                continue
            km = kilometres(places.get(before), places.get(country))
            hours = max((at - before_at).total_seconds() / 3600, 1 / 60)
            if km is not None and km >= figures["distance"] and km / hours > figures["speed"]:
                facts = {"before": before, "country": country, "km": round(km), "minutes": round(hours * 60)}
                yield Hit(actor, before_at, at, 1, facts)


def kilometres(
    one: tuple[float | None, float | None] | None, other: tuple[float | None, float | None] | None
) -> float | None:
    """The way between two points over the sphere (haversine); None when a place is not known."""
    if not one or not other or None in one or None in other:
        return None
    (lat1, lon1), (lat2, lon2) = ([radians(float(part or 0)) for part in place] for place in (one, other))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lon2 - lon1) / 2) ** 2
    return 2 * EARTH_KM * asin(sqrt(half))


FINDERS: dict[str, Finder] = {
    Kind.FAILED_SIGN_INS: _failed_sign_ins,
    Kind.NEW_COUNTRY: _new_country,
    Kind.IMPOSSIBLE_TRAVEL: _impossible_travel,
    Kind.NIGHT_READING: _night_reading,
    Kind.ENUMERATION: _enumeration,
    Kind.BULK_SEARCHES: _bulk_searches,
}
