"""Which descriptions of a batch may mean a company of the base: asked of all at once, before `candidates` of each."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from django.db import connection

from pavillon.core.fields import blind_index
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import match_name
from pavillon.directory.queries.describing import records, seal, town_typed, typed_description
from pavillon.directory.queries.finding import LEAST, LIKENESS, MOST, SHORTEST_NAME, communes_of_many
from pavillon.matching import queries as matching

# As many companies of a key and of a beginning as `candidates` looks at; those without SIREN among them are meant.
_SHARED = """
WITH said AS MATERIALIZED (
    SELECT * FROM jsonb_to_recordset(%(said)s) AS said (place int, name text, keys bigint[])
), asked AS MATERIALIZED (SELECT place, name, key FROM said CROSS JOIN LATERAL unnest(said.keys) AS key)
SELECT DISTINCT asked.place, c.id, similarity(c.match_name, asked.name) >= %(likeness)s
FROM (SELECT DISTINCT key FROM asked) AS each CROSS JOIN LATERAL (
    SELECT company_id FROM directory_matchrecord WHERE keys @> ARRAY[each.key] LIMIT %(per_key)s
) AS found JOIN directory_company c ON c.id = found.company_id
LEFT JOIN directory_company s ON s.id = c.merged_into_id
JOIN asked ON asked.key = each.key
WHERE CASE WHEN s.id IS NULL THEN c.siren ELSE s.siren END IS NULL
"""
_BEGUN = """
SELECT DISTINCT said FROM unnest(%(names)s::text[]) AS said CROSS JOIN LATERAL (
    SELECT siren FROM directory_company WHERE match_name >= said AND match_name < said || 'ZZZZ' LIMIT %(begun)s
) AS found WHERE siren IS NULL
"""
_IN_TOWN = """
WITH bare AS MATERIALIZED (
    SELECT commune_id, match_name FROM directory_company
    WHERE siren IS NULL AND merged_into_id IS NULL AND commune_id = ANY(%(communes)s)
)
SELECT DISTINCT said.place FROM jsonb_to_recordset(%(said)s) AS said (place int, name text, communes text[])
JOIN bare ON bare.commune_id = ANY(said.communes)
    AND (starts_with(bare.match_name, said.name) OR similarity(bare.match_name, said.name) >= %(likeness)s)
"""


def may_be_without_siren(descriptions: Sequence[Mapping[str, str]]) -> list[bool]:
    """Whether each description, whose own SIREN no company has, may mean a company of which no SIREN is known.

    Only those may be meant: two different SIRENs are never one company. `descriptions` are what `candidates` is asked
    with; where the answer is no, it has nothing to propose. A dozen statements.
    """
    prepared = [matching.prepare("company", typed_description(**said)) for said in descriptions]
    names = [match_name(said.get("name", "")) for said in descriptions]
    long = sorted({name for name in names if len(name) >= SHORTEST_NAME})
    with connection.cursor() as cursor:
        cursor.execute(_BEGUN, {"names": long, **MOST})
        begun = {name for (name,) in cursor.fetchall()}
        likely = _sharing(cursor, prepared, names) | _in_town(cursor, descriptions, names)
    likely |= _reached(descriptions)
    return [place in likely or name in begun for place, name in enumerate(names)]


def _sharing(cursor: Any, prepared: Sequence[Any], names: Sequence[str]) -> set[int]:
    """Those that share a key with such a company, and whose names are alike or whom the model holds for possible."""
    said = [
        {"place": place, "name": names[place], "keys": [seal(key) for key in matching.question_keys("company", one)]}
        for place, one in enumerate(prepared)
    ]
    cursor.execute(_SHARED, {"said": json.dumps(said), "likeness": LIKENESS, **MOST})
    pairs = cursor.fetchall()
    found = {place for place, _company, is_alike in pairs if is_alike}
    asked = {company for place, company, _alike in pairs if place not in found}
    known = {pk: matching.prepare("company", record) for pk, record in records(sorted(asked))}
    model = matching.live_model("company")
    for place, company, _alike in pairs:
        if place not in found and company in known:
            score = matching.score_prepared("company", prepared[place], known[company], model)
            if not score.conflict and score.probability >= LEAST:
                found.add(place)
    return found


def _in_town(cursor: Any, descriptions: Sequence[Mapping[str, str]], names: Sequence[str]) -> set[int]:
    towns = [town_typed(said.get("town", "")) for said in descriptions]
    communes = communes_of_many(towns)
    said = [
        {"place": place, "name": name, "communes": communes[town]}
        for place, (town, name) in enumerate(zip(towns, names, strict=True))
        if len(name) >= SHORTEST_NAME
    ]
    every = sorted({code for codes in communes.values() for code in codes})
    cursor.execute(_IN_TOWN, {"communes": every, "said": json.dumps(said), "likeness": LIKENESS})
    return {place for (place,) in cursor.fetchall()}


def _reached(descriptions: Sequence[Mapping[str, str]]) -> set[int]:
    """Those that share an e-mail, a phone or a domain with such a company or its people."""
    found: set[int] = set()
    for column, said in (
        ("email_index", [one.get("email", "") for one in descriptions]),
        ("phone_index", [plain_phone(one.get("phone", "")) for one in descriptions]),
    ):
        indexes = {place: blind_index(Contact, column, value) for place, value in enumerate(said) if value}
        people = Contact.objects.filter(**{f"{column}__in": set(indexes.values())}, company__siren=None)
        known = set(people.order_by().values_list(column, flat=True))
        found |= {place for place, index in indexes.items() if index in known}
    domains = {
        place: {domain_of(address) for address in (one.get("website", ""), one.get("email", "")) if address} - {""}
        for place, one in enumerate(descriptions)
    }
    asked = Company.objects.standing().filter(siren=None, domain__in=set().union(*domains.values()))
    known = set(asked.order_by().values_list("domain", flat=True))
    return found | {place for place, own in domains.items() if own & known}
