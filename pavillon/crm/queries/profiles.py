"""Profiles in the reader's words, and the companies of high potential that nobody follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Sum
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.core.policy import may_read
from pavillon.crm.enums import Lifecycle
from pavillon.crm.models import CompanyProfile, Detection, ProfileSettings, Referent
from pavillon.directory.models import Company
from pavillon.reference.models import Region
from pavillon.ui import steady

FACTORS = {
    "industry": gettext_lazy("industry, or a sector of the agency"),
    "size": gettext_lazy("20 to 499 people"),
    "turnover": gettext_lazy("turnover of 2 M€ or more"),
    "market": gettext_lazy("a country is considered or prospected"),
    "first_sales": gettext_lazy("first sales abroad"),
    "asked": gettext_lazy("asked the team within two years"),
    "reachable": gettext_lazy("a website, or somebody who decides is known"),
}
# A reason tells of these columns of a company: who may not read them is not told of it.
TELLS_OF = {
    "industry": ("sector", "activity"),
    "size": ("headcount", "workforce_band"),
    "turnover": ("turnover",),
    "reachable": ("website",),
}
RULE_TELLS_OF = {"card": ("export_class",), "share": ("turnover", "export_turnover"), "turnover": ("export_turnover",)}
CALL_REASONS = {
    "score": gettext_lazy("relevance (half of the export potential)"),
    "base": gettext_lazy("every company"),
    "answers": gettext_lazy("its answers so far"),
    "silence": gettext_lazy("time since the last exchange"),
    "waiting": gettext_lazy("a request of its own is open"),
}
RULES = {
    "card": gettext_lazy("said on the card"),
    "share": gettext_lazy("share of its turnover made abroad"),
    "market": gettext_lazy("sells regularly in a market"),
    "attested": gettext_lazy("attests sales abroad again and again"),
    "turnover": gettext_lazy("has an export turnover"),
    "sold": gettext_lazy("attests a sale abroad"),
    "first_sales": gettext_lazy("first sales in a market"),
    "prospected": gettext_lazy("a market is considered or prospected"),
    "asked": gettext_lazy("asked the team within two years"),
    "score": gettext_lazy("export potential above the threshold"),
    "none": gettext_lazy("no sign of export"),
}


# Nothing was delivered, as long as no room above says otherwise.
_NOTHING = (
    "SELECT NULL::bigint AS company_id, 0 AS services, NULL::timestamptz AS last_service_at, 0 AS sales WHERE false"
)
_told_deliveries = [_NOTHING]


def add_deliveries(statement: str) -> None:
    """A room above tells what was delivered: a statement of company_id, services, last_service_at, and the sales abroad
    attested within three years.

    `statement` may hold `{only}`, which narrows to companies of the table `o`, and ask for `now` and `zone`.
    """
    _told_deliveries[:] = [statement.replace("{only}", "(%(some)s::bigint[] IS NULL OR o.company_id = ANY(%(some)s))")]


def deliveries() -> str:
    """What `actions.compute_profiles` reads services and attested sales from."""
    return _told_deliveries[0]


def settings_in_force() -> ProfileSettings:
    """The thresholds that hold now; those of the product until somebody decides."""
    return ProfileSettings.objects.first() or ProfileSettings()


def profile_of(company: Company, user: User) -> CompanyProfile | None:
    """One statement."""

    def told(user: User, number: int) -> QuerySet[CompanyProfile]:
        return CompanyProfile.objects.visible_to(user).filter(pk=number)[:1]

    return next(iter(steady.rows("profile of a company", user, told, company.pk)), None)


def export_class_of(company: Company | None) -> str:
    """What the card says, else what was computed of the company (`actions.profiles`); "" where neither is known yet."""
    if company is None or company.export_class:
        return company.export_class if company else ""
    profile = getattr(company, "profile", None)
    return profile.export_class if profile else ""


def may_be_told(user: Any, columns: Iterable[str]) -> bool:
    """Whether the privilege matrix lets a person read all these columns of companies."""
    return all(may_read(user, Company, column) for column in columns)


def reasons(points: dict[str, int], words: dict[str, Any], user: Any) -> list[tuple[str, int]]:
    """[(reason in words, points)], the weightiest first; none that tells what the reader may not know."""
    found = [
        (str(words[key]), value)
        for key, value in points.items()
        if value and key in words and may_be_told(user, TELLS_OF.get(key, ()))
    ]
    return sorted(found, key=lambda pair: -abs(pair[1]))


def reason_line(points: dict[str, int], words: dict[str, Any], user: Any) -> str:
    """The reasons on one line: “relevance +36 · its answers +20”."""
    return " · ".join(f"{text} {value:+d}" for text, value in reasons(points, words, user))


@dataclass(frozen=True)
class Potential:
    """A company of the list, with its score opened."""

    company: Company
    profile: CompanyProfile
    factors: list[tuple[str, int]]


def potentials(
    user: User, *, region: str = "", after: tuple[int, int] | None = None, limit: int = 50
) -> list[Potential]:
    """Companies of high potential without a referent, best first, below (score, company) `after`. One statement."""
    threshold = settings_in_force().potential_score
    followed = Referent.objects.current().filter(company=OuterRef("pk"))
    rows: QuerySet[Any] = (
        Company.objects.visible_to(user)
        .standing()
        .filter(profile__score__gte=threshold)
        .exclude(Exists(followed))
        .select_related("profile", "commune", "region", "country")
    )
    if region:
        rows = rows.filter(region=region)
    if after:
        score, number = after
        rows = rows.filter(profile__score__lte=score).exclude(profile__score=score, profile__company__gte=number)
    return [
        Potential(row, row.profile, reasons(row.profile.factors, FACTORS, user))
        for row in rows.order_by("-profile__score", "-profile__company")[:limit]
    ]


def time_saved() -> dict[str, float]:
    """What the list of potentials saved so far: {companies, minutes by hand, minutes here, saved}."""
    told = Detection.objects.aggregate(n=Count("pk"), seconds=Sum("seconds"), by_hand=Sum(F("manual_minutes")))
    here = (told["seconds"] or 0) / 60
    by_hand = told["by_hand"] or 0
    return {"companies": told["n"], "by_hand": by_hand, "here": round(here, 1), "saved": round(by_hand - here, 1)}


def lifecycle_counts(user: User) -> list[tuple[str, int]]:
    """[(lifecycle class, how many companies)] over the whole base."""
    rows = CompanyProfile.objects.visible_to(user).order_by().values("lifecycle").annotate(n=Count("pk"))
    return [(str(Lifecycle(row["lifecycle"]).label), row["n"]) for row in rows]


def rule_in_words(profile: CompanyProfile, user: Any) -> str:
    """The rule that gave the export class, unless it tells what the reader may not know."""
    if not may_be_told(user, RULE_TELLS_OF.get(profile.export_rule, ())):
        return _("restricted")
    return str(RULES.get(profile.export_rule, _("not known")))


def regions() -> QuerySet[Region]:
    """What the list of potentials may be narrowed to."""
    return Region.objects.inhabited()
