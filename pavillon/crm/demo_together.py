"""What the organisations of the demonstration do together: a discussion, a task, followers, what a channel cost."""

import datetime
from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.enums import FollowTopic, LeadKind, Origin, Visibility
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.privacy.enums import LegalBasis

Day = Callable[[datetime.datetime], AbstractContextManager[None]]


def work_together(world: dict[str, Any], on_the_day: Day, moment: Callable[[float, int], datetime.datetime]) -> None:
    """Hélène names Karim of the bank about a company that she follows, and asks him for something."""
    users = world["users"]
    helene, karim = users["helene"], users["karim"]
    lead = Lead.objects.filter(adviser=helene, company__is_demo=True).exclude(company=None).order_by("pk").first()
    if lead is None or lead.company is None:
        return
    company: Company = lead.company
    with on_the_day(moment(4, 9)):
        actions.follow_company(company=company, topics=[FollowTopic.STATE, FollowTopic.REQUESTS], by=helene)
        discussion = actions.start_discussion(
            company=company,
            text=f"Le premier contrat export se précise. @{karim.full_name}, une avance serait-elle possible ?",
            people=[karim],
            visibility=Visibility.REGION,
            by=helene,
        )
    with on_the_day(moment(3, 14)):
        actions.answer_discussion(
            discussion=discussion,
            text="Oui, jusqu’à 80 000 € avec leur dernier bilan. Je prépare une proposition.",
            by=karim,
        )
        actions.follow_company(company=company, topics=[FollowTopic.EXCHANGES], by=karim)
    with on_the_day(moment(2, 10)):
        actions.give_task(
            company=company,
            what="Envoyer la proposition d’avance sur stock",
            due_on=timezone.localdate() + datetime.timedelta(days=5),
            to=karim,
            organisation=karim.organisation,
            by=helene,
        )
    _by_social_networks(users, on_the_day, moment)


def _by_social_networks(
    users: dict[str, Any], on_the_day: Day, moment: Callable[[float, int], datetime.datetime]
) -> None:
    """Two requests that came by posts in the south, and what the posts cost."""
    company = Company.objects.standing().filter(is_demo=True, region="76", siren__isnull=False).order_by("pk").first()
    if company is None:
        return
    for age, network, subject in (
        (20, "LinkedIn", "Question sous une publication : trouver un agent au Canada"),
        (12, "Viadeo", "Message reçu : participer à un salon en Allemagne"),
    ):
        with on_the_day(moment(age, 11)):
            lead = actions.receive_lead(
                company=company,
                origin=Origin.SOCIAL,
                channel=network,
                kind=LeadKind.ADVICE,
                subject=subject,
                legal_basis=LegalBasis.PUBLIC_TASK,
                by=users["gael"],
            )
            if lead.adviser is not None:
                actions.take_charge(lead=lead, by=lead.adviser)
    last = timezone.localdate() - datetime.timedelta(days=1)
    actions.note_channel_cost(
        origin=Origin.SOCIAL,
        detail="LinkedIn",
        starts_on=last - datetime.timedelta(days=29),
        ends_on=last,
        cost=Decimal(450),
        by=users["bruno"],
    )
