"""The next days of somebody's agenda with a sheet for each company to visit, for where no network may be."""

import datetime
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import Day, agenda_of
from pavillon.core.policy import may_read
from pavillon.crm.models import Interaction, Lead
from pavillon.directory.models import Company, Contact

# What lies on the device is what the next visits need, and no more.
DAYS, SHEETS = 7, 20
PEOPLE, EXCHANGES, REQUESTS = 5, 3, 5


@dataclass
class Sheet:
    """What one wants to know before a door: the company, its people, what was last said, what is open."""

    company: Company
    people: list[Contact] = field(default_factory=list)
    exchanges: list[Interaction] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)


@dataclass
class OnTheWay:
    """`made_at` is the moment at which all this was true."""

    made_at: datetime.datetime
    days: list[Day]
    sheets: list[Sheet]


def agenda_on_the_way(user: User) -> OnTheWay:
    """Seven statements, and those of the rooms whose entries stand in the agenda.

    Entries that name a sensitive company, and its sheet, are left out: they never lie on a device (ledger SEC-16).
    """
    today = timezone.localdate()
    days = agenda_of(user, user, today, today + datetime.timedelta(days=DAYS))
    for day in days:
        for lines in (day.lines, day.whole):
            lines[:] = [line for line in lines if line.entry and not _is_sensitive(line.entry)]
    entries = [line.entry for day in days for line in (*day.whole, *day.lines) if line.entry]
    wanted = list(dict.fromkeys(entry.company_id for entry in entries if entry.company_id))[:SHEETS]
    return OnTheWay(timezone.now(), days, _sheets(wanted, user))


def _is_sensitive(entry: Entry) -> bool:
    return entry.company is not None and entry.company.is_sensitive


def _sheets(wanted: list[int], user: User) -> list[Sheet]:
    seen = Company.objects.visible_to(user).standing().filter(pk__in=wanted, is_sensitive=False)
    sheets = {company.pk: Sheet(company) for company in seen.select_related("commune")}
    people = Contact.objects.visible_to(user).standing().filter(company__in=sheets)
    _deal(people.order_by("-is_decision_maker", "pk"), sheets, "people", PEOPLE)
    if may_read(user, Interaction, "summary"):
        said = Interaction.objects.visible_to(user).with_people().filter(company__in=sheets)
        _deal(said.order_by("-happened_at", "-pk"), sheets, "exchanges", EXCHANGES)
    _deal(Lead.objects.visible_to(user).open().filter(company__in=sheets).order_by("-pk"), sheets, "leads", REQUESTS)
    return [sheets[number] for number in wanted if number in sheets]


def _deal(rows: Any, sheets: dict[int, Sheet], name: str, most: int) -> None:
    """The first rows of each company; what a company has beyond is not looked through without end."""
    found: dict[int, list[Any]] = defaultdict(list)
    for row in rows[: 50 * SHEETS]:
        if len(found[row.company_id]) < most:
            found[row.company_id].append(row)
    for number, mine in found.items():
        setattr(sheets[number], name, mine)
