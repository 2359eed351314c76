"""The kinds of rules: what each watches, which figures it takes, and what it begins with."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _

from pavillon.vigilance.enums import Kind, Response


@dataclass(frozen=True)
class Parameter:
    """A figure of a rule: whole, from `least` to `most`."""

    name: str
    label: Any
    default: int
    least: int
    most: int


@dataclass(frozen=True)
class RuleKind:
    """`span` is the time over which the rule looks; None where it judges each sign-in by itself. `is_quick`: asked at
    the event; the others every few minutes."""

    words: Any
    parameters: tuple[Parameter, ...]
    response: Response
    is_quick: bool

    def filled(self, given: dict[str, int]) -> dict[str, int]:
        """The figures of a rule, those of the product where it says none."""
        return {each.name: int(given.get(each.name, each.default)) for each in self.parameters}


def span_of(kind: str, figures: dict[str, int]) -> timedelta:
    """Over how long a rule adds up; a minute for those that judge one sign-in."""
    if "minutes" in figures:
        return timedelta(minutes=figures["minutes"])
    return timedelta(hours=NIGHT_HOURS) if kind == Kind.NIGHT_READING else timedelta(minutes=1)


NIGHT_HOURS = 10


def _minutes(default: int) -> Parameter:
    return Parameter("minutes", _("within (minutes)"), default, 5, 1440)


KINDS: dict[str, RuleKind] = {
    Kind.FAILED_SIGN_INS: RuleKind(
        words=_(
            "Wrong passwords for one account, those sent while it was locked included. A suspension that comes of them "
            "closes the password alone: a passkey or an identity provider still opens."
        ),
        parameters=(Parameter("count", _("failed sign-ins"), 20, 5, 1000), _minutes(60)),
        response=Response.SUSPEND,
        is_quick=True,
    ),
    Kind.NEW_COUNTRY: RuleKind(
        words=_(
            "A sign-in from a country that is neither the person's own or his office's, nor one that he signed in from "
            "lately. The country is the one that the platform's proxy tells; without one the rule is silent."
        ),
        parameters=(Parameter("days", _("days for which a country stays known"), 180, 7, 400),),
        response=Response.STEP_UP,
        is_quick=True,
    ),
    Kind.IMPOSSIBLE_TRAVEL: RuleKind(
        words=_("Two sign-ins from countries too far apart for the time between, measured from the middle of each."),
        parameters=(
            Parameter("speed", _("kilometres per hour, above which nobody travels"), 900, 100, 5000),
            Parameter("distance", _("kilometres, below which the rule says nothing"), 1000, 100, 20000),
        ),
        response=Response.STEP_UP,
        is_quick=True,
    ),
    Kind.NIGHT_READING: RuleKind(
        words=_("Rows read by night, by the clock of the person's own time zone."),
        parameters=(
            Parameter("rows", _("rows in one night"), 500, 50, 100_000),
            Parameter("from_hour", _("the night begins at (hour)"), 22, 18, 23),
            Parameter("until_hour", _("the night ends at (hour)"), 5, 1, 9),
        ),
        response=Response.ALERT,
        is_quick=False,
    ),
    Kind.ENUMERATION: RuleKind(
        words=_("Addresses of records that are not there, or not for this person, asked for one after the other."),
        parameters=(Parameter("count", _("refused or missing records"), 30, 5, 1000), _minutes(10)),
        response=Response.STEP_UP,
        is_quick=True,
    ),
    Kind.BULK_SEARCHES: RuleKind(
        words=_("Searches of one person, faster than anybody types and reads."),
        parameters=(Parameter("count", _("searches"), 300, 20, 10_000), _minutes(60)),
        response=Response.ALERT,
        is_quick=False,
    ),
}
