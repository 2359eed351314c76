"""Companies that may be the one being described."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.core.fields import blind_index
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import match_name
from pavillon.reference.models import Commune


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
