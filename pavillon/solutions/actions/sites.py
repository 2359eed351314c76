"""Since when a region has its own site."""

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.reference.models import Region
from pavillon.solutions.models import RegionSite


@transaction.atomic
def open_region_site(*, region: Region, by: User | None) -> RegionSite:
    """A region's site is public: it counts from today, or again."""
    site, is_new = RegionSite.objects.get_or_create(region=region, defaults={"live_since": timezone.localdate()})
    if is_new or site.closed_on is not None:
        site.closed_on = None
        site.save(update_fields=["closed_on"])
        record("solutions.region_site_opened", region, by=by)
    return site


@transaction.atomic
def close_region_site(*, region: Region, by: User | None) -> None:
    """A region's site was taken down: it no longer counts from today."""
    changed = RegionSite.objects.filter(region=region, closed_on__isnull=True).update(closed_on=timezone.localdate())
    if changed:
        record("solutions.region_site_closed", region, by=by)
