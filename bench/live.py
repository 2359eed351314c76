"""From a buyer's enquiry to the screens that wait for it, against PostgreSQL's own NOTIFY"""

import os
import re
import threading
import time
from collections import defaultdict

import psycopg

from bench._crowd import number, plant_demo
from bench._figures import milliseconds
from bench._live import Database, Tab
from bench._web import Visitor, running_server
from launch.bench import Row
from pavillon.activity.stream import CHANNEL, PACE
from pavillon.showroom.models import Product

EVENTS = 50
BARE = "bench_bare"
_COUNT = re.compile(r'data-stage="enquiries"[^>]*data-count="(\d+)"')


class Scene:
    """A buyer who asks, the seller and the agency with their pages open, all over HTTP; and two bare connections."""

    def __init__(self, port: int) -> None:
        self.buyer = Visitor(port).sign_in("greta")
        self.seller, self.agency = Visitor(port).sign_in("marc"), Visitor(port).sign_in("alice")
        self.seller_tab, self.agency_tab = Tab(self.seller), Tab(self.agency)
        self.postgresql, self.bare = Database(CHANNEL), Database(BARE)
        self.notifier = psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)
        shop = number("SELECT shop_id FROM showroom_shoprecipient r JOIN accounts_user u ON u.id = user_id"
                      " WHERE u.email LIKE 'marc@%'")  # fmt: skip
        self.form = f"{Product.objects.on_show().filter(shop=shop)[0].get_absolute_url()}ask/"
        self.buyer.get(self.form)
        self.samples: defaultdict[str, list[float]] = defaultdict(list)

    def bare_round_trip(self) -> None:
        self.bare.forget()
        started = time.perf_counter()
        self.notifier.execute("SELECT pg_notify(%s, '{}')", [BARE])
        self.samples["bare"].append(self.bare.wait_for(lambda _: True) - started)

    def enquiry(self, nth: int) -> None:
        """One event: each screen looks as soon as it is told, and must then show what happened."""
        before = self.enquiries_counted()
        for ear in (self.seller_tab, self.agency_tab, self.postgresql):
            ear.forget()
        started = time.perf_counter()
        screens = [
            threading.Thread(target=self._watch_seller, args=[started]),
            threading.Thread(target=self._watch_agency, args=[started]),
        ]
        for screen in screens:
            screen.start()
        self.shown: dict[str, str] = {}
        sent = self.buyer.post(self.form, kind="question", text=f"Question {nth}: what is the lead time to Sweden?")
        self.samples["sent"].append(sent.seconds)
        for screen in screens:
            screen.join(30)
        number_ = sent.location.rstrip("/").rpartition("/")[2]
        if f"/enquiries/{number_}/" not in self.shown.get("seller", ""):
            raise RuntimeError(f"The seller's list does not show enquiry {number_} after its hint")
        if self._counted(self.shown.get("agency", "")) != before + 1:
            raise RuntimeError("The dashboard did not count the enquiry after its hint")
        told = self.postgresql.wait_for(lambda message: message["topic"] == "showroom.enquiry")
        self.samples["own part"].append(self.samples["seller told"][-1] + started - told)

    def _watch_seller(self, started: float) -> None:
        told = self.seller_tab.wait_for(lambda hint: hint["topic"] == "showroom.enquiry")
        self.shown["seller"] = self.seller.get("/my/shop/enquiries/", HX_Request="true").text
        self.samples["seller told"].append(told - started)
        self.samples["seller sees"].append(time.perf_counter() - started)

    def _watch_agency(self, started: float) -> None:
        told = self.agency_tab.wait_for(lambda hint: hint["topic"] == "reporting.figures")
        self.shown["agency"] = self.agency.get("/reports/", HX_Request="true").text
        self.samples["agency told"].append(told - started)
        self.samples["agency sees"].append(time.perf_counter() - started)

    def enquiries_counted(self) -> int:
        return self._counted(self.agency.get("/reports/", HX_Request="true").text)

    def _counted(self, page: str) -> int:
        found = _COUNT.search(page)
        return int(found[1]) if found else -1


def run() -> list[Row]:
    """Events far enough apart for the stream's pace; between them, a bare notification each."""
    plant_demo()
    with running_server() as port:
        scene = Scene(port)
        for nth in range(EVENTS + 2):
            scene.bare_round_trip()
            scene.enquiry(nth)
            time.sleep(PACE * 1.1)
    # The first two warm caches and connections up.
    samples = {name: taken[2:] for name, taken in scene.samples.items()}
    bare = samples["bare"]
    checked = "fetched again over HTTP and checked"
    pace = f"a group is told at most every {PACE:g} s"
    rows = [
        ("Notification → seller's browser, the stream's own part", "own part", ""),
        ("Enquiry sent → accepted (POST answered)", "sent", "trail, inbox, jobs in one transaction"),
        ("Enquiry sent → seller's browser is told", "seller told", ""),
        ("Enquiry sent → seller's list shows it", "seller sees", checked),
        ("Enquiry sent → dashboard is told", "agency told", pace),
        ("Enquiry sent → dashboard counts it", "agency sees", checked),
    ]
    first = milliseconds("NOTIFY → LISTEN, nothing else", bare, note=f"{EVENTS} events; the limit of this table")
    return [first, *(milliseconds(what, samples[name], bare, note) for what, name, note in rows)]
