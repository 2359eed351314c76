"""Companies that may be the one being described."""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db import connection, transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import match_name
from pavillon.directory.queries.describing import Described, described, records, seal, sealed
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
# What a name that goes on as it was begun is worth, however much is missing.
BEGINS = 0.5
# From this one on, a name found near is enough: nobody looks further.
LIKELY = 0.8
# Below this one nothing was found yet: the slow question, names alike in the town (30 ms over a million), is asked.
DOUBTFUL = 0.5
# A name of two letters is like everything.
SHORTEST_NAME = 3
# What the model finds less likely is shown only when the names are alike.
LEAST = 0.05
# The same name in the same town and nothing that speaks against it: taken for the same, unless there are two.
SAME_NAME_AND_TOWN, SAME_NAME = 0.96, 0.75
# What a way to reach it tells by itself.
SAME_EMAIL, SAME_PHONE, SAME_DOMAIN = 0.85, 0.85, 0.7

# One statement: companies that share a sealed key (rare keys weigh more), or whose name goes on as it was begun; the
# likeliest of them with what the model compares. At most so many a key, for names, kept by rarity, and compared.
_MOST = {"per_key": 50, "begun": 30, "kept": 80, "compared": 20}
_FIND = """
WITH hit AS MATERIALIZED (
    SELECT company_id, sum(rarity) AS rarity FROM (
        SELECT found.company_id, 1.0 / count(*) OVER (PARTITION BY key) AS rarity
        FROM unnest(%(keys)s::bigint[]) AS key CROSS JOIN LATERAL (
            SELECT company_id FROM directory_matchrecord WHERE keys @> ARRAY[key] LIMIT %(per_key)s
        ) AS found
        UNION ALL
        (SELECT id, 0.1 FROM directory_company
        WHERE %(name)s <> '' AND match_name >= %(name)s AND match_name < %(name)s || 'ZZZZ' LIMIT %(begun)s)
    ) AS each GROUP BY 1 ORDER BY 2 DESC LIMIT %(kept)s
), near AS MATERIALIZED (
    SELECT c.*, s.siren AS siren_standing, coalesce(c.merged_into_id, c.id) AS standing,
        similarity(c.match_name, %(name)s) AS likeness,
        least(hit.rarity, 2) + 2 * greatest(similarity(c.match_name, %(name)s),
            0.8 * word_similarity(%(name)s, c.match_name))
            + (c.postal_code = %(postcode)s OR upper(coalesce(t.name, c.town)) = upper(%(town)s))::int AS rank,
        t.name AS commune__name
    FROM hit JOIN directory_company c ON c.id = hit.company_id
    LEFT JOIN directory_company s ON s.id = c.merged_into_id
    LEFT JOIN reference_commune t ON t.code = c.commune_id
    ORDER BY rank DESC, c.id LIMIT %(compared)s
)
SELECT near.id AS pk, near.name, near.legal_name, near.siren, near.vat_number, near.website, near.address,
    near.postal_code, near.town, near.commune__name, near.country_id, near.standing, near.merged_into_id,
    near.siren_standing, near.match_name, near.likeness, near.commune_id, m.reach
FROM near LEFT JOIN directory_matchrecord m ON m.company_id = near.id
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
    key with the description (`MatchRecord`), or whose name goes on as it was begun, are scored by the live model and
    by the likeness of names; when none is likely, whoever has the same e-mail, phone or domain is added, and names
    alike in the town when there is still none. The same name in the same town, with no SIREN, legal form or street
    that speaks against it, scores `SAME_NAME_AND_TOWN`. `town` is a name or postal code as it is being typed, used
    when `commune` is not known.

    A company whose SIREN is known and differs is never proposed, nor is `besides`, the record that asks for its own
    duplicates. With `user`, companies that he may not see are masked. Statements: two when one is likely, else up to
    six, whatever the size of the base.
    """
    standing = Company.objects.standing().select_related("commune", "country", "region")
    if besides:
        standing = standing.exclude(pk=besides.pk)
    if siren:
        same = standing.filter(siren=siren).first()
        if same:
            return masked([Candidate(same, 1.0, [_("Same SIREN")])], user)
    typed, digits = town.partition("(")[0].strip(), town.strip().isdigit()
    record: Described = {
        "name": name,
        "siren": siren,
        "website": website,
        "address": address,
        "postcode": postal_code or (typed if digits else ""),
        "town": commune.name if commune else ("" if digits else typed),
        "email": [email] if email else [],
        "phone": [phone] if phone else [],
    }
    if besides and not name:
        record = dict(records([besides.pk]))[besides.pk]
        siren, commune, name = besides.siren or "", besides.commune, besides.name
    wanted = match_name(name)
    found = _near(record, wanted, commune, besides, with_siren=bool(siren))
    if max((each.score for each in found.values()), default=0) < LIKELY:
        for pk, score, reasons in _by_reach(standing, email, phone, website, limit):
            _add(found, pk, _Found(score, partial(list, reasons)))
    if max((each.score for each in found.values()), default=0) < DOUBTFUL:
        for pk, likeness, reason in _in_town(standing, wanted, commune, typed, limit):
            found[pk] = _Found(0.7 * likeness + 0.2, partial(list, (reason, _("Same town"))))
    best = sorted(found, key=lambda pk: (-found[pk].score, pk))[: limit + 5]
    if siren:
        standing = standing.filter(siren__isnull=True)
    rows = standing.in_bulk(best)
    proposed = [Candidate(rows[pk], round(found[pk].score, 2), found[pk].reasons()) for pk in best if pk in rows]
    return masked(proposed[:limit], user)


def masked(found: list[Candidate], user: User | None) -> list[Candidate]:
    """Mask what this person may not open; everything is open to the machine itself (no user)."""
    if user is None or not found:
        return found
    seen = set(
        Company.objects.visible_to(user).filter(pk__in=[c.company.pk for c in found]).values_list("pk", flat=True)
    )
    return [c if c.company.pk in seen else Candidate(c.company, c.score, [], is_masked=True) for c in found]


@dataclass
class _Found:
    """A company found: its score, and what tells why, asked of the few that are shown."""

    score: float
    reasons: Callable[[], list[str]]


def _near(
    record: Described, wanted: str, commune: Commune | None, besides: Company | None, *, with_siren: bool
) -> dict[int, _Found]:
    """Companies that share a key or begin alike, scored by the live model and by their names. One statement."""
    mine = matching.prepare("company", record)
    keys = [seal(key) for key in matching.question_keys("company", mine)]
    begun = wanted if len(wanted) >= SHORTEST_NAME else ""
    if not keys and not begun:
        return {}
    model, mine = matching.live_model("company"), sealed(mine)
    found: dict[int, _Found] = {}
    with connection.cursor() as cursor:
        where = {"postcode": record["postcode"] or "-", "town": record["town"] or "-"}
        cursor.execute(_FIND, {**_MOST, **where, "keys": keys, "name": begun})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    for row in rows:
        if (besides and row["standing"] == besides.pk) or (with_siren and row["siren_standing"]):
            continue
        theirs = sealed(matching.prepare("company", described(row)), json.loads(row["reach"] or "{}"))
        score = matching.score_prepared("company", mine, theirs, model)
        if score.conflict:
            continue
        by_name, reasons = _by_name(row, wanted, commune, mine, theirs)
        each = _Found(by_name, partial(list, reasons))
        if score.probability >= max(LEAST, by_name):
            each = _Found(min(score.probability, 0.99), partial(_reasons, score))
        if each.score >= LEAST and (row["standing"] not in found or found[row["standing"]].score < each.score):
            found[row["standing"]] = each
    return found


def _reasons(score: matching.Score) -> list[str]:
    """What speaks for the pair, the heaviest first, in the reader's words."""
    parts = [part for part in matching.explain(score).parts if part.weight > 0.2 and part.level not in ("", "one_only")]
    return [part.words for part in sorted(parts, key=lambda part: -part.weight)][:4]


def _add(found: dict[int, _Found], pk: int, each: _Found) -> None:
    """Two reasons are better than one: what is left to doubt is multiplied."""
    known = found.get(pk)
    if known is None:
        found[pk] = each
        return
    score = min(1 - (1 - known.score) * (1 - each.score), 0.99)
    found[pk] = _Found(score, lambda: list(dict.fromkeys([*known.reasons(), *each.reasons()])))


def _by_name(
    row: Mapping[str, Any], wanted: str, commune: Commune | None, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[float, list[str]]:
    """How likely two names in their places make it one company; 0 when they are not alike."""
    likeness, is_same = float(row["likeness"] or 0), bool(wanted) and row["match_name"] == wanted
    begins = len(wanted) >= SHORTEST_NAME and row["match_name"].startswith(wanted)
    if likeness < LIKENESS and not begins:
        return 0, []
    score = SAME_NAME if is_same else 0.7 * max(likeness, BEGINS if begins else 0)
    reasons = [_("Same name") if is_same else _("Begins with this name") if begins else _("Name alike")]
    in_town = any(
        one and one == other
        for one, other in (
            (commune.pk if commune else "", row["commune_id"]),
            (mine.get("postcode"), theirs.get("postcode")),
            (mine.get("town"), theirs.get("town")),
        )
    )
    if in_town:
        reasons.append(_("Same town"))
        score = SAME_NAME_AND_TOWN if is_same and not _differ(mine, theirs) else min(score + 0.2, 0.88)
    elif mine.get("area") and mine.get("area") == theirs.get("area"):
        reasons.append(_("Same department"))
        score += 0.05
    elif mine.get("area") and theirs.get("area"):
        # A namesake at the other end of the country stands behind whoever is alike in the town.
        score -= 0.25
    return score, reasons


def _differ(mine: Mapping[str, Any], theirs: Mapping[str, Any]) -> bool:
    """Whether two records of one name in one town say that they are two: legal forms or streets that differ."""
    return any(
        mine.get(field) and theirs.get(field) and mine[field] != theirs[field]
        for field in ("form", "street", "country")
    )


def _in_town(
    standing: QuerySet[Company], wanted: str, commune: Commune | None, town: str, limit: int
) -> list[tuple[int, float, str]]:
    """(number, likeness from 0 to 1, reason) of companies in the town that no key finds.

    Those whose name begins so (three or four letters make no key), else those whose name is alike.
    """
    if len(wanted) < SHORTEST_NAME:
        return []
    where = [commune.pk] if commune else _communes_of(town)
    if not where:
        return []
    begins = standing.filter(commune__in=where, match_name__startswith=wanted).order_by("pk")
    found = [(pk, BEGINS, _("Begins with this name")) for pk in begins.values_list("pk", flat=True)[:limit]]
    if found:
        return found
    alike = (
        standing.filter(commune__in=where, match_name__trigram_similar=wanted)
        .annotate(likeness=TrigramSimilarity("match_name", wanted))
        .order_by("-likeness", "pk")
        .values_list("pk", "likeness")
    )
    with transaction.atomic(), connection.cursor() as cursor:
        # For this transaction only: the index itself leaves out what is not alike enough.
        cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKENESS)])
        return [(pk, likeness, _("Name alike")) for pk, likeness in alike[:limit]]


def _communes_of(town: str) -> list[str]:
    """The communes of a postal code or a name."""
    if len(town) < SHORTEST_NAME:
        return []
    rows = Commune.objects.filter(Q(postal_codes__contains=[town]) | Q(name__iexact=town))
    return list(rows.order_by("pk").values_list("pk", flat=True)[:60])


def _by_reach(
    standing: QuerySet[Company], email: str, phone: str, website: str, limit: int
) -> Iterator[tuple[int, float, list[str]]]:
    """Companies of people with the same e-mail or phone, and those of the same domain."""
    for column, value, score, reason in (
        ("email_index", email, SAME_EMAIL, _("A contact with the same e-mail")),
        ("phone_index", plain_phone(phone), SAME_PHONE, _("A contact with the same phone")),
    ):
        if value:
            people = Contact.objects.filter(**{column: blind_index(Contact, column, value)})
            for pk in dict.fromkeys(people.values_list("company_id", flat=True)[:limit]):
                yield pk, score, [reason]
    domains = {domain_of(address) for address in (website, email) if address} - {""}
    if domains:
        for pk in standing.filter(domain__in=domains).values_list("pk", flat=True)[:limit]:
            yield pk, SAME_DOMAIN, [_("Same website domain")]
