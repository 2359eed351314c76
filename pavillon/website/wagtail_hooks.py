"""Each public page that is really asked for (not a preview) is counted."""

from typing import Any

from django.http import HttpRequest
from wagtail import hooks
from wagtail.admin.views.account import AvatarSettingsPanel
from wagtail.models import Page

from pavillon.solutions.queries.sites import region_of
from pavillon.website import actions
from pavillon.website.forms import PortraitForm
from pavillon.website.models import ArticlePage, PublicPage, RegionPage

# Wagtail has settings for the forms of pictures and documents, none for this one.
AvatarSettingsPanel.form_class = PortraitForm


@hooks.register("before_serve_page")
def count_the_visit(page: Page, request: HttpRequest, serve_args: Any, serve_kwargs: Any) -> None:
    """A view is a GET of a published page; HEAD and the editor's previews are none."""
    if request.method != "GET" or not isinstance(page, PublicPage):
        return
    site = page if isinstance(page, RegionPage) else page.own_region_page if isinstance(page, ArticlePage) else None
    actions.count_visit(request=request, region=site.region if site else region_of(request))
