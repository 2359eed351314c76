"""Companies that may be the one being described."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import Company, Contact, MatchRecord
from pavillon.directory.names import match_name
from pavillon.directory.queries.describing import COLUMNS, Described, described, records, seal, sealed
from pavillon.matching import queries as matching
from pavillon.reference.models import Commune


@dataclass(frozen=True)
class Candidate:
    """A company that may be the same: `score` from 0 to 1, and why, in the reader's language.

    A masked one may not be opened by who asks: it is named, and nothing more is told of it.
    """

    company: Company
    score: float
    reasons: Sequence[str] = field(default_factory=list)
    is_masked: bool = False

    @property
    def percent(self) -> int:
        return round(self.score * 100)


# Below this trigram likeness two names are different names.
LIKENESS = 0.45
# From this one on, a name found near is enough: nobody looks further.
LIKELY = 0.8
# A name of two letters is like everything.
SHORTEST_NAME = 3
# Records that one key may bring, and that are compared at most; what the model finds less likely is not shown.
PER_KEY, COMPARED_AT_MOST, LEAST = 50, 40, 0.05

_BY_KEYS = """
SELECT found.company_id FROM unnest(%s::bigint[]) AS key
CROSS JOIN LATERAL (
    SELECT company_id FROM directory_matchrecord WHERE keys @> ARRAY[key] LIMIT %s
) AS found GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT %s
"""


def candidates(
    *,
    siren: str = "",
    name: str = "",
    commune: Commune | None = None,
    town: str = "",
    email: str = "",
    phone: str = "",
    website: str = "",
    address: str = "",
    postal_code: str = "",
    besides: Company | None = None,
    user: User | None = None,
    limit: int = 5,
) -> list[Candidate]:
    """Companies that may be the described one, likeliest first.

    The same SIREN is certain (1.0) and then the only answer. Otherwise in two stages: companies that share a sealed
    key with the description (`MatchRecord`) are scored by the live model; when none is likely, names alike are looked
    for in the town, and everywhere when a name is all there is. A description too thin for the model is judged by the
    likeness of names, or by an e-mail, a phone, a domain that it shares. `town` is a name or postal code as it is being
    typed, used when `commune` is not known.

    A company whose SIREN is known and differs is never proposed, nor is `besides`, the record that asks for its own
    duplicates. With `user`, companies that he may not see are masked.
    """
    standing = Company.objects.standing().with_facts()
    if besides:
        standing = standing.exclude(pk=besides.pk)
    if siren:
        same = standing.filter(siren=siren).first()
        if same:
            return masked([Candidate(same, 1.0, [_("Same SIREN")])], user)
        standing = standing.filter(siren__isnull=True)
    commune = commune or _commune_of(town)
    record = {
        "name": name,
        "siren": siren,
        "website": website,
        "address": address,
        "postcode": postal_code or (town.strip() if town.strip().isdigit() else ""),
        "town": commune.name if commune else ("" if town.strip().isdigit() else town),
        "email": [email] if email else [],
        "phone": [phone] if phone else [],
    }
    if besides and not name:
        record = dict(records([besides.pk]))[besides.pk]
        commune, name = besides.commune, besides.name
        standing = standing.filter(siren__isnull=True) if besides.siren else standing
    found = _by_keys(standing, record)
    wanted = match_name(name)
    if max((c.score for c in found.values()), default=0) < LIKELY:
        # Everywhere only when a name is all there is: over a million companies that takes a tenth of a second.
        anywhere = commune is None and not (town or email or phone or website)
        for company in _alike(standing, wanted, commune, limit * 2, anywhere=anywhere):
            _keep_better(found, Candidate(company, *_by_name(company, wanted, commune)))
        for candidate in _by_reach(standing, email, phone, website, limit):
            _add(found, candidate.company, candidate.score, list(candidate.reasons))
    best = sorted(found.values(), key=lambda c: (-c.score, c.company.name))[:limit]
    return masked(best, user)


def masked(found: list[Candidate], user: User | None) -> list[Candidate]:
    """Mask what this person may not open; everything is open to the machine itself (no user)."""
    if user is None or not found:
        return found
    seen = set(
        Company.objects.visible_to(user).filter(pk__in=[c.company.pk for c in found]).values_list("pk", flat=True)
    )
    return [c if c.company.pk in seen else Candidate(c.company, c.score, [], is_masked=True) for c in found]


def _by_keys(standing: QuerySet[Company], record: Described) -> dict[int, Candidate]:
    """Companies that share a key, scored by the live model. Three statements."""
    mine = matching.prepare("company", record)
    keys = [seal(key) for key in matching.keys("company", record)]
    if not keys:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_BY_KEYS, [keys, PER_KEY, COMPARED_AT_MOST])
        numbers = [pk for (pk,) in cursor.fetchall()]
    if not numbers:
        return {}
    model, described_mine = matching.live_model("company"), sealed(mine)
    scores: dict[int, tuple[float, matching.Score]] = {}
    rows = MatchRecord.objects.filter(company__in=numbers).values(
        "reach", "company__merged_into_id", *(f"company__{name}" for name in COLUMNS)
    )
    for row in rows:
        other = described({name: row[f"company__{name}"] for name in COLUMNS})
        theirs = sealed(matching.prepare("company", other), row["reach"] or {})
        score = matching.score_prepared("company", described_mine, theirs, model)
        pk = row["company__merged_into_id"] or row["company__pk"]
        if not score.conflict and score.probability > (scores[pk][0] if pk in scores else LEAST):
            scores[pk] = (score.probability, score)
    best = sorted(scores, key=lambda pk: -scores[pk][0])[:10]
    return {
        company.pk: Candidate(company, round(min(scores[company.pk][0], 0.99), 2), _reasons(scores[company.pk][1]))
        for company in standing.filter(pk__in=best)
    }


def _reasons(score: matching.Score) -> list[str]:
    """What speaks for the pair, the heaviest first, in the reader's words."""
    parts = [part for part in matching.explain(score).parts if part.weight > 0.2 and part.level not in ("", "one_only")]
    return [part.words for part in sorted(parts, key=lambda part: -part.weight)][:4]


def _keep_better(found: dict[int, Candidate], candidate: Candidate) -> None:
    known = found.get(candidate.company.pk)
    if known is None or known.score < candidate.score:
        found[candidate.company.pk] = Candidate(candidate.company, round(candidate.score, 2), candidate.reasons)


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


def _alike(
    standing: QuerySet[Company], wanted: str, commune: Commune | None, limit: int, *, anywhere: bool
) -> Iterator[Company]:
    """Companies whose name is equal or alike, with their `likeness` (0 to 1).

    The same name anywhere, names alike in the commune; `anywhere`, names alike everywhere when neither gives a likely
    one.
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
        if anywhere and max(found.values(), default=0) < LIKELY:
            found = dict(alike[:limit]) | found
    for company in standing.filter(pk__in=found):
        company.likeness = found[company.pk]  # type: ignore[attr-defined]
        yield company


def _by_reach(standing: QuerySet[Company], email: str, phone: str, website: str, limit: int) -> Iterator[Candidate]:
    """Companies of people with the same e-mail or phone, and those of the same domain."""
    for column, value, reason in (
        ("email_index", email, _("A contact with the same e-mail")),
        ("phone_index", plain_phone(phone), _("A contact with the same phone")),
    ):
        if value:
            people = Contact.objects.filter(**{column: blind_index(Contact, column, value)})
            for company in standing.filter(pk__in=people.values("company")[:limit]):
                yield Candidate(company, 0.85, [reason])
    domains = {domain_of(address) for address in (website, email) if address} - {""}
    if domains:
        for company in standing.filter(domain__in=domains)[:limit]:
            yield Candidate(company, 0.7, [_("Same website domain")])


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
