"""Cost of pages over HTTP, against a bare Django page with one query in the same process"""

import re
from dataclasses import dataclass, field
from statistics import median

from django.db import connection
from django.urls import reverse
from django.utils import translation

from bench import _crowd
from bench._bare import ADDRESS
from bench._figures import milliseconds
from bench._products import WORDS
from bench._web import Visitor, running_server
from launch.bench import Row
from pavillon.directory.models import Company
from pavillon.showroom.models import Product
from pavillon.showroom.queries.search import CAP, search_products

ROUNDS = 30
WARM_UP = 2
_PANEL = re.compile(r'data-panel="([^"]+)"\s+data-together="([^"]+)"')


@dataclass
class Page:
    """One line of the table: a page, or a page with all its panels, which come in one more answer."""

    what: str
    visitor: Visitor
    path: str
    note: str = ""
    with_pieces: bool = False
    seconds: list[float] = field(default_factory=list)
    statements: list[int] = field(default_factory=list)

    def visit(self) -> None:
        answer = self.visitor.get(self.path)
        seconds, statements = answer.seconds, answer.statements or 1
        if self.with_pieces and (panels := _PANEL.findall(answer.text)):
            asked = "&".join(f"panel={name}" for name, _together in panels)
            loaded = self.visitor.get(f"{panels[0][1]}?{asked}", HX_Request="true")
            seconds, statements = seconds + loaded.seconds, statements + (loaded.statements or 0)
        self.seconds.append(seconds)
        self.statements.append(statements)

    def row(self, bare: list[float] | None) -> Row:
        self.seconds, self.statements = self.seconds[WARM_UP:], self.statements[WARM_UP:]
        count = round(median(self.statements))
        told = f"{count} statement{'s' if count > 1 else ''}"
        return milliseconds(self.what, self.seconds, bare, "; ".join(filter(None, [told, self.note])))


def run() -> list[Row]:
    """Every page once a round, the bare one among them, so that noise hits all alike."""
    _crowd.fill()
    with running_server() as port:
        stranger = Visitor(port)
        pages = [
            Page("A bare Django page: one query, 18 lines", stranger, ADDRESS, "the limit of this table"),
            *_of_the_team(Visitor(port).sign_in("helene")),
            *_of_the_showroom(stranger),
        ]
        for _ in range(WARM_UP + ROUNDS):
            for page in pages:
                page.visit()
    bare = pages[0].row(None)
    return [bare, *(page.row(pages[0].seconds) for page in pages[1:])]


def _of_the_team(adviser: Visitor) -> list[Page]:
    company = Company.objects.get(pk=_crowd.measured_company())
    leads = f"{_crowd.LEADS:,} requests"
    companies = f"{_crowd.SIZE:,} companies"
    word = company.name.split()[0]
    return [
        Page("The desk of an adviser", adviser, reverse("workspace:desk"), leads),
        Page("The desk with its panels", adviser, reverse("workspace:desk"), "one answer for all of them", True),
        Page("Requests, one's own", adviser, reverse("crm:leads"), leads),
        Page("Requests, all of the region", adviser, f"{reverse('crm:leads')}?whose=all", leads),
        Page("Companies", adviser, reverse("directory:companies"), companies),
        Page("Companies, one word", adviser, f"{reverse('directory:companies')}?q={word}", companies),
        Page("A company", adviser, company.get_absolute_url(), f"{_crowd.LONG_TIMELINE} exchanges"),
        Page("A company with its panels", adviser, company.get_absolute_url(), "one answer for all of them", True),
        Page("Search over everything, one word", adviser, f"{reverse('workspace:search')}?q={word}", companies),
    ]


def _of_the_showroom(stranger: Visitor) -> list[Page]:
    with translation.override("en"):
        search = reverse("showroom:search")
        product = Product.objects.on_show().order_by("-quality", "pk")[0].get_absolute_url()
    common, rare = _word("length(word) > 5", "entries DESC"), _word("entries BETWEEN 4 AND 20 AND word = ANY(%s)")
    words = {
        "The showroom's search, a rare word": rare,
        "The showroom's search, a common word": common,
        "The showroom's search, a misspelt word": common[:2] + common[3] + common[2] + common[4:],
        "The showroom's search, the beginning of a word": common[:3],
        "The showroom's search, two words": f"{common} {rare}",
    }
    return [
        Page("The showroom's search, no word", stranger, search, f"{_crowd.SIZE:,} products"),
        *(Page(what, stranger, f"{search}?q={text.replace(' ', '+')}", _found(text)) for what, text in words.items()),
        Page("A product", stranger, product),
    ]


def _word(which: str, order: str = "word") -> str:
    """A word of the search's vocabulary; %s in `which` stands for the words of the invented products."""
    sql = f"SELECT word FROM showroom_searchword WHERE {which} ORDER BY {order}, word LIMIT 1"
    with connection.cursor() as cursor:
        cursor.execute(sql, [WORDS] * which.count("%s"))
        return str(cursor.fetchone()[0])


def _found(text: str) -> str:
    hits = search_products(text)
    if not hits.total:
        raise RuntimeError(f"“{text}” finds nothing: choose a word that the invented products use")
    return f"“{text}”: {hits.total:,}{'+' if hits.total == CAP else ''} found"
