"""Asks in turn, in one thread of this process, what the crowd asks for; says what each kind of answer cost.

Run by bench/actions.py with the settings of the crowd's server: `python -m bench._actions PLAN`. One line of JSON.
"""

import cProfile
import gc
import io
import json
import os
import pstats
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from http import HTTPStatus
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode

from django.core.wsgi import get_wsgi_application

from bench._manners import EXCHANGE, PIECE, READ_ON, asked_together, panels_of

ROUNDS = ("warm", "timed", "counted")
BARE = "bare"


class Asker:
    """One visitor after the other, each with a session of the plan."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self.plan = plan
        self.app = get_wsgi_application()
        # Once the rooms are there.
        from bench._bare import BareDjango

        self.bare = BareDjango()
        self.costs: dict[str, list[tuple[float, float]]] = defaultdict(list)
        self.counted: dict[str, Counter[str]] = defaultdict(Counter)
        self.profile = cProfile.Profile()
        self.profiled = os.environ.get("BENCH_PROFILE", "")
        self.round = "warm"
        self.backends: list[Path] = []
        self.chance = random.Random()

    def go(self, actions: int) -> None:
        # As a web process does (config/asgi.py).
        gc.collect()
        gc.freeze()
        for self.round in ROUNDS:
            # The same people with the same wishes each round; a request is taken in charge but once.
            self.chance.seed(11)
            self.backends = _backends()
            many = actions if self.round != "counted" else actions // 3
            for nth in range(many):
                if nth % 10 == 0:
                    self.ask(self.plan["people"][0], BARE, "/bench/bare/", app=self.bare)
                self.act(self.chance.choice(self.plan["people"]))

    def act(self, person: dict[str, Any]) -> None:
        plan, chance = self.plan, self.chance
        names = list(person["pages"])
        name = chance.choices(names, [plan["weights"][page] for page in names])[0]
        company = f"/companies/{chance.choice(plan['companies'])}/"
        if name in ("desk", "company"):
            self.with_panels(person, name, person["pages"][name] or company)
        elif name == "companies":
            for piece in PIECE.findall(self.ask(person, name, person["pages"][name])):
                self.ask(person, f"{name}: a piece", piece.replace("&amp;", "&"), HTTP_HX_REQUEST="true")
        elif name == "search":
            self.ask(person, name, f"/search/?q={chance.choice(plan['words'])}")
        elif name == "log_interaction":
            self.ask(person, name, f"{company}log/", EXCHANGE)
        elif name == "take_charge":
            if person["leads"] and self.round == "timed":
                self.ask(person, name, f"/leads/{person['leads'].pop()}/take-charge/", {})
        else:
            self.ask(person, name, person["pages"][name])

    def with_panels(self, person: dict[str, Any], name: str, path: str) -> None:
        in_sight, others = panels_of(self.ask(person, name, path))
        self.panels(person, f"{name}: the panels in sight", in_sight)
        if self.chance.random() < READ_ON:
            self.panels(person, f"{name}: the other panels", others)

    def panels(self, person: dict[str, Any], name: str, panels: list[tuple[str, str]]) -> None:
        if panels:
            self.ask(person, name, asked_together(panels), HTTP_HX_REQUEST="true")

    def ask(
        self, person: dict[str, Any], name: str, path: str, data: dict[str, str] | None = None, app: Any = None,
        **headers: str,
    ) -> str:  # fmt: skip
        environ = self.environ(person, path, data) | headers
        said: list[str] = []
        # A web process's garbage is looked through in passing, as here.
        with self.watched(name):
            answer = (app or self.app)(environ, lambda status, told, error=None: said.append(status))
            body = b"".join(answer)
            answer.close()
        if int(said[0][:3]) not in (HTTPStatus.OK, HTTPStatus.FOUND):
            raise RuntimeError(f"{name} {path}: {said[0]}")
        return body.decode()

    def environ(self, person: dict[str, Any], path: str, data: dict[str, str] | None) -> dict[str, Any]:
        plan = self.plan
        sent = b"" if data is None else urlencode({**data, "csrfmiddlewaretoken": plan["token"]}).encode()
        path, _mark, query = path.partition("?")
        return {
            "REQUEST_METHOD": "GET" if data is None else "POST", "PATH_INFO": path, "QUERY_STRING": query,
            "SCRIPT_NAME": "", "SERVER_NAME": plan["host"], "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1",
            "REMOTE_ADDR": "127.0.0.1", "HTTP_HOST": plan["host"], "HTTP_ACCEPT": "text/html",
            "HTTP_ACCEPT_LANGUAGE": "fr", "HTTP_ACCEPT_ENCODING": "gzip", "HTTP_ORIGIN": f"https://{plan['host']}",
            "HTTP_X_FORWARDED_PROTO": "https", "HTTP_X_FORWARDED_FOR": person["address"],
            "HTTP_USER_AGENT": "Mozilla/5.0 Firefox/140.0", "CONTENT_LENGTH": str(len(sent)),
            "HTTP_COOKIE": f"__Host-session={person['session']}; __Host-csrf={plan['token']}",
            "CONTENT_TYPE": "application/x-www-form-urlencoded" if sent else "", "wsgi.input": io.BytesIO(sent),
            "wsgi.errors": sys.stderr, "wsgi.url_scheme": "http", "wsgi.version": (1, 0), "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False,
        }  # fmt: skip

    @contextmanager
    def watched(self, name: str) -> Iterator[None]:
        if self.round == "counted":
            with self.counting(name):
                yield
            return
        is_profiled = self.round == "timed" and name == self.profiled
        if is_profiled:
            self.profile.enable()
        database, began = self.of_database(), time.thread_time()
        yield
        spent = time.thread_time() - began
        if is_profiled:
            self.profile.disable()
        if self.round == "timed":
            self.costs[name].append((spent * 1000, self.of_database() - database))

    def of_database(self) -> float:
        """Milliseconds that PostgreSQL's processes behind us have had a core."""
        # The first number: nanoseconds.
        return sum(int(path.read_text().split()[0]) for path in self.backends) / 1e6

    @contextmanager
    def counting(self, name: str) -> Iterator[None]:
        from django.db import connection
        from django.db.models.sql.compiler import SQLCompiler

        from pavillon.core.postgresql.kept import Shelf

        counted = self.counted[name]
        made, prepared = SQLCompiler.as_sql, Shelf._prepared

        def put_together(compiler: Any, *told: Any, **more: Any) -> Any:
            counted["orm"] += 1
            return made(compiler, *told, **more)

        def prepares(shelf: Any, *told: Any) -> Any:
            counted["prepared"] += 1
            return prepared(shelf, *told)

        def asked(execute: Any, *told: Any) -> Any:
            counted["statements"] += 1
            return execute(*told)

        counted["answers"] += 1
        with (
            patch.object(SQLCompiler, "as_sql", put_together),
            patch.object(Shelf, "_prepared", prepares),
            connection.execute_wrapper(asked),
        ):
            yield


def _backends() -> list[Path]:
    """What the kernel keeps of the processes behind this process's connections."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pid FROM pg_stat_activity WHERE application_name = %s", [os.environ["PGAPPNAME"]])
        return [Path(f"/proc/{pid}/schedstat") for (pid,) in cursor.fetchall()]


def main(plan: Path, actions: int) -> None:
    asker = Asker(json.loads(plan.read_text()))
    asker.go(actions)
    if asker.profiled:
        pstats.Stats(asker.profile, stream=sys.stderr).sort_stats(os.environ.get("BENCH_SORT", "tottime")).print_stats(
            60
        )
    print(json.dumps({"costs": asker.costs, "counted": asker.counted}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
