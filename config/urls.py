"""Every address of the product. Rooms that are not yet built are skipped."""

from importlib.util import find_spec

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from config import health


def mount(prefix: str, module: str) -> list:
    """A room's pages, when the room is there."""
    room = module.rsplit(".", 1)[0]
    return [path(prefix, include(module))] if find_spec(room) and find_spec(module) else []


handler500 = "config.health.broken"
urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    *mount("", "pavillon.accounts.urls"),
    *mount("", "pavillon.federation.urls"),
    *mount("", "pavillon.activity.urls"),
    *mount("security/", "pavillon.security.urls"),
    *mount("vigilance/", "pavillon.vigilance.urls"),
    *mount("", "pavillon.feedback.urls"),
    *mount("continuity/", "pavillon.continuity.team_urls"),
    *mount("data-protection/", "pavillon.privacy.team_urls"),
    *mount("", "pavillon.curation.urls"),
    *mount("", "pavillon.directory.urls"),
    *mount("", "pavillon.intake.urls"),
    *mount("", "pavillon.segments.urls"),
    *mount("", "pavillon.agenda.urls"),
    *mount("", "pavillon.campaigns.urls"),
    *mount("", "pavillon.crm.urls"),
    *mount("my/", "pavillon.crm.company_urls"),
    *mount("my/", "pavillon.solutions.company_urls"),
    *mount("", "pavillon.correspondence.urls"),
    *mount("", "pavillon.services.urls"),
    *mount("", "pavillon.care.urls"),
    *mount("my/", "pavillon.services.company_urls"),
    *mount("my/", "pavillon.care.company_urls"),
    *mount("", "pavillon.loyalty.urls"),
    *mount("my/", "pavillon.loyalty.company_urls"),
    *mount("", "pavillon.solutions.team_urls"),
    *mount("my/", "pavillon.showroom.company_urls"),
    *mount("", "pavillon.showroom.team_urls"),
    *mount("", "pavillon.reporting.urls"),
    *mount("", "pavillon.workspace.urls"),
    *mount("api/", "pavillon.interchange.urls"),
    *mount("api/", "pavillon.interchange.api_urls"),
    *mount("scim/v2/", "pavillon.interchange.scim_urls"),
    *mount("ui/", "pavillon.ui.urls"),
    *mount("", "pavillon.website.urls"),
    *i18n_patterns(
        *mount("", "pavillon.privacy.urls"),
        *mount("", "pavillon.continuity.urls"),
        *mount("", "pavillon.reference.urls"),
        *mount("", "pavillon.solutions.urls"),
        *mount("showroom/", "pavillon.showroom.urls"),
        *mount("", "pavillon.website.page_urls"),  # Wagtail's catch-all is last
        prefix_default_language=True,
    ),
]
