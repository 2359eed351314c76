"""Incidents and hits in words, and who handles them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.reference.models import Country
from pavillon.ui.words import number
from pavillon.vigilance.enums import Kind
from pavillon.vigilance.models import Incident, Rehearsal
from pavillon.vigilance.models.budgets import OFFICERS


def names_of_officers() -> list[str]:
    """Whom to ask: the security officers who can answer."""
    people = (
        User.objects.working().not_held().acting_in(role__in=OFFICERS).distinct().order_by("last_name", "first_name")
    )
    return [person.full_name for person in people]


def country_names(codes: Iterable[str]) -> dict[str, str]:
    """Countries by code, in the reader's language."""
    column = "name_fr" if get_language() == "fr" else "name_en"
    return dict(Country.objects.filter(pk__in=set(codes)).values_list("code", column))


def codes_in(facts: dict[str, Any]) -> list[str]:
    """The codes of countries that facts name."""
    return [code for code in [facts.get("country"), facts.get("before"), *facts.get("known", [])] if code]


def words_of(kind: str, count: int, facts: dict[str, Any], countries: dict[str, str]) -> str:
    """What was found, in one sentence."""
    named = {name: countries.get(facts.get(name, ""), facts.get(name, "")) for name in ("country", "before")}
    if kind == Kind.NEW_COUNTRY:
        known = ", ".join(countries.get(code, code) for code in facts.get("known", []))
        return _("Sign-in from %(country)s; known: %(known)s") % {"country": named["country"], "known": known or "–"}
    if kind == Kind.IMPOSSIBLE_TRAVEL:
        return _("%(before)s, then %(country)s: about %(km)s km in %(minutes)s minutes") % {
            **named,
            "km": number(facts.get("km", 0)),
            "minutes": number(facts.get("minutes", 0)),
        }
    figures = {name: number(value) for name, value in facts.items() if isinstance(value, int)} | {"n": number(count)}
    sentence = _sentences().get(kind, "%(n)s")
    try:
        return sentence % figures
    except KeyError:  # facts that were erased with the person
        return figures["n"]


def _sentences() -> dict[str, str]:
    return {
        Kind.FAILED_SIGN_INS: _("%(n)s failed sign-ins"),
        Kind.NIGHT_READING: _("%(n)s rows read at night"),
        Kind.ENUMERATION: _("%(n)s records refused or missing"),
        Kind.BULK_SEARCHES: _("%(n)s searches"),
        Kind.HOURLY_BUDGET: _("%(spent)s rows within the hour, %(wanted)s more wanted (%(hourly)s, at most %(most)s)"),
        Kind.WEEKLY_BUDGET: _("%(records)s different records within seven days, of %(limit)s"),
        Kind.HABIT: _("%(records)s different records within seven days; a usual week has %(usual)s"),
    }


def told_incidents(incidents: Iterable[Incident]) -> list[dict[str, Any]]:
    """Incidents with their sentence: one statement more for the countries of all of them."""
    incidents = list(incidents)
    names = country_names(code for each in incidents for code in codes_in(each.facts))
    return [{"row": each, "words": words_of(each.kind, each.count, each.facts, names)} for each in incidents]


def told_hits(rehearsal: Rehearsal) -> list[dict[str, Any]]:
    """What a dry run found, with people and sentences: two statements."""
    people = User.objects.in_bulk({hit["user"] for hit in rehearsal.found})
    names = country_names(code for hit in rehearsal.found for code in codes_in(hit["facts"]))
    kind = rehearsal.rule.kind
    return [
        {
            "person": people.get(hit["user"]),
            "noticed_at": datetime.fromisoformat(hit["noticed"]),
            "words": words_of(kind, hit["count"], hit["facts"], names),
        }
        for hit in rehearsal.found
    ]
