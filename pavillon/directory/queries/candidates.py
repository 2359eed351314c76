"""Companies that may be the one being described."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.directory.models import Company
from pavillon.directory.names import match_name
from pavillon.directory.queries.describing import records, town_typed, typed_description
from pavillon.directory.queries.finding import (
    DOUBTFUL,
    LIKELY,
    Question,
    communes_of,
    communes_of_many,
    find_by_reach,
    find_in_town,
    find_near,
)
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


# From this score somebody who makes a new company is asked first; weaker ones are shown while he types, no more.
ASKED_FROM = 0.5


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
    typed = town_typed(town)
    record = typed_description(
        name=name, siren=siren, town=town, email=email, phone=phone, website=website, address=address,
        postal_code=postal_code,
    )  # fmt: skip
    if commune:
        record["town"] = commune.name
    if besides and not name:
        record = dict(records([besides.pk]))[besides.pk]
        siren, commune, name = besides.siren or "", besides.commune, besides.name
    asked = Question(
        record,
        match_name(name),
        [commune.pk] if commune else (),
        commune.pk if commune else "",
        besides.pk if besides else 0,
        bool(siren),
    )
    find_near([asked])
    if asked.best < LIKELY:
        find_by_reach([asked], limit)
    if asked.best < DOUBTFUL:
        if not commune:
            asked.communes = communes_of(typed)
        find_in_town([asked], limit)
    return masked(proposed([asked], standing, limit)[0], user)


def candidates_of_many(descriptions: Sequence[Mapping[str, str]], *, limit: int = 5) -> list[list[Candidate]]:
    """What `candidates` answers to each of these, whose SIREN, if any, no company has; in their order.

    `descriptions` are its words: name, town, email … Ten statements for any number of them.
    """
    asked = [
        Question(typed_description(**said), match_name(said.get("name", "")), with_siren=bool(said.get("siren")))
        for said in descriptions
    ]
    find_near(asked)
    find_by_reach([one for one in asked if one.best < LIKELY], limit)
    doubtful = [(one, said) for one, said in zip(asked, descriptions, strict=True) if one.best < DOUBTFUL]
    communes = communes_of_many(town_typed(said.get("town", "")) for _one, said in doubtful)
    for one, said in doubtful:
        one.communes = communes[town_typed(said.get("town", ""))]
    find_in_town([one for one, _said in doubtful], limit)
    return proposed(asked, Company.objects.standing().select_related("commune", "country", "region"), limit)


def proposed(asked: Sequence[Question], standing: QuerySet[Company], limit: int) -> list[list[Candidate]]:
    """The likeliest of what was found for each, those with a SIREN left out where another is known. One statement."""
    best = [sorted(one.found, key=lambda pk: (-one.found[pk].score, pk))[: limit + 5] for one in asked]
    rows = standing.in_bulk({pk for keys in best for pk in keys})
    return [
        [
            Candidate(rows[pk], round(one.found[pk].score, 2), one.found[pk].reasons())
            for pk in keys
            if pk in rows and not (one.with_siren and rows[pk].siren) and pk != one.besides
        ][:limit]
        for one, keys in zip(asked, best, strict=True)
    ]


def masked(found: list[Candidate], user: User | None) -> list[Candidate]:
    """Mask what this person may not open; everything is open to the machine itself (no user)."""
    if user is None or not found:
        return found
    seen = set(
        Company.objects.visible_to(user).filter(pk__in=[c.company.pk for c in found]).values_list("pk", flat=True)
    )
    return [c if c.company.pk in seen else Candidate(c.company, c.score, [], is_masked=True) for c in found]
