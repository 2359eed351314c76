"""One box for everything: companies, people, requests, pages, actions.

Rights are part of each statement (`visible_to`), so that nothing hidden is counted, ranked or guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Case, IntegerField, Q, Value, When
from django.db.models.functions import Upper
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.core.permissions import is_allowed
from pavillon.core.policy import may_read
from pavillon.core.reading import note_read
from pavillon.crm.models import Lead
from pavillon.crm.queries.leads import plain
from pavillon.directory.models import Company, Contact
from pavillon.ui.menu import sections_for
from pavillon.workspace.queries.desk import recent_records

PER_GROUP = 6
# One letter matches everything and tells nothing.
SHORTEST = 2


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
    (gettext_lazy("New routing rule"), "crm:create_routing_rule", "crm.create_routing_rule", "route"),
    (gettext_lazy("Simulate the routing"), "crm:simulate_routing", "crm.simulate_routing", "wand-sparkles"),
]


def find(text: str, user: User, *, per_group: int = PER_GROUP) -> list[Group]:
    """Everything that matches, grouped; at most eight statements, the read log included.

    Accents and case do not count, words match anywhere, in any order; names that begin with the text come first.
    When no company contains the words, the nearest names are shown instead, and said to be near.
    """
    words = plain(text).split()
    if len("".join(words)) < SHORTEST:
        return []
    groups = [
        Group(_("Companies"), _companies(words, user, per_group)),
        Group(_("People"), _contacts(text, words, user, per_group)),
        Group(_("Requests"), _leads(words, user, per_group)),
        Group(_("Pages"), _pages(words, user)),
        Group(_("Actions"), _commands(words, user)),
    ]
    return [group for group in groups if group.answers]


def suggestions(user: User) -> list[Group]:
    """What an empty box shows: where one was, and what one can start."""
    recent = [
        Answer(str(row), row.get_absolute_url(), "inbox" if isinstance(row, Lead) else "building-2")
        for row in recent_records(user)
    ]
    groups = [Group(_("Recent"), recent), Group(_("Actions"), _commands([], user))]
    return [group for group in groups if group.answers]


def _all_words(column: str, words: Iterable[str]) -> Q:
    found = Q()
    for word in words:
        found &= Q(**{f"{column}__contains": word})
    return found


def _companies(words: list[str], user: User, limit: int) -> list[Answer]:
    text = " ".join(words)
    number = "".join(words)
    rows = Company.objects.visible_to(user).standing().select_related("region")
    by_number = Q(siren__startswith=number) if number.isdecimal() and len(number) >= 3 else Q(pk__in=[])
    first = Case(When(match_name__startswith=text, then=Value(0)), default=Value(1), output_field=IntegerField())
    found = list(rows.filter(_all_words("match_name", words) | by_number).order_by(first, "match_name", "pk")[:limit])
    is_near = not found and not number.isdecimal()
    if is_near:
        found = list(rows.filter(match_name__trigram_similar=text)[:limit])
    if found:
        note_read(user, Company, how="search", rows=len(found), ids=[row.pk for row in found])
    return [
        Answer(
            label=row.name,
            url=row.get_absolute_url(),
            icon="building-2",
            detail=" · ".join(filter(None, [row.town, str(row.region or ""), _why_company(row, number, is_near)])),
            kind=_("Company"),
        )
        for row in found
    ]


def _why_company(row: Company, number: str, is_near: bool) -> str:
    if is_near:
        return _("name nearly like that")
    return f"SIREN {row.siren}" if row.siren and row.siren.startswith(number) else ""


def _contacts(text: str, words: list[str], user: User, limit: int) -> list[Answer]:
    rows = Contact.objects.visible_to(user).standing().select_related("company")
    is_email = "@" in text and may_read(user, Contact, "email")
    if is_email:
        rows = rows.filter(email_index=blind_index(Contact, "email_index", text))
    else:
        for word in words:
            rows = rows.filter(Q(last_name__unaccent__istartswith=word) | Q(first_name__unaccent__istartswith=word))
    found = list(rows.order_by(Upper("last_name"), "pk")[:limit])
    if found:
        note_read(user, Contact, how="search", rows=len(found), ids=[row.pk for row in found])
    return [
        Answer(
            label=str(row),
            url=row.company.get_absolute_url(),
            icon="user",
            detail=", ".join(
                filter(None, [row.job_title, row.company.name, _("this e-mail address") if is_email else ""])
            ),
            kind=_("Contact"),
        )
        for row in found
    ]


def _leads(words: list[str], user: User, limit: int) -> list[Answer]:
    rows = Lead.objects.visible_to(user).select_related("company").filter(_all_words("search_text", words))
    found = list(rows.order_by("-received_at")[:limit])
    if found:
        note_read(user, Lead, how="search", rows=len(found), ids=[row.pk for row in found])
    return [
        Answer(
            label=row.subject,
            url=row.get_absolute_url(),
            icon="inbox",
            detail=f"{row.reference} · {row.company_label} · {row.get_state_display()}",
            kind=_("Request"),
        )
        for row in found
    ]


def _pages(words: list[str], user: User) -> list[Answer]:
    lines = [
        line
        for area in ("workspace", "agency", "account")
        for _title, lines in sections_for(area, user, "", badges=False)
        for line in lines
    ]
    return [
        Answer(str(line.label), line.url, line.icon, kind=_("Page"))
        for line in lines
        if all(word in plain(str(line.label)) for word in words)
    ]


def _commands(words: list[str], user: User) -> list[Answer]:
    found = []
    for label, page, permission, icon in COMMANDS:
        if all(word in plain(str(label)) for word in words) and (url := _address(page, permission, user)):
            found.append(Answer(str(label), url, icon, kind=_("Action")))
    return found


def _address(page: str, permission: str, user: Any) -> str:
    try:
        return reverse(page) if is_allowed(user, permission) else ""
    except (NoReverseMatch, LookupError):
        return ""
