"""Invented contacts as files hold them: what the shipped weights for people are made from. One seed, one result."""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random

from pavillon.matching.synthetic import (
    ASCII,
    FAMILIES,
    FREE_MAIL,
    GIVEN,
    LARGE_TOWNS,
    STREETS,
    TRADES,
    Entity,
    Place,
    Sample,
    entity_of,
    letters,
    mistyped,
    mobile,
    phone_of,
    pick,
    street_of,
    surnames,
)  # fmt: skip


def people(records: int, *, seed: int = 1, places: Sequence[Place] = LARGE_TOWNS) -> Iterator[Sample]:
    """Contacts as files hold them: short forms, exchanged names, new employers, families at one address (a fifth)."""
    random = Random(seed)  # noqa: S311
    bounds = list(accumulate(place.population for place in places))
    families = surnames(random)
    family_bounds = list(accumulate(1 / (rank + 8) for rank in range(len(families))))
    made = number = 0
    while made < records:
        place, family = pick(random, places, bounds), pick(random, families, family_bounds)
        home, phone = street_of(random), phone_of(random, place)
        firm = entity_of(random, family, place)
        for _ in range(random.choice((1, 1, 1, 1, 2, 3))):
            person = _person(random, family, place, home, phone, firm)
            count = random.choices((1, 2, 3, 4), (55, 27, 12, 6))[0]
            for source in range(count):
                yield Sample(number, source, _written_person(random, person))
            made += count
            number += 1


def _person(
    random: Random, family: str, place: Place, home: tuple[int, str, str], phone: str, firm: Entity
) -> dict[str, str]:
    given = random.choice(GIVEN)
    free = f"{letters(given)}.{letters(family)}{random.choice(('', '', '1', '29', '75'))}@{random.choice(FREE_MAIL)}"
    work = f"{letters(given)}.{letters(family)}@{firm.domain}" if firm.domain else free
    return {
        "given_name": given,
        "family_name": family,
        "birth_date": f"{random.randrange(1950, 2004)}-{random.randrange(1, 13):02d}-{random.randrange(1, 29):02d}",
        "email": random.choice((free, work)),
        "phone": f"0{phone if random.random() < 0.4 else mobile(random)}",
        "address": f"{home[0]} {home[1]} {home[2]}",
        "postcode": place.postcode,
        "town": place.name,
        "company": firm.name,
    }


def _written_person(random: Random, person: dict[str, str]) -> dict[str, str]:
    kept = {"given_name": 0.97, "family_name": 1.0, "birth_date": 0.35, "email": 0.65, "phone": 0.6, "address": 0.6}
    values = {name: text if random.random() < kept.get(name, 0.85) else "" for name, text in person.items()}
    drawn = random.random()
    if drawn < 0.05 and values["given_name"]:
        values["given_name"] = values["given_name"][0] + "."
    elif drawn < 0.08:
        values["given_name"], values["family_name"] = values["family_name"], values["given_name"]
    elif drawn < 0.10:
        values["family_name"] = f"{values['family_name']}-{random.choice(FAMILIES)}"
    if random.random() < 0.08:
        values["company"] = f"{random.choice(TRADES)} {random.choice(FAMILIES)}"
    if random.random() < 0.06:
        values["phone"] = f"0{mobile(random)}"
    if random.random() < 0.06:
        values |= {"address": f"{random.randrange(1, 99)} rue {random.choice(STREETS)}"}
    for name, chance in (
        ("given_name", 0.03),
        ("family_name", 0.05),
        ("birth_date", 0.03),
        ("address", 0.06),
        ("town", 0.03),
    ):
        values[name] = mistyped(random, values[name], chance)
    if random.random() < 0.3:
        values |= {
            name: values[name].translate(ASCII).upper() for name in ("family_name", "address", "town", "company")
        }
    return values
