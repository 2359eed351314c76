"""What is missing on records, and whose list it belongs to."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.models import Thread
from pavillon.curation.models import CompanyQuality
from pavillon.directory.models import Company
from pavillon.ui import steady

# What a missing part costs of the hundred points, and what to do about it.
GAPS: dict[str, tuple[int, object]] = {
    "siren": (20, _("No SIREN: find it in the register")),
    "contact": (15, _("Nobody is known there: add a contact")),
    "reach": (10, _("No e-mail and no phone: ask for one")),
    "town": (10, _("No town: complete the address")),
    "activity": (10, _("No activity")),
    "stale": (10, _("Nothing changed for a year: check the card")),
    "sector": (8, _("No sector")),
    "workforce": (5, _("No headcount")),
    "website": (4, _("No website")),
    "export": (4, _("Export class not known")),
    "turnover": (4, _("No turnover")),
}
MONTHS_WORKED_ON = 12
SCOPES = ("portfolio", "mine", "organisation", "all")

# Rooms above say which companies somebody answers for: each gives their numbers as a query.
Portfolio = Callable[[User], QuerySet[Any, Any]]
_portfolios: list[Portfolio] = []


def quality_of(company: Company, user: User) -> CompanyQuality | None:
    """How well a company is known, if the reader sees it; None before the night that judges it."""
    return next(iter(steady.rows("quality of a company", user, _quality_of, company.pk)), None)


def _quality_of(user: User, number: int) -> QuerySet[CompanyQuality]:
    return CompanyQuality.objects.visible_to(user).filter(company=number)


def add_portfolio(numbers_of: Portfolio) -> Portfolio:
    """Register a question: the numbers of the companies that a person answers for, as a query of one column."""
    if numbers_of not in _portfolios:
        _portfolios.append(numbers_of)
    return numbers_of


def has_portfolios() -> bool:
    return bool(_portfolios)


def gap_words(gaps: list[str]) -> list[str]:
    """What to do, in the reader's language, the heaviest first."""
    return [str(GAPS[gap][1]) for gap in sorted(gaps, key=lambda gap: -GAPS[gap][0]) if gap in GAPS]


def to_do_list(user: User, whose: str) -> QuerySet[CompanyQuality]:
    """Records to complete, the poorest first: of companies that I answer for ("portfolio"), that I worked on ("mine"),
    of my organisation's region, or all.

    "mine" reads the trail of twelve months: acts of this person about a company.
    """
    found = CompanyQuality.objects.visible_to(user).filter(score__lt=100)
    if whose == "portfolio":
        answers_for = Q()
        for numbers_of in _portfolios:
            answers_for |= Q(company__in=numbers_of(user))
        found = found.filter(answers_for) if _portfolios else found.none()
    elif whose == "mine":
        since = timezone.now() - timedelta(days=30 * MONTHS_WORKED_ON)
        acts = Thread.objects.filter(
            content_type=ContentType.objects.get_for_model(Company),
            object_id=Cast(OuterRef("company_id"), CharField()),
            entry__actor=user,
            entry__happened_at__gte=since,
        )
        found = found.filter(Exists(acts))
    elif whose == "organisation" and user.organisation and user.organisation.region_id:
        found = found.filter(company__region=user.organisation.region_id)
    return found.select_related("company__commune", "company__region", "company__country").order_by("score", "company")
