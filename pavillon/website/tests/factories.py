"""Two portals, the pages of two regions and a few articles, made as editors and commands make them."""

from types import SimpleNamespace

from wagtail.models import Locale

from pavillon.reference.models import Region
from pavillon.solutions.tests import factories as solutions
from pavillon.website.actions import lay_foundations
from pavillon.website.content import PORTALS
from pavillon.website.models import ArticleIndexPage, ArticlePage, RegionIndexPage, RegionPage
from tests.remembered import remembered


def publish(parent, page):
    parent.add_child(instance=page)
    page.save_revision().publish()
    page.refresh_from_db()
    return page


def region_page(code, language="fr", **values):
    locale = Locale.objects.get(language_code=language)
    region = Region.objects.get(pk=code)
    index = RegionIndexPage.objects.get(locale=locale)
    page = RegionPage(title=region.name_fr, slug=region.slug, locale=locale, region=region, **values)
    return publish(index, page)


def article(parent, slug, language="fr", **values):
    locale = Locale.objects.get(language_code=language)
    words = {"title": slug.capitalize(), "summary": f"Tout sur {slug}.", "body": f"<p>Le texte de {slug}.</p>"}
    return publish(parent, ArticlePage(slug=slug, locale=locale, **(words | values)))


def sites():
    """Portals in both languages, Bretagne and Occitanie in French, one national article."""
    portals = lay_foundations(texts=PORTALS, by=None)
    articles = ArticleIndexPage.objects.get(locale__language_code="fr")
    return SimpleNamespace(
        national=portals["fr"],
        english=portals["en"],
        articles=articles,
        bretagne=region_page("53", brand="#1d3b53", accent="#c8442f", logo_text="Bretagne Export"),
        occitanie=region_page("76"),
        article=article(articles, "douane"),
    )


@remembered
def opened_sites():
    """The same on the ground of `solutions`, as a test begins."""
    solutions.ground()
    return sites()
