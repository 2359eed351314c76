"""1,800 people at once over HTTP (locust), each with a page every 20 seconds, against a bare Django page"""

import json
import os
import secrets
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import psutil
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connection, transaction
from django.utils import timezone

from bench import _crowd
from bench._bare import ADDRESS
from bench._web import Visitor, running_server
from launch.bench import Row
from launch.folders import ROOT
from launch.packages import extra_packages
from pavillon.accounts.enums import ROLES_OF_KIND, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.accounts.queries import ENTERED_AT, USED_AT

# A crowd that two cores carry, told page by page; then the one that is wanted.
SIZES = [int(size) for size in os.environ.get("BENCH_CROWD_PEOPLE", "150,1800").split(",")]
PEOPLE = max(SIZES)
SECONDS = int(os.environ.get("BENCH_CROWD_SECONDS", "50"))
# Cold processes put each question together once, and each connection plans it once.
ARRIVAL = int(os.environ.get("BENCH_CROWD_ARRIVAL", "120"))
WORKERS = os.environ.get("WEB_WORKERS", "2")
HOST, DOMAIN = "localhost", "foule.example"
WANTED = 300.0
# How often each thing is done, of a hundred.
WEIGHTS = {
    "desk": 20, "leads": 14, "companies": 12, "company": 14, "board": 7, "agenda": 8, "search": 7,
    "log_interaction": 5, "take_charge": 2, "unread": 11,
}  # fmt: skip
NAMES = {
    "desk": "The desk", "leads": "Requests", "companies": "Companies", "company": "A company", "board": "The board",
    "agenda": "The agenda, a week", "search": "Search over everything", "log_interaction": "An exchange is logged",
    "take_charge": "A request is taken in charge", "unread": "The bell counts again",
}  # fmt: skip
PAGES = {
    "desk": "/desk/", "leads": "/leads/", "companies": "/companies/", "board": "/leads/?view=board",
    "agenda": "/agenda/", "unread": "/inbox/unread/",
}  # fmt: skip
_LEADS = """
UPDATE crm_lead SET adviser_id = seat.user_id, team_id = seat.organisation_id, region_id = seat.region_id,
    state = 'assigned', taken_at = NULL, take_charge_minutes = NULL, next_action = '', next_action_on = NULL
FROM (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place FROM crm_lead
    WHERE state = 'taken' AND subject LIKE 'Exporter vers l’Allemagne %%' ORDER BY id LIMIT %(people)s) lead
JOIN (SELECT user_id, organisation_id, region_id, row_number() OVER (ORDER BY seat.id) - 1 AS place
    FROM accounts_membership seat JOIN accounts_organisation o ON o.id = organisation_id
    JOIN accounts_user person ON person.id = user_id
    WHERE role = 'adviser' AND region_id IS NOT NULL AND email LIKE %(like)s) seat USING (place)
WHERE crm_lead.id = lead.id
"""


def run() -> list[Row]:
    """Each crowd has ARRIVAL seconds to arrive and to settle, then SECONDS that count.

    Nobody types a password: sessions are laid into the table.
    """
    with gathered() as (plan, port):
        return [row for size in SIZES for row in _measured({**plan, "people": plan["people"][:size]}, port)]


@contextmanager
def gathered() -> Iterator[tuple[dict[str, Any], int]]:
    """A server as in production, what the crowd does there ({people, companies, words, weights}), and its port."""
    _crowd.fill()
    people = _people()
    with connection.cursor() as cursor:
        cursor.execute(_LEADS, {"people": len(people), "like": f"%@{DOMAIN}"})
    plan = _plan(people)
    with running_server("bench._crowd_settings", WORKERS) as port:
        plan |= {"server": f"http://127.0.0.1:{port}", "host": HOST, "token": secrets.token_hex(16)}
        _leave_out_closed_pages(plan, port)
        yield plan, port


def _people() -> list[User]:
    """Advisers, team managers and partners of every organisation in turn, written without a trail: only to measure."""
    known = list(User.objects.filter(email__endswith=f"@{DOMAIN}").order_by("pk"))
    new = [
        User(email=f"f{nth:04}@{DOMAIN}", first_name="Foule", last_name=f"{nth:04}", language="fr", password="!")
        for nth in range(len(known), PEOPLE)
    ]
    wanted = (Role.ADVISER, Role.PRIVATE_PARTNER)
    kinds = {kind: next((role for role in wanted if role in roles), None) for kind, roles in ROLES_OF_KIND.items()}
    places = list(Organisation.objects.filter(kind__in=[k for k, role in kinds.items() if role]).order_by("pk"))
    with transaction.atomic():
        User.objects.bulk_create(new)
        seats = []
        for nth, person in enumerate(new):
            place = places[nth % len(places)]
            role = kinds[place.kind]
            # One of twelve looks after a team.
            if role == Role.ADVISER and nth % 12 == 0 and Role.TEAM_MANAGER in ROLES_OF_KIND[place.kind]:
                role = Role.TEAM_MANAGER
            seats.append(Membership(user=person, organisation=place, role=role, is_default=True))
        Membership.objects.bulk_create(seats)
        # In production everybody of the team has a second factor.
        Authenticator.objects.bulk_create(Authenticator(user=person, type="totp", data={}) for person in new)
    return [*known, *new][:PEOPLE]


def _plan(people: list[User]) -> dict[str, Any]:
    """Who comes with which session, and which records they open."""
    now, until = timezone.now(), timezone.now() + timedelta(days=1)
    sessions = []
    for person in people:
        told = {
            SESSION_KEY: str(person.pk),
            BACKEND_SESSION_KEY: "allauth.account.auth_backends.AuthenticationBackend",
            HASH_SESSION_KEY: person.get_session_auth_hash(),
            ENTERED_AT: now.timestamp(),
            USED_AT: now.timestamp(),
        }
        key = secrets.token_hex(16)
        sessions.append(Session(session_key=key, session_data=SessionStore().encode(told), expire_date=until))
    Session.objects.bulk_create(sessions, batch_size=500)
    # As a sign-in leaves them.
    UserSession.objects.bulk_create(
        (
            UserSession(user=person, session_key=session.session_key, ip="10.0.0.1", user_agent="Firefox")
            for person, session in zip(people, sessions, strict=True)
        ),
        batch_size=500,
    )
    leads: dict[int, list[int]] = {}
    with connection.cursor() as cursor:
        cursor.execute("SELECT adviser_id, id FROM crm_lead WHERE state = 'assigned' AND adviser_id IS NOT NULL")
        for adviser, lead in cursor.fetchall():
            leads.setdefault(adviser, []).append(lead)
        cursor.execute("SELECT id, name FROM directory_company WHERE NOT is_sensitive ORDER BY random() LIMIT 5000")
        companies = cursor.fetchall()
        cursor.execute(
            "SELECT user_id, min(role) FROM accounts_membership WHERE user_id = ANY(%s) GROUP BY user_id",
            [[person.pk for person in people]],
        )
        roles = dict(cursor.fetchall())
    return {
        "weights": WEIGHTS,
        "companies": [key for key, _name in companies],
        "words": [name.split()[0] for _key, name in companies[:200]],
        "people": [
            {
                "session": session.session_key,
                "role": roles[person.pk],
                "address": f"10.{person.pk >> 16 & 255}.{person.pk >> 8 & 255}.{person.pk & 255}",
                "leads": leads.get(person.pk, [])[:20],
                "pages": dict(PAGES, company="", search="", log_interaction="", take_charge=""),
            }
            for person, session in zip(people, sessions, strict=True)
        ],
    }


def _leave_out_closed_pages(plan: dict[str, Any], port: int) -> None:
    """A role does what its pages let it do: each is asked once before."""
    closed: dict[str, set[str]] = {}
    for role in {person["role"] for person in plan["people"]}:
        someone = next(person for person in plan["people"] if person["role"] == role)
        visitor = Visitor(port, {"__Host-session": someone["session"], "__Host-csrf": plan["token"]})
        told = {"Host": HOST, "X-Forwarded-Proto": "https", "X-Forwarded-For": someone["address"]}
        company = plan["companies"][0]
        asked = {**PAGES, "company": f"/companies/{company}/", "search": "/search/?q=a"}
        found = {name: visitor.ask("GET", path, **told).status for name, path in asked.items()}
        closed[role] = {name for name, status in found.items() if status != 200}
        may = visitor.ask("GET", f"/companies/{company}/timeline/", **told)
        if "/log/" not in may.text:
            closed[role].add("log_interaction")
        if "leads" in closed[role]:
            closed[role].add("take_charge")
    if all("desk" in pages for pages in closed.values()):
        raise RuntimeError("Nobody of the crowd opens the desk: the sessions are not taken")
    for person in plan["people"]:
        person["pages"] = {name: path for name, path in person["pages"].items() if name not in closed[person["role"]]}


@dataclass
class Spent:
    """Processor seconds of one kind of process between two moments."""

    server: float
    database: float
    generator: float

    @classmethod
    def now(cls, server: psutil.Process, generator: psutil.Process) -> "Spent":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")
            backends = [key for (key,) in cursor.fetchall()]
        return cls(_of_tree(server), sum(_of(key) for key in backends), _of_tree(generator))


def _of_tree(process: psutil.Process) -> float:
    return sum(_of(each.pid) for each in [process, *process.children(recursive=True)])


def _of(pid: int) -> float:
    try:
        times = psutil.Process(pid).cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return times.user + times.system


def _measured(plan: dict[str, Any], port: int) -> list[Row]:
    file = Path(settings.DATA) / "bench-crowd.json"
    file.write_text(json.dumps(plan))
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(extra_packages("bench")), str(ROOT)]),
        "BENCH_CROWD": str(file),
    }
    environment.pop("DJANGO_SETTINGS_MODULE", None)
    people = len(plan["people"])
    command = [
        *(sys.executable, "-m", "locust", "-f", "bench/_crowd_people.py", "--headless", "--only-summary"),
        *("--users", str(people), "--spawn-rate", str(max(1, people // (ARRIVAL // 2)))),
        *("--run-time", f"{ARRIVAL + SECONDS}s", "--stop-timeout", "2", "--exit-code-on-error", "0"),
    ]
    bare: list[float] = []
    server = next(child for child in psutil.Process().children() if "granian" in " ".join(child.cmdline()))
    with (Path(settings.DATA) / "log" / "bench-crowd.log").open("w") as out:
        generator = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=out, stderr=out)
        time.sleep(ARRIVAL)
        began, before = time.time(), Spent.now(server, psutil.Process(generator.pid))
        ended = threading.Event()
        asker = threading.Thread(target=_ask_bare, args=(port, bare, ended))
        asker.start()
        while generator.poll() is None and time.time() < began + SECONDS - 2:
            time.sleep(0.2)
        over, after = time.time(), Spent.now(server, psutil.Process(generator.pid))
        ended.set()
        asker.join()
        generator.wait(timeout=120)
    answers = json.loads(file.with_suffix(".answers").read_text())
    # What began before the crowd was whole is not counted.
    counted = [(name, spent, error) for name, at, spent, error in answers if began <= at <= over]
    rows = _rows(counted, bare, over - began, people, before, after)
    return [replace(row, what=f"{people:,}: {row.what}") for row in rows]


def _ask_bare(port: int, bare: list[float], ended: threading.Event) -> None:
    """The reference stands in the same line of waiting requests, once a second."""
    visitor = Visitor(port)
    while not ended.wait(1):
        try:
            answer = visitor.get(ADDRESS, Host=HOST, X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.1")
            bare.append(answer.seconds * 1000)
        except (OSError, RuntimeError):
            visitor = Visitor(port)


def _rows(
    answers: list[tuple[str, float, str]], bare: list[float], seconds: float, people: int, before: Spent, after: Spent
) -> list[Row]:
    errors = Counter(error for _name, _spent, error in answers if error)
    kinds = sorted({name for name, _spent, _error in answers}, key=lambda name: (name.split(":")[0], name))
    limit = median(bare) if bare else None
    rows = [
        Row("A bare Django page: one query, 18 lines", limit or 0, "ms", note=f"the limit; {_tail(bare)}", p50=limit)
    ]
    for kind in kinds:
        spent = [took for name, took, _error in answers if name == kind]
        head, _colon, rest = kind.partition(":")
        failed = sum(1 for name, _took, error in answers if name == kind and error)
        note = f"{len(spent)} answers; {_tail(spent)}" + (f"; {failed} errors" if failed else "")
        rows.append(_row(f"{NAMES.get(head, head)}{':' + rest if rest else ''}", spent, limit, note))
    everything = [took for _name, took, _error in answers]
    told = "; ".join(f"{count} × {error}" for error, count in errors.most_common(3))
    total = f"{people} people, {sum(errors.values())} errors{f' ({told})' if told else ''}; wanted: p95 {WANTED:.0f} ms"
    rows.append(_row("All answers", everything, limit, f"{_tail(everything)}; {total}"))
    rate = len(answers) / seconds
    rows.append(Row("Answers", rate, "a second", note=f"{WORKERS} web processes, {os.cpu_count()} cores"))
    for name, spent in (
        ("Processor: server", after.server - before.server),
        ("Processor: PostgreSQL", after.database - before.database),
        ("Processor: the crowd itself", after.generator - before.generator),
    ):
        rows.append(Row(name, spent / seconds, "cores", note=f"{spent / max(len(answers), 1) * 1000:.1f} ms an answer"))
    return rows


def _row(what: str, spent: list[float], limit: float | None, note: str) -> Row:
    p95 = quantiles(spent, n=20)[-1] if len(spent) > 1 else None
    return Row(what, median(spent), "ms", p50=median(spent), p95=p95, limit=limit, note=note)


def _tail(spent: list[float]) -> str:
    return f"p99 {quantiles(spent, n=100)[-1]:,.0f} ms" if len(spent) > 1 else "too few"
