"""What the demonstration suggests to do next, from its own facts, and a company that reads us without writing."""

import datetime
from typing import Any

from django.utils import timezone

from pavillon.accounts.enums import Kind
from pavillon.accounts.models import Membership
from pavillon.crm import actions
from pavillon.crm.actions.suggestions import FOLLOW_UP
from pavillon.crm.models import Lead, SiteVisit, Suggestion
from pavillon.privacy.actions import give_consent
from pavillon.privacy.models import Purpose

# Days ago, pages, products, solutions.
VISITS = [(12, 3, 2, 0), (6, 2, 4, 1), (2, 4, 1, 2)]


def suggest(world: dict[str, Any]) -> None:
    """Profiles and suggestions as the night would make them; once."""
    if Suggestion.objects.exists():
        return
    _visit()
    actions.compute_profiles()
    actions.make_suggestions()


def _visit() -> None:
    """Somebody of a company that never wrote agreed to be followed up, and came back on three days."""
    wrote = Lead.objects.of_companies().filter(company__isnull=False).values("company__organisation")
    people = Membership.objects.current().filter(organisation__kind=Kind.COMPANY, organisation__company__is_demo=True)
    reader = (
        people.exclude(organisation__in=wrote).select_related("user", "organisation__company").order_by("pk").first()
    )
    if reader is None or not Purpose.objects.filter(pk=FOLLOW_UP).exists():
        return
    user = reader.user
    give_consent(purpose=FOLLOW_UP, person_key=f"user:{user.pk}", user=user, proof={"page": "/my/", "button": "demo"})
    today = timezone.localdate()
    for ago, pages, products, solutions in VISITS:
        SiteVisit.objects.create(
            company=reader.organisation.company,
            person=user,
            day=today - datetime.timedelta(days=ago),
            pages=pages,
            products=products,
            solutions=solutions,
        )
