"""What a page shows once national and regional contents are put together (ledger REG-02, DIAG-07)."""

from dataclasses import dataclass, field
from typing import Any

from django.http import HttpRequest
from django.utils.translation import get_language
from wagtail.models import Page

from pavillon.accounts.queries import team_of_region
from pavillon.reference.models import Region
from pavillon.solutions.queries.catalogue import search_solutions
from pavillon.solutions.queries.sites import region_of
from pavillon.website.models import ArticlePage, NationalPage, RegionPage

# Root, portal, list of articles, article; a region's article lies one level deeper.
NATIONAL_DEPTH = 4


@dataclass
class Piece:
    """One piece of a page, ready to be drawn: what it is, what editors wrote, and the rows that it lists."""

    kind: str
    value: Any
    rows: list[Any] = field(default_factory=list)
    is_inherited: bool = False


def national_page(locale_id: int) -> NationalPage | None:
    """The portal in one language."""
    return NationalPage.objects.live().filter(locale=locale_id).first()


def compose(page: Page, request: HttpRequest) -> dict[str, Any]:
    """The context of any public page."""
    asked = getattr(page, "site_region", None)
    own = page if isinstance(page, RegionPage) else None
    if isinstance(page, ArticlePage):
        own = page.own_region_page
        asked = own.region if own else None
    region = asked or region_of(request)
    request.site_region = region  # type: ignore[attr-defined]
    site = own or (find_region_page(region) if region else None)
    request.site_page = site  # type: ignore[attr-defined]
    context = {"page": page, "self": page, "region": region, "site": site, "alternates": alternates(page)}
    if isinstance(page, NationalPage | RegionPage):
        context |= compose_site(page)
    elif isinstance(page, ArticlePage):
        context["replacement"] = replacement_of(page, site)
    else:
        context["regions"] = live_region_pages(page.locale_id)
        context["articles"] = articles_for(site, page.locale_id, limit=50)
    return context


def compose_site(page: NationalPage | RegionPage) -> dict[str, Any]:
    """Top and pieces of a portal: the page's own where there is something, else the national ones."""
    national = page if isinstance(page, NationalPage) else national_page(page.locale_id)
    source = national or page
    hero = {
        name: getattr(page, f"hero_{name}") or getattr(source, f"hero_{name}") for name in ("eyebrow", "title", "lead")
    }
    region = page.region if isinstance(page, RegionPage) else None
    return {"hero": hero, "pieces": [fill(piece, page, region) for piece in pieces_of(page, national)]}


def pieces_of(page: NationalPage | RegionPage, national: NationalPage | None) -> list[Piece]:
    """The pieces in the page's own order; an "inherited" one is the national piece of that key as it stands."""
    by_key = {block.value["key"]: block for block in national.body if block.value.get("key")} if national else {}
    if not page.body and national is not None:
        return [Piece(block.block_type, block.value, is_inherited=page != national) for block in national.body]
    pieces = []
    for block in page.body:
        if block.block_type != "inherited":
            pieces.append(Piece(block.block_type, block.value))
        elif found := by_key.get(block.value["key"]):
            # A key that the national page no longer has shows nothing rather than an error.
            pieces.append(Piece(found.block_type, found.value, is_inherited=True))
    return pieces


def fill(piece: Piece, page: NationalPage | RegionPage, region: Region | None) -> Piece:
    """Load the rows that a piece lists: one query for each piece that lists something."""
    if piece.kind == "news":
        site = page if isinstance(page, RegionPage) else None
        piece.rows = articles_for(site, page.locale_id, limit=piece.value["count"])
    elif piece.kind == "solutions":
        found = search_solutions(need=piece.value["need"] or "", region=region.pk if region else "")
        own = [row for row in found[:60] if row.regions.all()]
        shared = [row for row in found[:60] if not row.regions.all()]
        piece.rows = ((own if region else []) + shared)[: piece.value["count"]]
    elif piece.kind == "team":
        piece.rows = team_by_organisation(region) if region else live_region_pages(page.locale_id)
    return piece


def team_by_organisation(region: Region) -> list[dict[str, Any]]:
    """The team of a region: [{"organisation", "people": [{"user", "roles"}]}], each person once (ledger IDN-11)."""
    teams: dict[Any, dict[Any, list[str]]] = {}
    for membership in team_of_region(region):
        people = teams.setdefault(membership.organisation, {})
        people.setdefault(membership.user, []).append(membership.get_role_display())
    return [
        {"organisation": house, "people": [{"user": user, "roles": roles} for user, roles in people.items()]}
        for house, people in teams.items()
    ]


def articles_for(site: RegionPage | None, locale_id: int, *, limit: int) -> list[ArticlePage]:
    """Articles newest first: a region's own, then national ones unless replaced or not wanted."""
    if site is None:
        return list(national_articles(locale_id)[:limit])
    found = list(ArticlePage.objects.live().descendant_of(site))
    replaced = [article.replaces_id for article in found if article.replaces_id]
    if site.inherits_articles:
        found += list(national_articles(locale_id).exclude(pk__in=replaced))
    return sorted(found, key=lambda article: article.published_on, reverse=True)[:limit]


def national_articles(locale_id: int) -> Any:
    """Articles that no region wrote: those under the list of articles, three levels under the root."""
    return ArticlePage.objects.live().filter(locale=locale_id, depth=NATIONAL_DEPTH).order_by("-published_on")


def replacement_of(article: ArticlePage, site: RegionPage | None) -> ArticlePage | None:
    """What a region says instead of a national article; None when it says nothing else."""
    if site is None:
        return None
    return ArticlePage.objects.live().descendant_of(site).filter(replaces=article).first()


def live_region_pages(locale_id: int) -> list[RegionPage]:
    """Regions that have their site, by name."""
    return list(RegionPage.objects.live().filter(locale=locale_id).select_related("region").order_by("title"))


def find_region_page(region: Region) -> RegionPage | None:
    """The site of a region in the language of the page."""
    rows = RegionPage.objects.live().filter(region=region).select_related("region", "locale")
    return rows.filter(locale__language_code=(get_language() or "fr")[:2]).first()


def alternates(page: Page) -> dict[str, str]:
    """The same page in each language that it exists in: {language: address}."""
    found = {page.locale.language_code: page.url}
    for translation in page.get_translations().live().select_related("locale"):
        found[translation.locale.language_code] = translation.url
    return {code: url for code, url in found.items() if url}
