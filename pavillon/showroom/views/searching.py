"""A search as its page needs it: what was asked, the answers, the facets, and every address that changes one thing."""

import re
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.showroom.enums import Certification, Condition
from pavillon.showroom.queries import pages, search_products
from pavillon.showroom.queries.search import CAP, KINDS, SORTS
from pavillon.ui.words import number

PER_PAGE = 24
FACETS = ("vertical", "sector", "region", "condition", "certification")
LONGEST_TEXT = 120
CODE = re.compile(r"[\w-]{1,50}")


def country_of(request):
    """The country of a signed-in buyer, "" when it is not known. Nothing is guessed from an address."""
    user = request.user
    return (user.country_id or "") if user.is_authenticated and user.has_role("buyer") else ""


def is_looked_at(request, company):
    """Whether a visit counts as a view: not the company looking at itself, nor the team at work."""
    user = request.user
    if not user.is_authenticated or user.has_role("buyer"):
        return True
    return not user.is_team and company.organisation_id != (user.organisation.pk if user.organisation else None)


@dataclass(frozen=True)
class Option:
    """A line of a facet."""

    value: str
    label: str
    count: int
    is_chosen: bool
    without_url: str


class Search:
    """Reads the address; unknown values are dropped, so a mistyped link still answers."""

    def __init__(self, request, without_hits=False):
        given = request.GET
        self.without_hits = without_hits
        self.action = reverse("showroom:search")
        self.text = "" if without_hits else given.get("q", "").replace("\0", "").strip()[:LONGEST_TEXT]
        self.kind = given.get("kind") if given.get("kind") in KINDS else "product"
        self.sort = given.get("sort") if given.get("sort") in SORTS else "relevance"
        page = given.get("page", "1")
        self.page = max(1, int(page)) if page.isdecimal() and len(page) < 5 else 1
        self.chosen = {facet: sorted({v for v in given.getlist(facet) if CODE.fullmatch(v)}) for facet in FACETS}

    @cached_property
    def hits(self):
        return search_products(
            self.text,
            kind=self.kind,
            verticals=self.chosen["vertical"],
            sectors=self.chosen["sector"],
            regions=self.chosen["region"],
            conditions=self.chosen["condition"],
            certifications=self.chosen["certification"],
            sort=self.sort,
            page=self.page,
            per_page=PER_PAGE,
        )

    @cached_property
    def things(self):
        return pages.things_of(self.hits)

    @cached_property
    def names(self):
        """{facet: {value: name in the reader's language}}."""
        place = 0 if (get_language() or "fr").startswith("fr") else 1
        found = pages.names_of_facets(self.chosen["vertical"])
        named = {facet: {code: names[place] for code, names in rows.items()} for facet, rows in found.items()}
        return named | {"condition": dict(Condition.choices), "certification": dict(Certification.choices)}

    def url(self, **changes):
        """The address of this search with something changed; None or "" takes a part away."""
        parts = {"q": self.text, "kind": self.kind, "sort": self.sort, **self.chosen, **changes}
        if "page" not in changes:
            parts.pop("page", None)
        defaults = {"kind": "product", "sort": "relevance", "page": 1}
        pairs = []
        for name, value in parts.items():
            for one in value if isinstance(value, list) else [value]:
                if one not in (None, "") and one != defaults.get(name):
                    pairs.append((name, one))
        return f"{self.action}?{urlencode(pairs)}" if pairs else self.action

    @property
    def facets(self):
        """[(name, title, [Option])] of the facets that have something to choose."""
        titles = {
            "vertical": _("Vertical"), "sector": _("Sector"), "region": _("Region"), "condition": _("Condition"),
            "certification": _("Certification"),
        }  # fmt: skip
        return [(facet, titles[facet], options) for facet in FACETS if (options := self._options(facet))]

    def _options(self, facet):
        counts = self.hits.facets[facet]
        chosen = self.chosen[facet]
        shown = [
            Option(code, str(name), counts.get(code, 0), code in chosen, self._without(facet, code))
            for code, name in self.names[facet].items()
            if counts.get(code) or code in chosen
        ]
        return (
            shown if facet in ("vertical", "sector", "condition") else sorted(shown, key=lambda o: (-o.count, o.label))
        )

    def _without(self, facet, code):
        return self.url(**{facet: [value for value in self.chosen[facet] if value != code]})

    @property
    def chips(self):
        """What narrows the search, each with the address that takes it away."""
        return [option for _facet, _title, options in self.facets for option in options if option.is_chosen]

    @property
    def chosen_facets(self):
        return [facet for facet in FACETS if self.chosen[facet]]

    @property
    def cleared_url(self):
        return self.url(**{facet: [] for facet in FACETS})

    @property
    def tabs(self):
        """[(kind, label, count as text, address, is current)]."""
        labels = {"company": _("Companies"), "product": _("Products"), "service": _("Services")}
        counts = self.hits.facets["kind"]
        return [
            (kind, labels[kind], self._many(counts.get(kind, 0)), self.url(kind=kind), kind == self.kind)
            for kind in ("product", "service", "company")
        ]

    def _many(self, count):
        return f"{number(CAP)}+" if count > CAP else number(count)

    @property
    def total_text(self):
        return f"{number(CAP)}+" if self.hits.is_capped else number(self.hits.total)

    @property
    def sorts(self):
        labels = {"relevance": _("Relevance"), "newest": _("Newest first"), "price": _("Lowest price first")}
        return [(sort, label, sort == self.sort) for sort, label in labels.items()]

    @property
    def pages(self):
        return max(1, -(-self.hits.total // PER_PAGE))

    @property
    def previous_url(self):
        return self.url(page=self.page - 1) if self.page > 1 else ""

    @property
    def next_url(self):
        return self.url(page=self.page + 1) if self.page < self.pages else ""

    @property
    def verticals(self):
        """Choices of the large search box."""
        return list(self.names["vertical"].items())

    @property
    def only_vertical(self):
        return self.chosen["vertical"][0] if len(self.chosen["vertical"]) == 1 else ""

    @property
    def hidden(self):
        """What the filter form keeps beside its boxes: [(name, value)]."""
        kept = {"q": self.text, "kind": self.kind if self.kind != "product" else ""}
        return [(name, value) for name, value in kept.items() if value]
