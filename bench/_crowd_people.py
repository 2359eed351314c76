"""What one of the crowd does, for locust: `python -m locust -f bench/_crowd_people.py`. It knows nothing of Django.

BENCH_CROWD names a file with the sessions and the numbers of records; what was measured is written beside it.
"""

import json
import os
import random
import time
from pathlib import Path

from locust import FastHttpUser, between, events, task

from bench._manners import EXCHANGE, PIECE, READ_ON, asked_together, panels_of

PLAN = Path(os.environ["BENCH_CROWD"])
plan = json.loads(PLAN.read_text())
# What a browser behind the proxy sends.
HEADERS = {
    "Accept": "text/html", "Accept-Language": "fr", "Accept-Encoding": "gzip", "Origin": f"https://{plan['host']}",
    "Host": plan["host"], "X-Forwarded-Proto": "https", "User-Agent": "Mozilla/5.0 Firefox/140.0",
}  # fmt: skip
people = iter(plan["people"])
taken: list[tuple[str, float, str]] = []
began = 0.0


class Person(FastHttpUser):
    """Signed in, asks for a page every twenty seconds, and for the pieces that the page loads."""

    host = plan["server"]
    wait_time = between(10, 30)
    connection_timeout = network_timeout = 60.0

    def on_start(self):
        self.me = next(people)
        self.pages = self.me["pages"]
        self.waiting = list(self.me["leads"])
        # Nobody begins at the same moment as all others.
        time.sleep(random.uniform(0, 20))

    def ask(self, name, path, data=None, accepted=(200,), **headers):
        cookies = f"__Host-session={self.me['session']}; __Host-csrf={plan['token']}"
        told = {**HEADERS, "Cookie": cookies, "X-Forwarded-For": self.me["address"], **headers}
        if data is not None:
            data = {**data, "csrfmiddlewaretoken": plan["token"]}
        with self.client.request(
            "GET" if data is None else "POST", path, data=data, headers=told, name=name, catch_response=True,
            allow_redirects=False,
        ) as answer:  # fmt: skip
            if answer.status_code not in accepted:
                answer.failure(f"{answer.status_code} {answer.headers.get('Location', '') if answer.headers else ''}")
            else:
                answer.success()
            return answer.text or ""

    @task
    def work(self):
        names = list(self.pages)
        name = random.choices(names, [plan["weights"][page] for page in names])[0]
        getattr(self, name, self.open_page)(name)

    def open_page(self, name):
        self.ask(name, self.pages[name])

    def desk(self, name):
        self._with_panels(name, self.pages[name])

    def companies(self, name):
        for piece in PIECE.findall(self.ask(name, self.pages[name])):
            self.ask(f"{name}: a piece", piece.replace("&amp;", "&"), **{"HX-Request": "true"})

    def company(self, name):
        self._with_panels(name, f"/companies/{random.choice(plan['companies'])}/")

    def search(self, name):
        self.ask(name, f"/search/?q={random.choice(plan['words'])}")

    def log_interaction(self, name):
        self.ask(name, f"/companies/{random.choice(plan['companies'])}/log/", EXCHANGE, accepted=(302,))

    def take_charge(self, name):
        if self.waiting:
            self.ask(name, f"/leads/{self.waiting.pop()}/take-charge/", {}, accepted=(302,))
        else:
            self.open_page("leads")

    def _with_panels(self, name, path):
        in_sight, others = panels_of(self.ask(name, path))
        self._ask_panels(f"{name}: the panels in sight", in_sight)
        if others and random.random() < READ_ON:
            time.sleep(random.uniform(1, 5))
            self._ask_panels(f"{name}: the other panels", others)

    def _ask_panels(self, name, panels):
        if panels:
            self.ask(name, asked_together(panels), **{"HX-Request": "true"})


@events.request.add_listener
def note(name, response_time, exception, **_told):
    taken.append((name, time.time(), response_time, str(exception)[:120] if exception else ""))


@events.quitting.add_listener
def write(**_told):
    PLAN.with_suffix(".answers").write_text(json.dumps(taken))
