"""From which regional site somebody comes. The address says it (`?region=bretagne`): no cookie."""

from django.http import HttpRequest

from pavillon.reference.models import Region
from pavillon.solutions.models import Diagnosis


def region_of(request: HttpRequest) -> Region | None:
    """The region that the address or the posted form names; None on the national site or for a wrong name."""
    slug = request.POST.get("region") or request.GET.get("region") or ""
    known = getattr(request, "site_region", None)
    if known is not None:
        return known
    found = Region.objects.filter(slug=slug).first() if slug else None
    request.site_region = found  # type: ignore[attr-defined]
    return found


def region_of_diagnosis(request: HttpRequest, diagnosis: Diagnosis) -> Region | None:
    """The pages of a diagnosis wear the colours of the site where it was started."""
    request.site_region = diagnosis.region  # type: ignore[attr-defined]
    return diagnosis.region
