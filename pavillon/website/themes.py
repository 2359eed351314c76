"""Where the style sheet of a region is."""

from django.urls import reverse

from pavillon.website.models import RegionPage


def theme_url(site: RegionPage) -> str:
    """The address holds the two colours: it is a new one when they change, so caches need no purge."""
    return reverse("website:theme", args=[f"{site.brand[1:].lower()}-{site.accent[1:].lower()}"])
