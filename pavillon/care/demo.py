"""Accounts at risk of the demonstration: invented, and labelled with their companies."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import Membership
from pavillon.care import actions
from pavillon.care.enums import LineState
from pavillon.care.models import Assessment, Criticism, OfferRule, RiskMark
from pavillon.crm import actions as crm
from pavillon.crm.models import Referent
from pavillon.directory.models import Company
from pavillon.reference.models import Country
from pavillon.services.models import Service, ServiceOrder
from pavillon.solutions.models import Diagnosis, Solution, Theme

CRITICISM = (
    "https://blog-des-exportateurs.example/2026/salon-decevant",
    "Le dirigeant raconte un salon mal préparé : un stand livré en retard et des rendez-vous hors sujet.",
)


# (days ago, capacity, intention, horizon, countries, words)
TALKS = [
    (310, 2, "considering", "later", "DE", "Le dirigeant hésite : pas de budget cette année."),
    (120, 2, "decided", "year", "DE BE", "Budget voté ; une alternante export arrive en janvier."),
    (
        15,
        3,
        "engaged",
        "soon",
        "DE CA",
        "Premières commandes en Allemagne ; la Belgique est abandonnée pour le Canada.",
    ),
]


def seed(world: dict[str, Any]) -> None:
    """Low answers of the catalogue's story mark their companies; one of them wrote about it in public, one is settled."""
    if RiskMark.objects.filter(ended_at__isnull=False).exists() or Criticism.objects.exists():
        return
    with transaction.atomic():
        _tell(world)
        _assess()
        _recommend(world)


def _assess() -> None:
    """Three talks with each of a few companies that somebody follows; finished diagnoses tell theirs."""
    for diagnosis in Diagnosis.objects.finished().filter(company__is_demo=True):
        actions.assess_from_diagnosis(diagnosis=diagnosis)
    followed = Referent.objects.current().filter(company__is_demo=True, company__is_sensitive=False)
    known = set(Assessment.objects.filter(source="talk").values_list("company", flat=True))
    for place, referent in enumerate(followed.select_related("company", "adviser").order_by("company")[:6]):
        for ago, capacity, intention, horizon, countries, words in TALKS[place % 2 :]:
            if referent.company_id not in known:
                actions.assess_company(
                    company=referent.company, capacity=min(5, capacity + place // 2), intention=intention,
                    horizon=horizon, countries=Country.objects.filter(pk__in=countries.split()), note=words,
                    assessed_on=timezone.localdate() - datetime.timedelta(days=ago), by=referent.adviser,
                )  # fmt: skip


def _tell(world: dict[str, Any]) -> None:
    actions.weigh_risks()
    adviser = world["users"]["helene"]
    mark = RiskMark.objects.open().order_by("pk").last()
    if mark is not None:
        exchange = crm.log_interaction(
            company=mark.company, kind="call", happened_at=timezone.now(), by=mark.referent or adviser, visibility="team",
            summary="Nous avons repris la liste des rendez-vous avec la direction ; un second volet est offert.",
            outcome="positive",
        )  # fmt: skip
        actions.end_risk(
            mark=mark, end="kept", end_reason="Un second volet de rendez-vous est offert et accepté.", proof=exchange,
            by=mark.referent or adviser,
        )  # fmt: skip
    orders = ServiceOrder.objects.filter(ordered_by=adviser, company__is_demo=True, company__is_sensitive=False)
    found = list(orders.select_related("company").order_by("pk")[:20])
    order = next((one for one in found if mark is None or one.company_id != mark.company_id), next(iter(found), None))
    if order is not None:
        day = timezone.localdate() - datetime.timedelta(days=6)
        actions.log_criticism(company=order.company, url=CRITICISM[0], said=CRITICISM[1], published_on=day, by=adviser)


# (name, kind of service, conditions, weight, why in French and in English)
RULES: list[tuple[str, str, dict[str, Any], int, str, str]] = [
    ("Débuter sans se tromper", "training", {"capacity_to": 2}, 20, "Une journée pour partir sur de bonnes bases.",
     "One day to start on a sound basis."),
    ("Un budget voté", "mission", {"intention": "decided"}, 25, "Vous avez décidé : rencontrons vos premiers acheteurs.",
     "You have decided: let us meet your first buyers."),
    ("L’Allemagne en vue", "partners", {"country_id": "DE"}, 30, "Vous visez l’Allemagne : un distributeur y fait gagner un an.",
     "You aim at Germany: a distributor saves a year there."),
    ("Une équipe sur place", "vie", {"capacity_from": 3, "horizon": "soon"}, 35, "Votre croissance demande quelqu’un sur place.",
     "Your growth calls for somebody on the spot."),
    ("Après une mission", "fair", {"delivered_kind": "mission"}, 15, "Après la mission, un salon pour revoir vos contacts.",
     "After the mission, a fair to meet your contacts again."),
]  # fmt: skip


def _recommend(world: dict[str, Any]) -> None:
    """Rules over the catalogue, and an offer to each of two companies: one answered in part, one in preparation."""
    if OfferRule.objects.exists():
        return
    author = world["users"].get("henri") or world["users"]["helene"]
    services = {service.kind: service for service in Service.objects.offered().filter(is_demo=True)}
    for name, kind, asked, weight, french, english in RULES:
        if kind in services:
            actions.create_offer_rule(
                name=name, service=services[kind], weight=weight, why_fr=french, why_en=english,
                reason="Règle de départ de la démonstration", by=author, **asked,
            )  # fmt: skip
    loan = Solution.objects.published().filter(need="finance").order_by("pk").first()
    theme = Theme.objects.filter(slug="finance").first()
    if loan is not None and theme is not None:
        actions.create_offer_rule(
            name="Financer le projet", solution=loan, theme=theme, weight=22, by=author,
            why_fr="Votre diagnostic montre que le financement reste à trouver.",
            why_en="Your diagnosis shows that funds are still to be found.", reason="Règle de départ de la démonstration",
        )  # fmt: skip
    told = Assessment.objects.filter(company__is_demo=True).values("company")
    rows = Company.objects.standing().filter(pk__in=told, is_sensitive=False).order_by("organisation", "pk")
    for place, company in enumerate(rows[:2]):
        _offer(company, world["users"]["helene"], is_proposed=place == 0)


def _offer(company: Company, adviser: Any, *, is_proposed: bool) -> None:
    offer = actions.draft_offer(company=company, by=adviser)
    if not is_proposed or not offer.lines.exists():
        return
    actions.change_offer(offer=offer, words="Comme convenu, voici ce qui me paraît utile à votre projet.", by=adviser)
    try:
        offer = actions.propose_offer(offer=offer, by=adviser)
    except actions.NothingToPropose:
        return
    people = Membership.objects.current().filter(organisation=company.organisation, role="company_manager")
    person = people.select_related("user").first()
    line = offer.lines.filter(state=LineState.KEPT, service__isnull=False).first()
    if person is not None and line is not None:
        actions.accept_offer_line(line=line, by=person.user)
    offer.refresh_from_db()
    if offer.is_proposed:
        soon = timezone.localdate() + datetime.timedelta(days=5)
        at = datetime.time(11, 30)
        actions.plan_offer_follow_up(offer=offer, follow_up_on=soon, follow_up_at=at, by=adviser)
