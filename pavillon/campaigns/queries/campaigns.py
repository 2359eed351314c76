"""The settings of campaigns, those that one may choose, and the one that a link names."""

import datetime
import re
from collections.abc import Iterable
from typing import Any

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.text import slugify

from pavillon.accounts.models import User
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
    is_code = re.fullmatch(r"[A-Z0-9-]{1,24}", code)  # Nothing else is asked of the database: it refuses a NUL.
    return Campaign.objects.filter(code=code, closed_at__isnull=True).first() if is_code else None


@house()
def campaign_counting(campaign: int | None, since: datetime.datetime) -> Campaign | None:
    """The campaign by which somebody came at a moment, as long as what he does now counts for it."""
    days = datetime.timedelta(days=present_settings().window_days)
    return Campaign.objects.filter(pk=campaign).first() if campaign and timezone.now() - since <= days else None


class Named:
    """Campaigns that words name whole: by code or by name, whatever the capitals, of those that one may point to.

    `days_after`: how long after its last day words still mean one. Asked once for many words.
    """

    def __init__(self, words: Iterable[str], user: User | None, days_after: datetime.timedelta) -> None:
        self.days_after = days_after
        self.found: dict[str, list[Campaign]] = {}
        keys = {key for word in words if (key := _key(word))}
        if user is None or not keys:
            return
        seen = Campaign.objects.visible_to(user).filter(closed_at__isnull=True)
        rows = seen.annotate(lower=Lower("name")).filter(Q(lower__in=keys) | Q(code__in=[key.upper() for key in keys]))
        for campaign in rows.order_by("pk"):
            for key in {_key(campaign.name), _key(campaign.code)}:
                self.found.setdefault(key, []).append(campaign)

    def of(self, words: str, day: datetime.date) -> Campaign | None:
        """The one that these words name on a day; None where there is none, or more than one."""
        meant = [
            one for one in self.found.get(_key(words), []) if one.starts_on <= day <= one.ends_on + self.days_after
        ]
        return meant[0] if len(meant) == 1 else None


def _key(words: str) -> str:
    return " ".join(words.split()).lower()[:120]


@house()
def free_code(name: str) -> str:
    """A code from the words of a name, with a number where another campaign has it, whoever sees that one."""
    words = slugify(name).replace("_", "-").upper().strip("-")[:18].strip("-") or "CAMPAIGN"
    taken = set(Campaign.objects.filter(code__startswith=words).values_list("code", flat=True))
    return next(code for code in (words, *(f"{words}-{n}" for n in range(2, len(taken) + 3))) if code not in taken)
