"""Which value stands on a card when sources disagree: the one place that says it.

Columns change in groups (an address is never half of one source and half of another). Who offers a value for a group
is judged against what stands there, in this order:

1. Nothing is offered: nothing happens. A source never empties a field.
2. The same value: confirmed. A more trusted source becomes its origin.
3. The card is empty: the value is put there.
4. The source corrects itself: its newer word replaces its older one.
5. A person has chosen (`locked_by`): the value on the card stays, and the difference is shown as a conflict, once.
6. The register speaks of a field that it rules (`MASTERED`): it wins. Against it, others are set aside.
7. The more trusted source wins, unless its word is more than `STALE_DAYS` older: then a person chooses.
8. Equally trusted: the fresher one wins by more than `STALE_DAYS`; closer than that, a person chooses.
9. The less trusted one is set aside, unless it is fresher by more than `STALE_DAYS`: then a person chooses.

A value whose origin is not known counts as trusted `UNKNOWN_TRUST` and without a date: freshness then decides nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

STALE_DAYS = 180
UNKNOWN_TRUST = 50

# Groups of columns of a company that change together; the first column is the one that names the group on screens.
COMPANY_GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("name",),
    "legal_name": ("legal_name",),
    "status": ("status",),
    "family": ("family",),
    "national_number": ("national_number",),
    "vat_number": ("vat_number",),
    "activity": ("activity",),
    "legal_category": ("legal_category",),
    "workforce_band": ("workforce_band",),
    "headcount": ("headcount", "headcount_year"),
    "size": ("size",),
    "address": ("address", "postal_code", "commune", "town", "region", "country"),
    "website": ("website",),
    "sector": ("sector",),
    "export_class": ("export_class",),
    "turnover": ("turnover", "turnover_year"),
    "export_turnover": ("export_turnover", "export_turnover_year"),
    "turnover_objective": ("turnover_objective",),
    "potential_turnover": ("potential_turnover",),
    "margin": ("margin",),
    "new_client_objective": ("new_client_objective",),
    "priority_zones": ("priority_zones",),
    "closed_on": ("closed_on",),
}
CONTACT_GROUPS: dict[str, tuple[str, ...]] = {
    "name": ("last_name", "first_name"),
    "job_title": ("job_title",),
    "email": ("email",),
    "phone": ("phone",),
    "language": ("language",),
}
# What the register rules for the companies that it knows: read-only on the card, corrected on request.
MASTERED = frozenset({"legal_name", "activity", "legal_category", "workforce_band", "size", "address", "closed_on"})
# All that the register says of a company: a record that it brought owes it these groups, and no other.
REGISTERED = MASTERED | {"name", "sector"}


class Verdict(StrEnum):
    """What becomes of an offered value."""

    SAME = "same"
    APPLIED = "applied"
    KEPT = "kept"
    CONFLICT = "conflict"


class ColumnPolicy(StrEnum):
    """How far a source may go with a column: judged by trust, only when empty, over anything but a lock, not at all."""

    TRUST = "trust"
    FILL = "fill"
    OVERWRITE = "overwrite"
    NEVER = "never"


@dataclass(frozen=True)
class Word:
    """Who says a value: the source, its trust (0 to 100), the day on which it knew, whether a person fixed it."""

    source_id: int | None
    trust: int = UNKNOWN_TRUST
    observed_on: date | None = None
    is_locked: bool = False
    is_register: bool = False


REASONS = {
    "same": _("Says the same."),
    "empty": _("The card was empty."),
    "newer": _("The source corrects itself."),
    "older": _("The source said something newer before."),
    "locked": _("A person has chosen the value on the card."),
    "register": _("The register rules this field."),
    "trusted": _("The more trusted source wins."),
    "stale": _("The more trusted source is much older."),
    "fresher": _("As trusted, and much fresher."),
    "equal": _("As trusted, and about as fresh."),
    "less": _("A more trusted source says otherwise."),
    "newer_word": _("A less trusted source says something much newer."),
    "fill": _("Only empty fields are filled."),
    "never": _("This column is not taken over."),
    "settled": _("A person has set this value aside before."),
}


def judge(
    stands: Word | None, offered: Word, *, group: str, policy: ColumnPolicy = ColumnPolicy.TRUST, equal: bool = False
) -> tuple[Verdict, str]:
    """What becomes of an offered value, and the key of the reason in `REASONS`.

    `stands` is None when the card is empty; `equal` when it says the same.
    """
    if policy is ColumnPolicy.NEVER:
        return Verdict.KEPT, "never"
    if equal:
        return Verdict.SAME, "same"
    if stands is None:
        return Verdict.APPLIED, "empty"
    if stands.source_id is not None and stands.source_id == offered.source_id and not stands.is_locked:
        is_newer = _days(stands, offered) >= 0
        return (Verdict.APPLIED, "newer") if is_newer else (Verdict.KEPT, "older")
    if stands.is_locked:
        return Verdict.CONFLICT, "locked"
    if group in MASTERED and (offered.is_register or stands.is_register):
        return (Verdict.APPLIED if offered.is_register else Verdict.KEPT), "register"
    if policy is ColumnPolicy.FILL:
        return Verdict.KEPT, "fill"
    if policy is ColumnPolicy.OVERWRITE:
        return Verdict.APPLIED, "trusted"
    return _by_trust(stands, offered)


def _by_trust(stands: Word, offered: Word) -> tuple[Verdict, str]:
    fresher = _days(stands, offered)
    if offered.trust > stands.trust:
        return (Verdict.CONFLICT, "stale") if fresher < -STALE_DAYS else (Verdict.APPLIED, "trusted")
    if offered.trust < stands.trust:
        return (Verdict.CONFLICT, "newer_word") if fresher > STALE_DAYS else (Verdict.KEPT, "less")
    if fresher > STALE_DAYS:
        return Verdict.APPLIED, "fresher"
    return (Verdict.KEPT, "older") if fresher < -STALE_DAYS else (Verdict.CONFLICT, "equal")


def _days(stands: Word, offered: Word) -> int:
    """By how many days the offered word is fresher; 0 when one has no date."""
    if stands.observed_on is None or offered.observed_on is None:
        return 0
    return (offered.observed_on - stands.observed_on).days


def group_of(groups: Mapping[str, tuple[str, ...]], column: str) -> str | None:
    """The group of a column, None for columns without provenance (numbers of the row, flags)."""
    return next((group for group, columns in groups.items() if column in columns), None)
