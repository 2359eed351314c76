"""The settings of campaigns, those that one may choose, and the one that a link names."""

from typing import Any

from django.utils.text import slugify

from pavillon.campaigns.models import Campaign, CampaignQuerySet, CampaignSettings
from pavillon.core.wall import house


def present_settings() -> CampaignSettings:
    """The settings of campaigns; those of the model as long as nobody stored others."""
    return CampaignSettings.objects.filter(pk=1).first() or CampaignSettings(pk=1)


def campaigns_to_choose(request: Any) -> CampaignQuerySet:
    """Those that a list may be narrowed to: still offered, and the one that is asked for (`?campaign=`)."""
    if request is None:
        return Campaign.objects.none()
    asked = request.GET.get("campaign", "")
    seen = Campaign.objects.visible_to(request.user)
    chosen = seen.filter(pk=asked) if asked.isdecimal() and len(asked) < 12 else seen.none()
    return (seen.filter(pk__in=seen.offered().order_by().values("pk")) | chosen).order_by("-starts_on", "-pk")


@house()
def campaign_of_code(code: str) -> Campaign | None:
    """The campaign that a link of a public page names, whoever follows it; None for a code that says nothing (now)."""
    code = code.strip().upper()
    return Campaign.objects.filter(code=code, closed_at__isnull=True).first() if 0 < len(code) <= 24 else None


@house()
def free_code(name: str) -> str:
    """A code from the words of a name, with a number where another campaign has it, whoever sees that one."""
    words = slugify(name).replace("_", "-").upper().strip("-")[:18].strip("-") or "CAMPAIGN"
    taken = set(Campaign.objects.filter(code__startswith=words).values_list("code", flat=True))
    return next(code for code in (words, *(f"{words}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
