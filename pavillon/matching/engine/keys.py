"""Blocking keys: short texts of which two records of one thing are likely to share one.

Each key begins with two letters that say which rule made it, so that keys of different rules never meet. Only records
that share a key are compared; a key that more than `BLOCK_CAP` records of a table share tells nothing and is left out.
"""

from collections.abc import Callable, Iterator

from pavillon.matching.engine.records import COMPANY, EXTRA, OTHER, PERSON, Prepared
from pavillon.matching.engine.text import sound

BLOCK_CAP = 60
LONGEST = 64
# Letters of a name that a lookup takes as its beginning, and as its end.
HALF = 7
# Rules that bring many strangers together: their keys count only while few records share them. Measured on a million
# invented companies: they find 0.2 % of the true pairs, and brought two thirds of the false ones at a cap of 60.
WEAK_RULES = {"na": 12, "do": 15, "n3": 12, "ac": 15, "nb": 6, "nl": 6,
              "pn": 15, "ps": 15, "pp": 20, "pt": 15, "pr": 20, "st": 15, "sp": 20}  # fmt: skip


def cap_of(key: str) -> int:
    """How many records may share a key before it tells nothing."""
    return WEAK_RULES.get(key[:2], BLOCK_CAP)


def keys_of(kind: str, record: Prepared) -> list[str]:
    """The keys of a prepared record, each once, in a fixed order."""
    made = [*_KEYS[kind](record), *_extra_keys(record)]
    return list(dict.fromkeys(key[:LONGEST] for key in made))


def _company_keys(record: Prepared) -> Iterator[str]:
    """Sixteen rules. Names meet inside a town or an area; numbers, addresses and domains meet anywhere."""
    name, joined, words = _of(record, "name"), _of(record, "joined"), _list(record, "words")
    trade, postcode, area, town = (
        _of(record, "trade"), _of(record, "postcode"), _of(record, "area"), _of(record, "town"),
    )  # fmt: skip
    street, number, identity = _of(record, "street"), _of(record, "number"), _of(record, "identity")
    if identity:
        yield f"id{identity}"
    for phone in _list(record, "phones"):
        yield f"ph{phone}"
    for email in _list(record, "emails"):
        yield f"em{email}"
    for domain in _list(record, "domains"):
        yield f"do{domain}"
        if area:
            yield f"da{domain}/{area}"
    if name and joined:
        longest = max(words, key=lambda word: (len(word), word))
        yield f"na{joined}"
        if area:
            yield f"nd{_of(record, 'sorted')}/{area}"
            yield f"nb{joined[:8]}/{area}"
            yield f"nl{longest}/{area}" if len(longest) > 5 else f"ns{sound(longest)}{sound(words[-1])}/{area}"
        for where in filter(None, (postcode, town)):
            yield f"n1{words[0][:5]}/{where}"
            yield f"n2{sound(longest)}/{where}"
            if len(words) > 1:
                yield f"n3{words[-1][:6]}/{where}"
        if street and number:
            yield f"nh{joined[:3]}/{number}/{street.rpartition(' ')[2][:6]}"
    if trade:
        yield f"na{trade.replace(' ', '')}"
        first = trade.partition(" ")[0]
        for where in filter(None, (postcode, town)):
            yield f"n1{first[:5]}/{where}"
    acronym = _of(record, "acronym")
    if acronym and area:
        yield f"ac{acronym}/{area}"
    if joined and area and 3 <= len(joined) <= 6:
        yield f"ac{joined}/{area}"
    if street and number:
        last = street.rpartition(" ")[2]
        for where in filter(None, (postcode, town)):
            yield f"ad{number}/{last[:8]}/{where}"


def lookup_keys_of(kind: str, record: Prepared) -> list[str]:
    """The keys by which one record is looked up while somebody types it: `keys_of`, and for companies three more.

    These meet anywhere, so that a name typed before its town is found, and a misspelt one: the mistake spares either
    the beginning, or the end, or the sounds. A batch has no use for them; a lookup reads the first few of each.
    """
    more = _name_anywhere(record) if kind == COMPANY else ()
    return [*keys_of(kind, record), *(key[:LONGEST] for key in more)]


def question_keys_of(kind: str, record: Prepared) -> list[str]:
    """The keys to ask for when one record is looked up: `lookup_keys_of`, and each word where a first or last may be.

    A misspelt word that only decorates ("Fonciee Dupont") moves the others from their places.
    """
    more = _words_anywhere(record) if kind == COMPANY else ()
    return list(dict.fromkeys([*lookup_keys_of(kind, record), *(key[:LONGEST] for key in more)]))


def _words_anywhere(record: Prepared) -> Iterator[str]:
    for word in sorted(_list(record, "words"), key=lambda word: (-len(word), word))[:3]:
        for where in filter(None, (_of(record, "postcode"), _of(record, "town"))):
            yield f"n1{word[:5]}/{where}"
            yield f"n2{sound(word)}/{where}"
            yield f"n3{word[:6]}/{where}"


def _name_anywhere(record: Prepared) -> Iterator[str]:
    joined, words = _of(record, "joined"), _list(record, "words")
    if not joined or not words:
        return
    longest = sorted(words, key=lambda word: (-len(word), word))[:2]
    yield f"ws{'/'.join(sorted(sound(word) for word in longest))}"
    if len(joined) >= HALF:
        yield f"wb{joined[:HALF]}"
        yield f"we{joined[-HALF:]}"


def _person_keys(record: Prepared) -> Iterator[str]:
    """Sixteen rules. Given and family name may have changed places, so pairs of names are sorted."""
    given, family, birth = _of(record, "given"), _of(record, "family"), _of(record, "birth")
    postcode, town, street = _of(record, "postcode"), _of(record, "town"), _of(record, "street")
    number, street2, nid = _of(record, "number"), _of(record, "street2"), _of(record, "nid")
    company = _of(record, "company")
    for phone in _list(record, "phones"):
        yield f"ph{phone}"
    for email in _list(record, "emails"):
        yield f"em{email}"
    if nid:
        yield f"ni{nid}"
    names = [name for name in (given, family) if name]
    sounds = sorted(sound(name.replace(" ", "")) for name in names)
    if len(names) == 2:
        yield f"pn{_of(record, 'whole')}"
        yield f"ps{sounds[0]}/{sounds[1]}"
    for name in names:
        if birth:
            yield f"pb{name[:4]}/{birth}"
            yield f"py{sound(name.replace(' ', ''))}/{birth[:6]}"
            yield f"pm{sound(name.replace(' ', ''))}/{birth[4:]}"
        if postcode:
            yield f"pp{name[:3]}/{postcode}"
        if town:
            yield f"pt{sound(name.replace(' ', ''))}/{town[:6]}"
        if street:
            yield f"pr{name[:3]}/{street[:8]}"
        if company:
            yield f"pc{name[:4]}/{company[:8]}"
    if birth and postcode:
        yield f"bp{birth}/{postcode}"
    if birth and (street or number):
        yield f"bs{birth}/{number or street}"
    for line in filter(None, (street, street2)):
        if number:
            yield f"st{number}/{line[:10]}"
        if postcode:
            yield f"sp{line[:10]}/{postcode}"


def _no_keys(record: Prepared) -> Iterator[str]:
    yield from (f"id{record['identity']}",) if record.get("identity") else ()


_KEYS: dict[str, Callable[[Prepared], Iterator[str]]] = {
    COMPANY: _company_keys,
    PERSON: _person_keys,
    OTHER: _no_keys,
}


def _extra_keys(record: Prepared) -> Iterator[str]:
    """Tables of any other kind: a whole value, its first words, its sound, and pairs of values."""
    texts = [(name, value) for name, value in record.items() if name.startswith(EXTRA) and isinstance(value, str)]
    for place, (name, value) in enumerate(texts):
        yield f"x{place}{value}"
        words = value.split()
        if name.startswith(f"{EXTRA}text_"):
            longest = sorted(words, key=lambda word: (-len(word), word))[:3]
            yield from (f"w{place}{word}" for word in longest if len(word) > 3)
            yield f"y{place}{' '.join(sound(word) for word in words[:2])}"
            yield f"z{place}{' '.join(sorted(words)[:3])}"
        for other, (_, beside) in enumerate(texts[place + 1 :], start=place + 1):
            yield f"v{place}{other}{value[:6]}/{beside[:6]}"


def _of(record: Prepared, name: str) -> str | None:
    value = record.get(name)
    return value if isinstance(value, str) else None


def _list(record: Prepared, name: str) -> tuple[str, ...]:
    value = record.get(name)
    return value if isinstance(value, tuple) else ()
