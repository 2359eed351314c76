"""How companies that may be the described one are found: by keys and names, by what reaches them, in the town."""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.db.models.functions import Upper
from django.utils.translation import gettext as _

from pavillon.core.fields import blind_index
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries.describing import Described, described, seal, sealed
from pavillon.matching import queries as matching
from pavillon.reference.models import Commune

# Below this trigram likeness two names are different names.
LIKENESS = 0.45
# What a name that goes on as it was begun is worth, however much is missing.
BEGINS = 0.5
# From this one on, a name found near is enough: nobody looks further.
LIKELY = 0.8
# Below this one nothing was found yet: the slow question, names alike in the town (30 ms over a million), is asked.
DOUBTFUL = 0.5
# A switchboard's number or a mail provider belongs to many: beyond so many each they tell nothing.
MOST_REACHED = 50
# A name of two letters is like everything.
SHORTEST_NAME = 3
# What the model finds less likely is shown only when the names are alike.
LEAST = 0.05
# The same name in the same town and nothing that speaks against it: taken for the same, unless there are two.
SAME_NAME_AND_TOWN, SAME_NAME = 0.96, 0.75
# What a way to reach it tells by itself.
SAME_EMAIL, SAME_PHONE, SAME_DOMAIN = 0.85, 0.85, 0.7

# One statement, for one description or many: companies that share a sealed key (rare keys weigh more), or whose name
# goes on as it was begun; the likeliest of them with what the model compares. At most so many a key, for names, kept by
# rarity, and compared.
MOST = {"per_key": 50, "begun": 30, "kept": 80, "compared": 20}
_NEAR = """
WITH hit AS MATERIALIZED (
    SELECT company_id, sum(rarity) AS rarity FROM (
        SELECT found.company_id, 1.0 / count(*) OVER (PARTITION BY key) AS rarity
        FROM unnest({keys}::bigint[]) AS key CROSS JOIN LATERAL (
            SELECT company_id FROM directory_matchrecord WHERE keys @> ARRAY[key] LIMIT %(per_key)s
        ) AS found
        UNION ALL
        (SELECT id, 0.1 FROM directory_company
        WHERE {name} <> '' AND match_name >= {name} AND match_name < {name} || 'ZZZZ'
        ORDER BY match_name LIMIT %(begun)s)
    ) AS each GROUP BY 1 ORDER BY 2 DESC LIMIT %(kept)s
), near AS MATERIALIZED (
    SELECT c.*, s.siren AS siren_standing, coalesce(c.merged_into_id, c.id) AS standing,
        similarity(c.match_name, {name}) AS likeness,
        least(hit.rarity, 2) + 2 * greatest(similarity(c.match_name, {name}),
            0.8 * word_similarity({name}, c.match_name))
            + (c.postal_code = {postcode} OR upper(coalesce(t.name, c.town)) = upper({town}))::int AS rank,
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
# For one, the values themselves: the planner knows how many names begin so. For many, it is told where they stand.
_ASKED = {name: f"asked.{name}" for name in ("name", "postcode", "town", "keys")}
_ONE = {name: f"%({name})s" for name in _ASKED}
_FIND = "SELECT 0 AS place, found.* FROM (" + _NEAR.format(**_ONE) + ") AS found"  # noqa: S608
_FIND_MANY = (
    "SELECT asked.place, found.* FROM jsonb_to_recordset(%(asked)s)"  # noqa: S608
    " AS asked (place int, name text, postcode text, town text, keys bigint[])"
    " CROSS JOIN LATERAL (" + _NEAR.format(**_ASKED) + ") AS found"
)


@dataclass
class Found:
    """A company found: its score, and what tells why, asked of the few that are shown."""

    score: float
    reasons: Callable[[], list[str]]


@dataclass
class Question:
    """One description on its way through the stages: what is asked, and what was found so far."""

    record: Described
    wanted: str
    communes: Sequence[str] = ()
    commune: str = ""
    besides: int = 0
    with_siren: bool = False
    found: dict[int, Found] = field(default_factory=dict)

    @property
    def best(self) -> float:
        return max((each.score for each in self.found.values()), default=0)


def find_near(questions: Sequence[Question]) -> None:
    """Companies that share a key or begin alike, scored by the live model and by their names. One statement."""
    prepared = [matching.prepare("company", one.record) for one in questions]
    asked = []
    for place, (one, mine) in enumerate(zip(questions, prepared, strict=True)):
        keys = [seal(key) for key in matching.question_keys("company", mine)]
        begun = one.wanted if len(one.wanted) >= SHORTEST_NAME else ""
        where = {"postcode": one.record["postcode"] or "-", "town": one.record["town"] or "-"}
        if keys or begun:
            asked.append({"place": place, "name": begun, "keys": keys, **where})
    if not asked:
        return
    model, mine_sealed = matching.live_model("company"), [sealed(mine) for mine in prepared]
    with connection.cursor() as cursor:
        if len(asked) == 1:
            cursor.execute(_FIND, {**MOST, **asked[0]})
        else:
            cursor.execute(_FIND_MANY, {**MOST, "asked": json.dumps(asked)})
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, values, strict=True)) for values in cursor.fetchall()]
    if len(asked) == 1:
        rows = [row | {"place": asked[0]["place"]} for row in rows]
    for row in rows:
        _score(questions[row["place"]], mine_sealed[row["place"]], row, model)


def _score(one: Question, mine: dict[str, Any], row: Mapping[str, Any], model: matching.Model) -> None:
    """Keep a company that was found near, with its score, unless something speaks against it."""
    if (one.besides and row["standing"] == one.besides) or (one.with_siren and row["siren_standing"]):
        return
    theirs = sealed(matching.prepare("company", described(row)), json.loads(row["reach"] or "{}"))
    score = matching.score_prepared("company", mine, theirs, model)
    if score.conflict:
        return
    by_name, reasons = _by_name(row, one, mine, theirs)
    each = Found(by_name, partial(list, reasons))
    if score.probability >= max(LEAST, by_name):
        each = Found(min(score.probability, 0.99), partial(_reasons, score))
    found, standing = one.found, row["standing"]
    if each.score >= LEAST and (standing not in found or found[standing].score < each.score):
        found[standing] = each


def _reasons(score: matching.Score) -> list[str]:
    """What speaks for the pair, the heaviest first, in the reader's words."""
    parts = [part for part in matching.explain(score).parts if part.weight > 0.2 and part.level not in ("", "one_only")]
    return [part.words for part in sorted(parts, key=lambda part: -part.weight)][:4]


def _add(found: dict[int, Found], pk: int, each: Found) -> None:
    """Two reasons are better than one: what is left to doubt is multiplied."""
    known = found.get(pk)
    if known is None:
        found[pk] = each
        return
    score = min(1 - (1 - known.score) * (1 - each.score), 0.99)
    found[pk] = Found(score, lambda: list(dict.fromkeys([*known.reasons(), *each.reasons()])))


def _by_name(
    row: Mapping[str, Any], one: Question, mine: Mapping[str, Any], theirs: Mapping[str, Any]
) -> tuple[float, list[str]]:
    """How likely two names in their places make it one company; 0 when they are not alike."""
    wanted = one.wanted
    likeness, is_same = float(row["likeness"] or 0), bool(wanted) and row["match_name"] == wanted
    begins = len(wanted) >= SHORTEST_NAME and row["match_name"].startswith(wanted)
    if likeness < LIKENESS and not begins:
        return 0, []
    score = SAME_NAME if is_same else 0.7 * max(likeness, BEGINS if begins else 0)
    reasons = [_("Same name") if is_same else _("Begins with this name") if begins else _("Name alike")]
    in_town = any(
        one and one == other
        for one, other in (
            (one.commune, row["commune_id"]),
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


_BEGUN = """
SELECT asked.place, found.id, 0 FROM jsonb_to_recordset(%(asked)s) AS asked (place int, name text, communes text[])
CROSS JOIN LATERAL (
    SELECT id FROM directory_company WHERE merged_into_id IS NULL AND commune_id = ANY(asked.communes)
        AND match_name >= asked.name AND match_name < asked.name || 'ZZZZ' ORDER BY match_name, id LIMIT %(limit)s
) AS found
"""
_ALIKE = """
SELECT asked.place, found.id, found.likeness FROM jsonb_to_recordset(%(asked)s) AS asked (
    place int, name text, communes text[]
) CROSS JOIN LATERAL (
    SELECT id, similarity(match_name, asked.name) AS likeness FROM directory_company
    WHERE merged_into_id IS NULL AND commune_id = ANY(asked.communes) AND match_name %% asked.name
    ORDER BY likeness DESC, id LIMIT %(limit)s
) AS found
"""


def find_in_town(questions: Sequence[Question], limit: int) -> None:
    """Companies in the town that no key finds. At most two statements, and what surrounds the second.

    Those whose name begins so (three or four letters make no key), else those whose name is alike.
    """
    asked = [
        {"place": place, "name": one.wanted, "communes": list(one.communes)}
        for place, one in enumerate(questions)
        if len(one.wanted) >= SHORTEST_NAME and one.communes
    ]
    if not asked:
        return
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_BEGUN, {"asked": json.dumps(asked), "limit": limit})
        found = [(place, pk, BEGINS, _("Begins with this name")) for place, pk, _n in cursor.fetchall()]
        begun = {place for place, *_others in found}
        if left := [each for each in asked if each["place"] not in begun]:
            # For this transaction only: the index itself leaves out what is not alike enough.
            cursor.execute("SELECT set_config('pg_trgm.similarity_threshold', %s, true)", [str(LIKENESS)])
            cursor.execute(_ALIKE, {"asked": json.dumps(left), "limit": limit})
            found += [(place, pk, likeness, _("Name alike")) for place, pk, likeness in cursor.fetchall()]
    for place, pk, likeness, reason in found:
        questions[place].found[pk] = Found(0.7 * likeness + 0.2, partial(list, (reason, _("Same town"))))


def communes_of(town: str) -> list[str]:
    """The communes of a postal code or a name, sixty at most."""
    return communes_of_many([town])[town]


def communes_of_many(towns: Iterable[str]) -> dict[str, list[str]]:
    """The same for many, in one statement."""
    found: dict[str, list[str]] = {town: [] for town in towns}
    asked: dict[str, list[str]] = defaultdict(list)
    for town in found:
        if len(town) >= SHORTEST_NAME:
            asked[town.upper()].append(town)
    if asked:
        named = Commune.objects.annotate(called=Upper("name"))
        rows = named.filter(Q(postal_codes__overlap=list(found)) | Q(called__in=list(asked)))
        for pk, called, codes in rows.order_by("pk").values_list("pk", "called", "postal_codes"):
            for town in {town for word in (called, *codes) for town in asked.get(word, ())}:
                found[town].append(pk)
    return {town: communes[:60] for town, communes in found.items()}


def find_by_reach(questions: Sequence[Question], limit: int) -> None:
    """Companies of people with the same e-mail or phone, and those of the same domain. At most three statements."""
    for column, name, score, reason in (
        ("email_index", "email", SAME_EMAIL, _("A contact with the same e-mail")),
        ("phone_index", "phone", SAME_PHONE, _("A contact with the same phone")),
    ):
        asked: dict[str, list[Question]] = defaultdict(list)
        for one in questions:
            for value in one.record[name]:
                if plain := plain_phone(value) if name == "phone" else value:
                    asked[blind_index(Contact, column, plain)].append(one)
        if asked:
            people = Contact.objects.filter(**{f"{column}__in": asked}).order_by("pk")
            companies: dict[str, dict[int, None]] = defaultdict(dict)
            for index, company in people.values_list(column, "company_id")[: MOST_REACHED * len(asked)]:
                companies[index][company] = None
            for index, those in companies.items():
                _add_each(asked[index], list(those)[:limit], score, reason)
    by_domain: dict[str, list[Question]] = defaultdict(list)
    for one in questions:
        said = one.record
        for domain in {domain_of(address) for address in (said["website"], *said["email"]) if address} - {""}:
            by_domain[domain].append(one)
    if by_domain:
        found: dict[str, list[int]] = defaultdict(list)
        rows = Company.objects.standing().filter(domain__in=by_domain).order_by("pk")
        for domain, pk in rows.values_list("domain", "pk")[: MOST_REACHED * len(by_domain)]:
            found[domain].append(pk)
        for domain, standing in found.items():
            _add_each(by_domain[domain], standing[:limit], SAME_DOMAIN, _("Same website domain"))


def _add_each(questions: Sequence[Question], companies: Sequence[int], score: float, reason: str) -> None:
    for one in questions:
        for pk in companies:
            _add(one.found, pk, Found(score, partial(list, [reason])))
