"""The name and the colours of a regional site on the pages of rooms below."""

from collections.abc import Callable
from urllib.parse import urlencode

from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import escape, format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.links import PARAMETER, add_landing
from pavillon.solutions.queries.sites import region_of
from pavillon.ui.menu import add_entry
from pavillon.ui.panels import add_piece
from pavillon.website import composing
from pavillon.website.models import RegionPage
from pavillon.website.queries import compose, find_region_page
from pavillon.website.themes import theme_url


def site_of(request: HttpRequest) -> RegionPage | None:
    """The regional site of this page, looked up once a request."""
    if not hasattr(request, "site_page"):
        region = region_of(request)
        request.site_page = find_region_page(region) if region else None  # type: ignore[attr-defined]
    return request.site_page  # type: ignore[attr-defined, no-any-return]


def draw_theme(request: HttpRequest) -> str:
    site = site_of(request)
    return format_html('<link rel="stylesheet" href="{}">', theme_url(site)) if site else ""


def draw_name(request: HttpRequest) -> str:
    site = site_of(request)
    return escape(site.logo_text or site.title) if site else ""


def draw_words(request: HttpRequest) -> str:
    site = site_of(request)
    return escape(site.logo_words) if site else ""


def draw_url(request: HttpRequest) -> str:
    site = site_of(request)
    return escape(site.url) if site else ""


add_piece("site.theme", draw_theme)
add_piece("site.name", draw_name)
add_piece("site.words", draw_words)
add_piece("site.url", draw_url)
add_entry(
    area="public", label=_("Regions"), url_name="website_pages:regions", permission="public", icon="map", order=40
)
add_entry(
    area="public",
    label=_("Contact"),
    url_name="website_pages:leave_message",
    permission="public",
    icon="mail",
    order=90,
)


def contact_form_in(language: str) -> Callable[[Campaign], str]:
    """The contact form in one language, of the campaign's region, with its code."""

    def path(campaign: Campaign) -> str:
        region = campaign.region.slug if campaign.region else ""
        said = {name: value for name, value in (("region", region), (PARAMETER, campaign.code)) if value}
        with override(language):
            return f"{reverse('website_pages:leave_message')}?{urlencode(said)}"

    return path


add_landing(_("Contact form in French"), contact_form_in("fr"))
add_landing(_("Contact form in English"), contact_form_in("en"))
composing.provide(compose)
