"""One box for everything: companies, people, requests, pages, actions.

Rights are part of each statement (`visible_to`), so that nothing hidden is counted, ranked or guessed.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partial
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.core.policy import may_read
from pavillon.core.reading import note_read
from pavillon.crm.models import Lead
from pavillon.crm.models.lead_words import newest_near, patterns_of
from pavillon.directory.models import Channel, Company, Contact
from pavillon.directory.models.contacts import companies_reached, family_begins, people_reached, plain_phone
from pavillon.directory.queries import (
    Way,
    begins,
    companies_alike,
    companies_named,
    companies_with_siren,
    companies_with_words,
    former_companies,
    has_words,
    is_legal_form,
    match_name,
    people_named,
    plain,
)
from pavillon.reference.models import Commune
from pavillon.reference.queries import communes_named
from pavillon.ui import steady
from pavillon.ui.keyset import among
from pavillon.ui.menu import labels_of, sections_for
from pavillon.workspace.models import WordKind
from pavillon.workspace.queries.desk import recent_records
from pavillon.workspace.queries.meant import meant

PER_GROUP = 6
# One letter matches everything and tells nothing.
SHORTEST = 2
# So many times what is shown is looked at: the shortest names and the latest requests of those are shown.
ENOUGH = 10
# Words that are looked for: the number of them names questions that are kept.
MOST_WORDS = 8
# Of the requests that may hold some words so many, the newest, are looked at first.
NEWEST = 300
# Columns of what is shown.
COMPANY_SHOWN = ("name", "siren", "town", "region__name_fr", "region__name_en")
PERSON_SHOWN = ("first_name", "last_name", "job_title", "company__name")
LEAD_SHOWN = ("subject", "subject_code", "subject_facts", "state", "received_at", "company_name", "company__name")


@dataclass(frozen=True)
class Answer:
    """One line: what, why it matches, where it leads."""

    label: str
    url: str
    icon: str
    detail: str = ""
    kind: str = ""


@dataclass
class Group:
    """The answers of one kind, in order."""

    title: str
    answers: list[Answer] = field(default_factory=list)


# What one can start from anywhere: (label, page, permission, icon). A room that is not installed leaves no line.
COMMANDS = [
    (gettext_lazy("New request"), "crm:receive_lead", "crm.receive_lead", "plus"),
    (gettext_lazy("New company"), "directory:create_company", "directory.create_company", "plus"),
    (gettext_lazy("Plan an absence"), "crm:plan_absence", "crm.view_workload", "calendar-plus"),
    (gettext_lazy("New routing rule"), "crm:start_routing_draft", "crm.start_routing_draft", "route"),
    (gettext_lazy("Simulate the routing"), "crm:simulate_routing", "crm.simulate_routing", "wand-sparkles"),
]


def find(text: str, user: User, *, per_group: int = PER_GROUP) -> list[Group]:
    """Everything that matches, grouped; a bounded number of short statements, the read log included.

    Accents and case do not count, words match anywhere, in any order; names that begin with the text come first. When
    no company and nobody is called so, the nearest words of the base's vocabulary are taken, and the answer says so. A
    phone, an e-mail or a domain is found whole; the answer says whose it is.
    """
    words = plain(text).split()[:MOST_WORDS]
    if len("".join(words)) < SHORTEST:
        return []
    companies, people = _reached(text, user, per_group)
    if not companies and not people and "@" not in text:
        companies, people = _companies(words, user, per_group), _people(words, user, per_group)
        if not companies and not people:
            companies, people = _meant(words, user, per_group)
    groups = [
        Group(_("Companies"), companies),
        Group(_("People"), people),
        Group(_("Towns"), _towns(words, user, 3)),
        Group(_("Requests"), _leads(words, user, per_group)),
        Group(_("Pages"), _pages(words, user)),
        Group(_("Actions"), _commands(words, user)),
    ]
    return [group for group in groups if group.answers]


def is_empty_search(text: str) -> bool:
    """Whether a text has nothing that could be looked for: one letter, signs, an emoji."""
    return len(plain(text).replace(" ", "")) < SHORTEST


def hint_for(text: str) -> str:
    """What to type instead, when a search finds nothing."""
    if text and is_empty_search(text):
        return _("Signs and pictures are not searched: type two letters or digits at least.")
    return _("Try the beginning of a name, a SIREN, or the number of a request such as D-000123.")


def suggestions(user: User) -> list[Group]:
    """What an empty box shows: where one was, and what one can start."""
    recent = [
        Answer(str(row), row.get_absolute_url(), "inbox" if isinstance(row, Lead) else "building-2")
        for row in recent_records(user)
    ]
    groups = [Group(_("Recent"), recent), Group(_("Actions"), _commands([], user))]
    return [group for group in groups if group.answers]


def _seen(
    sought: Callable[[Any], Any],
    user: User,
    ways: Iterable[Way],
    limit: int,
    *,
    enough: int = 0,
    otherwise: Q | None = None,
) -> list[Any]:
    """The first rows that one sees of the keys that several ways find, the best way first, until there are `enough`.

    `sought(user)` are all that he sees. A way is asked for as many keys as are shown, and for more where he does not
    see all of these. One that was cut short may have found hidden ones only: then `otherwise` asks with the rights
    inside.
    """

    def with_keys(who: Any, keys: list[int]) -> Any:
        return sought(who).filter(among(keys))

    found: dict[int, Any] = {}
    looked_at: set[int] = set()
    is_cut, enough = False, enough or limit
    for way in ways:
        for most in (limit, limit * ENOUGH):
            keys = way(most)
            if fresh := [key for key in keys if key not in looked_at]:
                known = {row.pk: row for row in steady.rows(("sought", sought.__name__), user, with_keys, fresh)}
                found |= {key: known[key] for key in fresh if key in known}
                looked_at.update(fresh)
            if len(found) >= limit or len(keys) < most:
                break
        else:
            is_cut = True
        if len(found) >= enough:
            break
    if len(found) < enough and is_cut and otherwise:
        found |= {row.pk: row for row in sought(user).filter(otherwise).order_by()[:limit]}
    return list(found.values())[:limit]


def _sought_companies(user: User) -> Any:
    return Company.objects.visible_to(user).standing().select_related("region").only(*COMPANY_SHOWN)


def _sought_people(user: User) -> Any:
    return Contact.objects.visible_to(user).standing().select_related("company").only(*PERSON_SHOWN)


def _companies(words: list[str], user: User, limit: int) -> list[Answer]:
    """Numbers; names that begin so; names with all words, in any order; former names."""
    number = "".join(words)
    # Legal forms are no part of the names that are compared.
    words = match_name(" ".join(words)).split()
    if number.isdecimal() and len(number) >= 3:
        ways: Iterable[Way] = [partial(companies_with_siren, number[:9])]
        found = _seen(_sought_companies, user, ways, limit, otherwise=begins("siren", number[:9]))
    else:
        ways = companies_named(words)
        found = _seen(_sought_companies, user, ways, limit, otherwise=has_words("match_name", words))
    former: dict[int, str] = {}
    if len(found) < limit:
        former = former_companies(" ".join(words), limit=limit)
        known = {row.pk for row in found}
        others = [key for key in former if key not in known]
        found += _seen(_sought_companies, user, [lambda most: others[:most]], limit)[: limit - len(found)]
    return _told(found, user, former, number)


def _companies_meant(words: list[str], meant: Sequence[str | None], user: User, limit: int) -> list[Answer]:
    """Names that hold the words as they were probably meant; where a word is like nothing, names that are alike as a
    whole, and then those that hold the others."""
    if list(meant) == words:  # they were just looked for
        return []
    known = [word for word in meant if word]
    ways: list[Way] = [partial(companies_with_words, known)] if known else []
    wanted = has_words("match_name", known)
    # Nobody is called by a legal form alone, which half of all names share some syllables with.
    if len(known) < len(meant) and not is_legal_form(words):
        text = " ".join(words)
        ways.insert(0, partial(companies_alike, text))
        wanted = Q(match_name__trigram_word_similar=text)
    found = _seen(_sought_companies, user, ways, limit, otherwise=wanted)
    return _told(found, user, dict.fromkeys([row.pk for row in found], _("name nearly like that")))


def _told(found: list[Company], user: User, reasons: dict[int, str], number: str = "") -> list[Answer]:
    if found:
        note_read(user, Company, how="search", rows=len(found), ids=[row.pk for row in found])
    return [_company_answer(row, reasons.get(row.pk) or _why_company(row, number)) for row in found]


def _company_answer(row: Company, why: str) -> Answer:
    detail = " · ".join(filter(None, [row.town, str(row.region or ""), why]))
    return Answer(row.name, row.get_absolute_url(), "building-2", detail, _("Company"))


def _why_company(row: Company, number: str) -> str:
    return f"SIREN {row.siren}" if row.siren and number.isdecimal() and row.siren.startswith(number) else ""


def _people(words: list[str], user: User, limit: int, why: str = "") -> list[Answer]:
    """People by their names, family name first or last, whole or begun."""
    if not may_read(user, Contact, "last_name") or "".join(words).isdecimal():
        return []
    wanted = family_begins(words[0]) | family_begins(words[-1])
    ways = people_named(words)
    found = _seen(_sought_people, user, ways, limit, enough=1, otherwise=wanted)
    if found:
        note_read(user, Contact, how="search", rows=len(found), ids=[row.pk for row in found])
    return [_contact_answer(row, why) for row in found]


def _meant(words: list[str], user: User, limit: int) -> tuple[list[Answer], list[Answer]]:
    """(companies, people) whose names hold the words as they were probably meant."""
    if "".join(words).isdecimal():
        return [], []
    companies = match_name(" ".join(words)).split()
    nearest = meant({WordKind.COMPANY.value: companies, WordKind.PERSON.value: words})
    people = [word for word in nearest[WordKind.PERSON] if word]
    is_whole = len(people) == len(nearest[WordKind.PERSON])
    return (
        _companies_meant(companies, nearest[WordKind.COMPANY], user, limit),
        _people(people, user, limit, _("name nearly like that")) if is_whole and people and people != words else [],
    )


def _contact_answer(row: Contact, why: str) -> Answer:
    detail = ", ".join(filter(None, [row.job_title, row.company.name, why]))
    return Answer(str(row), row.company.get_absolute_url(), "user", detail, _("Contact"))


def _reached(text: str, user: User, limit: int) -> tuple[list[Answer], list[Answer]]:
    """(companies, people) whose e-mail, phone or domain this is, each with the reason. Values stay sealed."""
    plain_text = text.strip().lower()
    domain = plain_text.rpartition("@")[2].removeprefix("www.") if "." in plain_text and " " not in plain_text else ""
    is_phone = not any(c.isalpha() for c in text) and text.strip()[:1] in "+0" and len(plain_phone(text)) >= 8
    companies: list[Answer] = []
    people: list[Answer] = []
    if is_phone and may_read(user, Contact, "phone"):
        people = _by_channel(text, _("phone of %(name)s"), user, limit)
        companies = _own_channel(text, _("phone of the company"), user, limit)
    elif "@" in plain_text and not plain_text.startswith("@"):
        if may_read(user, Contact, "email"):
            people = _by_channel(plain_text, _("e-mail of %(name)s"), user, limit)
            companies = _own_channel(plain_text, _("e-mail of the company"), user, limit)
    elif domain and len(domain) >= 4:
        rows = Company.objects.visible_to(user).standing().select_related("region")
        own = list(rows.filter(domain=domain).order_by("pk")[:limit])
        companies = [_company_answer(row, _("website domain")) for row in own]
        if len(own) < limit and may_read(user, Contact, "email"):
            known = [row.pk for row in own]
            channels = Channel.objects.filter(domain=domain, contact__isnull=False)
            keys = list(channels.values_list("contact__company", flat=True).distinct()[:limit])
            others = rows.filter(pk__in=keys).exclude(pk__in=known)[: limit - len(own)]
            companies += [_company_answer(row, _("e-mail domain of a contact")) for row in others]
        if companies:
            note_read(user, Company, how="search", rows=len(companies))
    return companies, people


def _by_channel(value: str, why: str, user: User, limit: int) -> list[Answer]:
    """People whose phone or e-mail this is, the preferred one or another, found whole through the blind indexes."""
    keys = people_reached(value)
    rows = Contact.objects.visible_to(user).standing().select_related("company")
    found = list(rows.filter(pk__in=keys).order_by("pk")[:limit]) if keys else []
    if found:
        note_read(user, Contact, how="search", rows=len(found), ids=[row.pk for row in found])
    return [_contact_answer(row, why % {"name": row}) for row in found]


def _own_channel(value: str, why: str, user: User, limit: int) -> list[Answer]:
    """Companies whose own phone or e-mail this is: a switchboard, a general address."""
    keys = companies_reached(value, own=True)
    rows = Company.objects.visible_to(user).standing().select_related("region")
    found = list(rows.filter(pk__in=keys).order_by("pk")[:limit]) if keys else []
    if found:
        note_read(user, Company, how="search", rows=len(found), ids=[row.pk for row in found])
    return [_company_answer(row, why) for row in found]


def _towns(words: list[str], user: User, limit: int) -> list[Answer]:
    """Towns by name or postal code: the way to their companies."""
    text = " ".join(words)
    if not is_allowed(user, "directory.view_companies") or len(text) < 3:
        return []
    if text.isdecimal():
        rows = list(Commune.objects.filter(postal_codes__contains=[text])[:limit]) if len(text) == 5 else []
    else:
        rows = communes_named(text, most=limit)
    base = reverse("directory:companies")
    return [
        Answer(
            _("Companies in %(town)s") % {"town": row.name},
            f"{base}?town.in={row.pk}",
            "map-pin",
            row.department_id,
            _("Town"),
        )
        for row in rows
    ]


def _leads(words: list[str], user: User, limit: int) -> list[Answer]:
    found = _latest_leads(words, user, limit)
    if found:
        note_read(user, Lead, how="search", rows=len(found), ids=[row.pk for row in found])
    return [
        Answer(
            label=row.title,
            url=row.get_absolute_url(),
            icon="inbox",
            detail=f"{row.reference} · {row.company_label} · {row.get_state_display()}",
            kind=_("Request"),
        )
        for row in found
    ]


def _latest_leads(words: list[str], user: User, limit: int) -> list[Lead]:
    """The newest requests with these words that one sees, as far as there are `limit`; the latest of them first.

    Which of those that may hold the words he sees, an index tells by itself. Whether they do, and whole rows, are read
    of what is shown alone.
    """
    numbers, patterns = newest_near(words, NEWEST, NEWEST * ENOUGH), patterns_of(words)
    if numbers is None:
        asked = ("requests with words", len(words), limit)
        matching = steady.rows(asked, user, partial(_matching_leads, limit * ENOUGH), *patterns)
        batches = iter([matching])
    else:
        batches = (steady.rows("requests seen", user, _seen_leads, some) for some in numbers)
    found: list[Lead] = []
    told = ("requests told", len(words))
    for batch in batches:
        latest = [pk for _received, pk in sorted(batch, reverse=True)]
        first, others = latest[:limit], latest[limit:]
        if first:
            found += steady.rows(told, user, _told_leads, first, *patterns)
        if others and len(found) < limit:
            # Mostly the first ones have the words. Where they do not, all others are asked at once.
            holding = steady.rows(("requests holding", len(words)), user, _holding_leads, others, *patterns)
            if wanted := [pk for _received, pk in sorted(holding, reverse=True)[: limit - len(found)]]:
                found += steady.rows(told, user, _told_leads, wanted, *patterns)
        if len(found) >= limit:
            break
    return sorted(found, key=lambda row: (row.received_at, row.pk), reverse=True)[:limit]


def _seen_leads(user: User, numbers: str) -> Any:
    return Lead.objects.visible_to(user).filter(among(numbers)).order_by().values_list("received_at", "pk")


def _matching_leads(most: int, user: User, *patterns: str) -> Any:
    """Unsorted: sorted by the database, the index of dates would be walked until enough words match."""
    rows = Lead.objects.visible_to(user).holding(None, *patterns).order_by()
    return rows.values_list("received_at", "pk")[:most]


def _holding_leads(user: User, numbers: list[int], *patterns: str) -> Any:
    """Those that were just found to be seen, as far as they hold the words."""
    return Lead.objects.holding(numbers, *patterns).order_by().values_list("received_at", "pk")


def _told_leads(user: User, numbers: list[int], *patterns: str) -> Any:
    """Those that were just found to be seen, as far as they hold the words."""
    rows = Lead.objects.holding(numbers, *patterns)
    return rows.select_related("company").only(*LEAD_SHOWN).order_by()


def _pages(words: list[str], user: User) -> list[Answer]:
    lines = [
        line
        for area in ("workspace", "agency", "account")
        if any(_holds(str(label), words) for label in labels_of(area))
        for _title, lines in sections_for(area, user, "", badges=False)
        for line in lines
    ]
    return [
        Answer(str(line.label), line.url, line.icon, kind=_("Page")) for line in lines if _holds(str(line.label), words)
    ]


def _commands(words: list[str], user: User) -> list[Answer]:
    found = []
    for label, page, permission, icon in COMMANDS:
        if _holds(str(label), words) and (url := _address(page, permission, user)):
            found.append(Answer(str(label), url, icon, kind=_("Action")))
    return found


def _holds(label: str, words: list[str]) -> bool:
    called = _plain_label(label)
    return all(word in called for word in words)


@lru_cache(maxsize=1000)
def _plain_label(label: str) -> str:
    return plain(label)


def _address(page: str, permission: str, user: Any) -> str:
    try:
        return reverse(page) if is_allowed(user, permission) else ""
    except (NoReverseMatch, LookupError):
        return ""
