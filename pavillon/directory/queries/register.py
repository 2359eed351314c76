"""What the official register says of a number, and of a company."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from stdnum import luhn

from pavillon.directory.models import Company, RegisterEstablishment, RegisterUnit
from pavillon.directory.synthetic import Place
from pavillon.reference.models import Activity, Commune, DataSet, WorkforceBand
from pavillon.ui import steady


class WrongSiren(Exception):
    """The number is no SIREN of an active company; `reason` is length, digits, check, unknown or closed."""

    def __init__(self, reason: str, message: str) -> None:
        self.reason = reason
        super().__init__(message)


def check_siren(value: str) -> str:
    """The nine digits of a SIREN. Raises WrongSiren naming the fault (check digit: Luhn, as INSEE defines it)."""
    siren = "".join(value.split()).replace(".", "").replace("-", "")
    if not siren.isdigit():
        raise WrongSiren("digits", _("SIREN %(siren)s: only digits are allowed.") % {"siren": value})
    if len(siren) != 9:
        raise WrongSiren(
            "length",
            _("SIREN %(siren)s has %(count)s digits instead of 9. A SIRET has 14: its first 9 are the SIREN.")
            % {"siren": value, "count": len(siren)},
        )
    if not luhn.is_valid(siren):
        raise WrongSiren(
            "check", _("SIREN %(siren)s is mistyped: its check digit does not fit the others.") % {"siren": value}
        )
    return siren


def put_head_offices(units: Sequence[RegisterUnit]) -> None:
    """Find the head offices of many units at once; each unit then knows its own. One statement."""
    seats: dict[str, RegisterEstablishment] = {}
    for office in RegisterEstablishment.objects.of_units([unit.siren for unit in units]):
        seat = seats.get(office.siren)
        # An active one before a closed one, then the latest number, as `head_office` says of one unit.
        if office.is_head_office and (seat is None or office.is_active >= seat.is_active):
            seats[office.siren] = office
    for unit in units:
        unit.head_office = seats.get(unit.siren)


def find_register_unit(value: str) -> RegisterUnit:
    """The active register entry of a SIREN. Raises WrongSiren (digits, length, check, unknown, closed)."""
    siren = check_siren(value)
    unit = RegisterUnit.objects.filter(pk=siren).first()
    if unit is None:
        raise WrongSiren("unknown", _("SIREN %(siren)s is not in the register that we hold.") % {"siren": siren})
    if not unit.is_active:
        raise WrongSiren("closed", _("SIREN %(siren)s belongs to a company that has closed.") % {"siren": siren})
    return unit


def places() -> list[Place]:
    """Inhabited communes with a postal code, for the invented register."""
    rows = Commune.objects.filter(population__gt=0).exclude(postal_codes=[]).order_by("code")
    return [Place(row.code, row.name, row.postal_codes[0], row.population or 0) for row in rows]


def register_date() -> date:
    """The day of the register that we hold; today when it is not said."""
    sets = DataSet.objects.filter(code__startswith="sirene-units", as_of__isnull=False)
    held = sets.order_by("-as_of").values_list("as_of", flat=True).first()
    return held or timezone.localdate()


@dataclass(frozen=True)
class Identity:
    """What the register says of a company, beside what the base says."""

    unit: RegisterUnit
    activity: str
    legal_category: str
    workforce: str
    town: str


_units = steady.Form(lambda siren: RegisterUnit.objects.filter(pk=siren), ("777000001",), ("888000002",))
_offices = steady.Form(
    lambda first, last: RegisterEstablishment.objects.filter(
        siret__gte=first, siret__lte=last, is_head_office=True
    ).order_by("-is_active", "-siret")[:1],
    ("77700000100000", "77700000199999"),
    ("88800000200000", "88800000299999"),
)


def identity_parts(company: Company) -> dict[str, steady.Part]:
    """What `identity_of` takes, to be asked with other questions (`ui.together`)."""
    siren = company.siren
    return {"units": _units.part(siren), "offices": _offices.part(f"{siren}00000", f"{siren}99999")} if siren else {}


def identity_of(
    company: Company, units: Sequence[RegisterUnit] = (), offices: Sequence[RegisterEstablishment] = (), **_others: Any
) -> Identity | None:
    """The register entry of a company in the reader's words; None when the register does not have it."""
    if not units:
        return None
    unit = units[0]
    unit.head_office = offices[0] if offices else None
    activity = company.activity
    if activity is None or activity.code != unit.activity_code:
        activity = Activity.objects.filter(revision=2, code=unit.activity_code).first()
    if company.workforce_band_id == unit.workforce_band_code:
        band = company.workforce_band
    else:
        band = WorkforceBand.objects.filter(pk=unit.workforce_band_code).first()
    if company.commune_id == unit.commune_code:
        commune = company.commune
    else:
        commune = Commune.objects.filter(pk=unit.commune_code).first()
    return Identity(
        unit=unit,
        activity=f"{activity} ({unit.activity_code})" if activity else unit.activity_code,
        legal_category=str(company.legal_category or unit.legal_category_code),
        workforce=str(band or ""),
        town=f"{unit.postal_code} {commune.name}" if commune else unit.postal_code,
    )
