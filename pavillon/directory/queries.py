"""Finding companies: by register number, and by likeness."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import CharField, Q, QuerySet, Value
from django.db.models.functions import Cast, Concat, Right
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from stdnum import luhn

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.core.policy import readable
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import FILLED, Company, Contact, RegisterUnit
from pavillon.directory.names import match_name, plain
from pavillon.directory.synthetic import Place
from pavillon.reference.models import Activity, Commune, Department, Sector, WorkforceBand
from pavillon.ui.templatetags.ui import shown_value


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


@dataclass(frozen=True)
class Candidate:
    """A company that may be the same: `score` from 0 to 1, and why, in the reader's language."""

    company: Company
    score: float
    reasons: Sequence[str] = field(default_factory=list)

    @property
    def percent(self) -> int:
        return round(self.score * 100)


# Below this trigram likeness two names are different names.
LIKENESS = 0.45
# From this one on, a name found near is enough: nobody looks further.
LIKELY = 0.8
# A name of two letters is like everything.
SHORTEST_NAME = 3


def candidates(
    *,
    siren: str = "",
    name: str = "",
    commune: Commune | None = None,
    town: str = "",
    email: str = "",
    phone: str = "",
    website: str = "",
    besides: Company | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Companies that may be the described one, likeliest first. At most eight short statements.

    The same SIREN is certain (1.0) and then the only answer. Otherwise: equal or alike names, looked for in the
    commune, then everywhere; people with the same e-mail or phone; the same domain of website or e-mail. `town` is
    a name or postal code as it is being typed, used when `commune` is not known. A company whose SIREN is known and
    differs is never proposed, nor is `besides`, the record that asks for its own duplicates.
    """
    standing = Company.objects.standing().with_facts()
    if besides:
        standing = standing.exclude(pk=besides.pk)
    if siren:
        same = standing.filter(siren=siren).first()
        if same:
            return [Candidate(same, 1.0, [_("Same SIREN")])]
        standing = standing.filter(siren__isnull=True)
    commune = commune or _commune_of(town)
    found: dict[int, Candidate] = {}
    for company in _alike(standing, match_name(name), commune, limit * 2):
        _add(found, company, *_by_name(company, match_name(name), commune))
    for company, reason in _by_people(standing, email, phone, limit):
        _add(found, company, 0.85, [reason])
    domains = {domain_of(address) for address in (website, email) if address} - {""}
    if domains:
        for company in standing.filter(domain__in=domains)[:limit]:
            _add(found, company, 0.7, [_("Same website domain")])
    return sorted(found.values(), key=lambda c: (-c.score, c.company.name))[:limit]


def _add(found: dict[int, Candidate], company: Company, score: float, reasons: list[str]) -> None:
    """Two reasons are better than one: what is left to doubt is multiplied."""
    known = found.get(company.pk)
    if known:
        score, reasons = 1 - (1 - known.score) * (1 - score), [*known.reasons, *reasons]
    found[company.pk] = Candidate(company, round(min(score, 0.99), 2), reasons)


def _commune_of(town: str) -> Commune | None:
    """The commune of a postal code or a name, when there is exactly one."""
    town = town.partition("(")[0].strip()
    if len(town) < SHORTEST_NAME:
        return None
    rows = Commune.objects.filter(Q(postal_codes__contains=[town]) | Q(name__iexact=town))[:2]
    return rows[0] if len(rows) == 1 else None


def _alike(standing: QuerySet[Company], wanted: str, commune: Commune | None, limit: int) -> Iterator[Company]:
    """Companies whose name is equal or alike, with their `likeness` (0 to 1).

    First where it costs nothing: the same name anywhere, names alike in the commune. Everywhere only when neither
    gives a likely one: over 100,000 companies that is 20 ms instead of one.
    """
    if len(wanted) < SHORTEST_NAME:
        return
    found = dict.fromkeys(standing.filter(match_name=wanted).values_list("pk", flat=True)[:limit], 1.0)
    alike = (
        standing.annotate(likeness=TrigramSimilarity("match_name", wanted))
        .filter(match_name__trigram_similar=wanted)
        .order_by("-likeness", "pk")
        .values_list("pk", "likeness")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # For this transaction only: the index itself leaves out what is not alike enough.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKENESS)])
        if commune:
            found = dict(alike.filter(commune=commune)[:limit]) | found
        if max(found.values(), default=0) < LIKELY:
            found = dict(alike[:limit]) | found
    for company in standing.filter(pk__in=found):
        company.likeness = found[company.pk]  # type: ignore[attr-defined]
        yield company


def _by_people(standing: QuerySet[Company], email: str, phone: str, limit: int) -> Iterator[tuple[Company, str]]:
    """Companies of people with the same e-mail or phone, found through their blind indexes."""
    for column, value, reason in (
        ("email_index", email, _("A contact with the same e-mail")),
        ("phone_index", plain_phone(phone), _("A contact with the same phone")),
    ):
        if value:
            people = Contact.objects.filter(**{column: blind_index(Contact, column, value)})
            for company in standing.filter(pk__in=people.values("company")[:limit]):
                yield company, reason


def _by_name(company: Company, wanted: str, commune: Commune | None) -> tuple[float, list[str]]:
    likeness = float(getattr(company, "likeness", 0))
    reasons = [_("Same name") if company.match_name == wanted else _("Name alike")]
    score = 0.75 if company.match_name == wanted else 0.7 * likeness
    if commune and company.commune_id == commune.pk:
        reasons.append(_("Same town"))
        score += 0.2
    elif commune and company.commune and company.commune.department_id == commune.department_id:
        reasons.append(_("Same department"))
        score += 0.05
    return score, reasons


def export_share(company: Company, user: User) -> Decimal | None:
    """Export turnover over turnover (0 to 1); None when one is not known, is nothing, or may not be read."""
    if not company.turnover or company.export_turnover is None:
        return None
    if len(readable(user, Company, ["turnover", "export_turnover"])) < 2:
        return None
    return company.export_turnover / company.turnover


@dataclass(frozen=True)
class Identity:
    """What the register says of a company, beside what the base says."""

    unit: RegisterUnit
    activity: str
    legal_category: str
    workforce: str
    town: str


def register_identity(company: Company) -> Identity | None:
    """The register entry of a company in the reader's words; None when the register does not have it."""
    unit = RegisterUnit.objects.filter(pk=company.siren).first() if company.siren else None
    if unit is None:
        return None
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


def namesakes(company: Company, last_name: str, email: str) -> list[Contact]:
    """People of a company who may be the one being added: same e-mail anywhere in it, or same last name."""
    wanted = Q()
    if last_name.strip():
        wanted |= Q(last_name__iexact=last_name.strip())
    if email.strip():
        wanted |= Q(email_index=blind_index(Contact, "email_index", email))
    return list(Contact.objects.filter(wanted, company=company)[:5]) if wanted else []


@dataclass(frozen=True)
class Compared:
    """A field of two records side by side; `result` is what the merged one will say."""

    label: str
    kept: str
    removed: str
    result: str

    @property
    def differs(self) -> bool:
        return bool(self.kept and self.removed and self.kept != self.removed)


COMPARED = ["name", "siren", *(name for name in FILLED if name != "domain"), "is_accompanied"]


def compare_companies(kept: Company, removed: Company, user: User) -> list[Compared]:
    """Both records, field by field, without those that the reader may not see."""
    lines = []
    fields = {column.name: column for column in Company._meta.concrete_fields}
    for name in readable(user, Company, COMPARED):
        label = str(fields[name].verbose_name)
        one, other = (str(shown_value(c, name)) if getattr(c, name) not in (None, "") else "" for c in (kept, removed))
        taken = other if not one or getattr(kept, name) is False else one
        if one or other:
            lines.append(Compared(label[:1].upper() + label[1:], one, other, taken))
    return lines


def what_moves(removed: Company) -> list[tuple[str, int]]:
    """How many rows of each table point at a company and will point at the one that is kept: [(what, how many), …]."""
    counted = []
    for relation in Company._meta.related_objects:
        rows = relation.related_model._default_manager.filter(**{relation.field.name: removed.pk}).count()
        if rows:
            counted.append((str(relation.related_model._meta.verbose_name_plural), rows))
    return counted


def list_choices() -> dict[str, list[Any]]:
    """What the filters of the list offer, in one statement: places (departments by region), sections, sectors."""
    name = "name_fr" if (get_language() or "fr").startswith("fr") else "name_en"
    nothing = Value("")
    columns = (Value("place"), f"region__{name}", "region_id", "code", name)
    departments = Department.objects.values_list(*columns)
    sections = Activity.objects.filter(revision=2, level=1).values_list(
        Value("section"), nothing, nothing, "code", name
    )
    sectors = Sector.objects.values_list(
        Value("sector"), Right(Concat(Value("000"), Cast("order", CharField())), 3), nothing, "slug", name
    )
    rows = sorted(departments.union(sections, sectors, all=True), key=lambda row: (row[0], plain(row[1]), row[3]))
    found: dict[str, list[Any]] = {"place": [], "section": [], "sector": []}
    for kind, group, region, code, label in rows:
        if kind != "place":
            found[kind].append((code, label))
            continue
        if not found["place"] or found["place"][-1][0] != group:
            found["place"].append((group, [(f"r{region}", _("%(region)s: all") % {"region": group})]))
        found["place"][-1][1].append((f"d{code}", f"{label} ({code})"))
    return found
