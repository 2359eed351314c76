"""Desk, lists, record, board and agenda over the invented country, 1,800 people (make bench-data)"""

import gc
import html
import re
import time
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode

from bench._figures import milliseconds
from bench.lists import bare_page, reader, timed
from launch.bench import NothingPoured, Row

ROUNDS = 20
WARM_UP = 2
# The most that the p95 of a page's server time may be, in milliseconds.
TARGET = 100
_PIECE = re.compile(r'hx-get="([^"]+)"\s+hx-trigger="load\b')
_PANEL = re.compile(r'data-panel="([^"]+)"\s+data-together="([^"]+)"')


@dataclass
class Page:
    """One page as one person opens it; its statements are timed by themselves, since the machine may be busy."""

    what: str
    client: Any
    path: str
    note: str = ""
    with_pieces: bool = False
    seconds: list[float] = field(default_factory=list)
    asked: list[float] = field(default_factory=list)
    processor: list[float] = field(default_factory=list)
    statements: int = 0
    pieces: int = 0

    def visit(self) -> None:
        from django.db import connection

        spent: list[float] = []

        def time_it(execute: Any, *told: Any) -> Any:
            began = time.perf_counter()
            try:
                return execute(*told)
            finally:
                spent.append(time.perf_counter() - began)

        began, worked = time.perf_counter(), time.thread_time()
        with connection.execute_wrapper(time_it):
            text = self._answer(self.path)
            pieces = pieces_of(text) if self.with_pieces else []
            for piece in pieces:
                self._answer(piece, headers={"HX-Request": "true"})
        self.seconds.append(time.perf_counter() - began)
        self.processor.append(time.thread_time() - worked)
        self.asked.append(sum(spent))
        self.statements, self.pieces = len(spent), len(pieces)

    def _answer(self, path: str, **told: Any) -> str:
        answer = self.client.get(path, **told)
        if answer.status_code != 200:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.headers.get('Location', '')}")
        return str(answer.content.decode())

    def row(self, bare: list[float]) -> Row:
        asked, worked = self.asked[WARM_UP:], self.processor[WARM_UP:]
        told = [
            f"{self.statements} statements",
            f"PostgreSQL {_spread(asked)}",
            f"Python alone {_spread(worked)}",
        ]
        told += [f"{self.pieces} requests beside the page"] if self.with_pieces else []
        most = None if self.with_pieces else TARGET
        note = "; ".join([*told, *filter(None, [self.note])])
        return milliseconds(self.what, self.seconds[WARM_UP:], bare, note, most)


def _spread(seconds: list[float]) -> str:
    """The least is what it costs when nobody else is served; the others hold what it waited for others."""
    p95 = quantiles(seconds, n=20)[-1]
    return f"{min(seconds) * 1000:.0f} / {median(seconds) * 1000:.0f} / {p95 * 1000:.0f} ms (least / p50 / p95)"


def pieces_of(text: str) -> list[str]:
    """The addresses that a page asks for by itself, all its panels in one, as when one reads it to its end."""
    asked = [html.unescape(piece) for piece in _PIECE.findall(text)]
    panels: dict[str, list[str]] = {}
    for name, together in _PANEL.findall(text):
        panels.setdefault(html.unescape(together), []).append(html.unescape(name))
    return asked + [f"{address}?{urlencode({'panel': names}, doseq=True)}" for address, names in panels.items()]


def run() -> list[Row]:
    """Every page once a round, so that noise hits all alike; the bare Django page before and after, in this process."""
    from django.test.utils import override_settings

    from bench import _team
    from pavillon.accounts.models import User
    from pavillon.vigilance.models import Spending

    adviser = reader()
    place = adviser.memberships.select_related("organisation").get(is_default=True).organisation
    _team.gather(adviser.pk, place.pk, place.region_id)
    manager = User.objects.get(pk=_team.manager_of(place.pk))
    with override_settings(REQUIRE_MFA=False, ALLOWED_HOSTS=["localhost"]):
        pages = [*_of_adviser(adviser), *_of_manager(manager)]
        bare = timed(bare_page())
        # As a web process does once it is loaded (config/asgi.py).
        gc.collect()
        gc.freeze()
        for _ in range(WARM_UP + ROUNDS):
            # Nobody reads so many lists within an hour: the budget of rows would refuse the next one.
            Spending.objects.filter(user__in=[adviser, manager]).delete()
            for page in pages:
                page.visit()
        bare += timed(bare_page())
    people = f"{User.objects.count():,} people"
    first = milliseconds("A bare Django page: one query, 18 lines", bare, note=f"the limit of this table; {people}")
    return [first, *(page.row(bare) for page in pages)]


def _client(person: Any) -> Any:
    from django.test import Client

    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def _of_adviser(adviser: Any) -> list[Page]:
    from django.urls import reverse

    from pavillon.crm.models import Lead, Referent
    from pavillon.directory.models import Company

    client = _client(adviser)
    followed = Referent.objects.filter(adviser=adviser, ends_on=None)
    busiest = Company.objects.filter(pk__in=followed.values("company"), sensitive_marks=None).order_by(
        "-profile__last_exchange_at"
    )
    company = busiest.first()
    lead = Lead.objects.filter(adviser=adviser, state="taken", company__isnull=False).order_by("-received_at").first()
    if company is None or lead is None:
        raise NothingPoured
    leads, agenda = reverse("crm:leads"), reverse("agenda:agenda")
    portfolio = f"a portfolio of {followed.count():,}"
    return [
        Page("The desk of an adviser", client, reverse("workspace:desk"), portfolio),
        Page("The desk of an adviser, with its pieces", client, reverse("workspace:desk"), portfolio, True),
        Page("Companies", client, reverse("directory:companies")),
        Page("Companies, one region, by name", client, f"{reverse('directory:companies')}?region.in=53"),
        Page("Contacts", client, reverse("directory:contacts")),
        Page("A company", client, company.get_absolute_url()),
        Page("A company, with its pieces", client, company.get_absolute_url(), "", True),
        Page("A request", client, lead.get_absolute_url()),
        Page("A request, with its pieces", client, lead.get_absolute_url(), "", True),
        Page("Requests, one's own", client, leads),
        Page("Requests, all of the region", client, f"{leads}?whose=all"),
        Page("The board of requests, one's own", client, f"{leads}?view=board"),
        Page("The board of requests, all of the region", client, f"{leads}?view=board&whose=all"),
        Page("The agenda, a week", client, agenda),
        Page("The agenda, a day", client, f"{agenda}?view=day"),
        Page("The agenda, a month", client, f"{agenda}?view=month"),
        Page("The agendas of the team", client, reverse("agenda:team")),
        Page("Tasks", client, reverse("crm:my_tasks")),
    ]


def _of_manager(manager: Any) -> list[Page]:
    from django.urls import reverse

    client = _client(manager)
    return [
        Page("The desk of a manager", client, reverse("workspace:desk")),
        Page("The desk of a manager, with its pieces", client, reverse("workspace:desk"), "", True),
        Page("A manager: requests of the team", client, f"{reverse('crm:leads')}?whose=team"),
        Page("A manager: the board of the team", client, f"{reverse('crm:leads')}?view=board&whose=team"),
        Page("A manager: agendas of the team", client, reverse("agenda:team")),
        Page("A manager: workload", client, reverse("crm:view_workload")),
    ]
