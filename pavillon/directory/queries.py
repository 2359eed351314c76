"""Finding companies: by register number, and by likeness."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Q
from django.utils.translation import gettext as _
from stdnum import luhn

from pavillon.core.fields import blind_index
from pavillon.directory.models import Company, Contact, RegisterUnit
from pavillon.directory.names import match_name
from pavillon.directory.synthetic import Place
from pavillon.reference.models import Commune


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


# Below this trigram likeness two names are different names.
LIKENESS = 0.45


def candidates(
    *, siren: str = "", name: str = "", commune: Commune | None = None, email: str = "", limit: int = 5
) -> list[Candidate]:
    """Companies that may be the described one, likeliest first.

    The same SIREN is certain (1.0) and then the only answer. Otherwise names alike, near the commune first, and
    people with the same e-mail. Two different known SIRENs are never proposed as one company.
    """
    if siren:
        same = Company.objects.standing().filter(siren=siren).select_related("region").first()
        if same:
            return [Candidate(same, 1.0, [_("Same SIREN")])]
    found: dict[int, Candidate] = {}
    wanted = match_name(name)
    if wanted:
        alike = (
            Company.objects.standing().select_related("region", "commune").filter(match_name__trigram_similar=wanted)
        )
        alike = alike.filter(Q(siren__isnull=True)) if siren else alike
        near = alike.filter(region=commune.region_id) if commune else alike
        rows = near.annotate(likeness=TrigramSimilarity("match_name", wanted)).filter(likeness__gte=LIKENESS)
        for company in rows.order_by("-likeness")[: limit * 2]:
            found[company.pk] = _by_name(company, wanted, commune)
    if email:
        people = Contact.objects.filter(email_index=blind_index(Contact, "email_index", email))
        for contact in people.select_related("company__region")[:limit]:
            known = found.get(contact.company_id, Candidate(contact.company, 0.0))
            found[contact.company_id] = Candidate(
                contact.company, max(known.score, 0.85), [*known.reasons, _("A contact with the same e-mail")]
            )
    return sorted(found.values(), key=lambda c: -c.score)[:limit]


def _by_name(company: Company, wanted: str, commune: Commune | None) -> Candidate:
    likeness = float(getattr(company, "likeness", 0))
    reasons = [_("Same name") if company.match_name == wanted else _("Name alike")]
    score = 0.75 if company.match_name == wanted else 0.7 * likeness
    if commune and company.commune_id == commune.pk:
        reasons.append(_("Same town"))
        score += 0.2
    elif commune and company.commune and company.commune.department_id == commune.department_id:
        reasons.append(_("Same department"))
        score += 0.05
    return Candidate(company, round(min(score, 0.99), 2), reasons)
