"""Companies as the matching engine reads them, and the sealed form of what finds them."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from pavillon.core.encryption import cipher
from pavillon.directory.enums import ChannelKind
from pavillon.directory.models import Channel, Company, Contact
from pavillon.matching import queries as matching

PLACE = "directory_matchrecord.keys"
# What of a company the engine compares; `commune__name` is the town when the commune is known.
COLUMNS = (
    "pk", "name", "legal_name", "siren", "vat_number", "website", "address", "postal_code", "town", "commune__name",
    "country_id",
)  # fmt: skip
# Which rules made the keys of a row. Raise it when `matching.lookup_keys` changes: older rows are then made again.
KEYS_VERSION = 2
Described = dict[str, Any]


def seal(text: str) -> int:
    """64 bits that equal texts share and from which the text is not found again."""
    return int.from_bytes(cipher().blind_index(text.encode(), PLACE)[:8], "big", signed=True)


def described(row: Mapping[str, Any], phones: Sequence[str] = (), emails: Sequence[str] = ()) -> Described:
    """A row with `COLUMNS` as the engine takes a company."""
    return {
        "name": row["name"],
        "trade_name": row["legal_name"],
        "siren": row["siren"],
        "vat": row["vat_number"],
        "website": row["website"],
        "address": row["address"],
        "postcode": row["postal_code"],
        "town": row["commune__name"] or row["town"],
        "country": row["country_id"],
        "phone": list(phones),
        "email": list(emails),
    }


def typed_description(
    *,
    name: str = "",
    siren: str = "",
    town: str = "",
    email: str = "",
    phone: str = "",
    website: str = "",
    address: str = "",
    postal_code: str = "",
) -> Described:
    """What somebody types of a company, as the engine takes it; `town` may be a postal code, or name its department."""
    typed = town_typed(town)
    return {
        "name": name,
        "siren": siren,
        "website": website,
        "address": address,
        "postcode": postal_code or (typed if typed.isdigit() else ""),
        "town": "" if typed.isdigit() else typed,
        "email": [email] if email else [],
        "phone": [phone] if phone else [],
    }


def town_typed(town: str) -> str:
    """A town as it is being typed: without the department that stands behind it in brackets."""
    return town.partition("(")[0].strip()


def reach_of(companies: Iterable[int]) -> dict[int, tuple[list[str], list[str]]]:
    """Phones and e-mails of companies and of their people, opened: {company: (phones, e-mails)}. Two statements."""
    wanted = list(companies)
    found: dict[int, tuple[list[str], list[str]]] = defaultdict(lambda: ([], []))
    people = Contact.objects.standing().filter(company__in=wanted)
    for company, phone, email in people.values_list("company_id", "phone", "email"):
        found[company][0].append(phone)
        found[company][1].append(email)
    kinds = {ChannelKind.PHONE: 0, ChannelKind.EMAIL: 1}
    for company, kind, value in Channel.objects.filter(company__in=wanted, kind__in=kinds).values_list(
        "company_id", "kind", "value"
    ):
        found[company][kinds[ChannelKind(kind)]].append(value)
    return {pk: ([p for p in phones if p], [e for e in emails if e]) for pk, (phones, emails) in found.items()}


def records(companies: Sequence[int]) -> Iterator[tuple[int, Described]]:
    """Companies by number as the engine takes them, with what reaches them. Three statements."""
    reach = reach_of(companies)
    for row in Company._base_manager.filter(pk__in=companies).values(*COLUMNS):
        phones, emails = reach.get(row["pk"], ([], []))
        yield row["pk"], described(row, phones, emails)


def sealed(prepared: Mapping[str, Any], reach: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """A prepared record whose phones and e-mails are sealed; with `reach`, those that were stored."""
    record = dict(prepared)
    if reach is None:
        record["phones"] = tuple(str(seal(f"ph{value}")) for value in prepared.get("phones") or ())
        record["emails"] = tuple(str(seal(f"em{value}")) for value in prepared.get("emails") or ())
    else:
        record["phones"], record["emails"] = tuple(reach.get("phones", ())), tuple(reach.get("emails", ()))
        record["domains"] = tuple(dict.fromkeys([*(prepared.get("domains") or ()), *reach.get("domains", ())]))
    return record


def match_descriptions(companies: Sequence[int]) -> dict[int, Described]:
    """Companies by number as the matching engine takes them. Three statements for any number of them."""
    return dict(records(companies))


def shared_keys(companies: Sequence[int]) -> dict[int, int]:
    """The sealed keys by which a batch compares these companies, with how many may share each at most."""
    found = {key for _pk, record in records(companies) for key in matching.keys("company", record)}
    return {seal(key): matching.cap_of(key) for key in found}


def match_people(contacts: Sequence[int]) -> dict[int, Described]:
    """Contacts by number as the matching engine takes people, with every channel. Two statements for any number."""
    rows = Contact._base_manager.filter(pk__in=contacts).select_related("company")
    found: dict[int, Described] = {
        row.pk: {
            "given_name": row.first_name,
            "family_name": row.last_name,
            "company": row.company.name,
            "email": [row.email] if row.email else [],
            "phone": [row.phone] if row.phone else [],
        }
        for row in rows
    }
    kinds = {ChannelKind.PHONE: "phone", ChannelKind.EMAIL: "email"}
    for contact, kind, value in Channel.objects.filter(contact__in=found, kind__in=kinds).values_list(
        "contact_id", "kind", "value"
    ):
        values = found[contact][kinds[ChannelKind(kind)]]
        if value and value not in values:
            values.append(value)
    return found


def match_descriptions_of_known(most: int = 200_000) -> Iterator[Described]:
    """Companies whose SIREN is known: pairs among them need no judge. Read by slices."""
    numbers = Company.objects.standing().filter(siren__isnull=False).order_by("-pk").values_list("pk", flat=True)
    wanted = list(numbers[:most])
    for start in range(0, len(wanted), 5000):
        for _pk, record in records(wanted[start : start + 5000]):
            yield record
