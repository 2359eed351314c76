"""A catalogue, eleven months of services and what companies answered, for the demonstration: invented, and labelled."""

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from functools import partial
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.directory.models import Company
from pavillon.reference.models import Country
from pavillon.services import actions
from pavillon.services.actions import orders, surveys
from pavillon.services.enums import OrderState, SurveyKind
from pavillon.services.models import Service, ServiceOrder, Survey

PARIS = ZoneInfo("Europe/Paris")

# (provider, kind, names, price, unit, VAT, days, description in French and in English)
CATALOGUE = [
    ("agency", "vie", ("V.I.E : un volontaire dans votre filiale", "VIE: a volunteer in your subsidiary"), "2480.00",
     "month", "exempt", 90, "Un jeune diplômé travaille pour vous à l’étranger de 6 à 24 mois ; l’agence gère le contrat.",
     "A young graduate works for you abroad for 6 to 24 months; the agency runs the contract."),
    ("agency", "mission", ("Mission de prospection sur mesure", "Tailored prospecting mission"), "3950.00", "whole",
     "standard", 60, "Six rendez-vous qualifiés en deux jours, préparés par le bureau du pays.",
     "Six qualified meetings in two days, prepared by the office of the country."),
    ("agency", "market", ("Test sur offre", "Test of your offer"), "2650.00", "whole", "standard", 45,
     "Dix acheteurs regardent votre offre et disent ce qu’ils en pensent.",
     "Ten buyers look at your offer and say what they think."),
    ("agency", "fair", ("Pavillon collectif sur un salon", "Place on a collective stand"), "6400.00", "whole", "standard",
     120, "Un stand équipé, l’annuaire des exposants, une réception le premier soir.",
     "An equipped stand, the directory of exhibitors, a reception on the first evening."),
    ("cci_bretagne", "training", ("Atelier « étiquetage et douane »", "Workshop “labelling and customs”"), "350.50",
     "whole", "exempt", 20, "Une journée, douze entreprises au plus.", "One day, twelve companies at most."),
    ("cci_occitanie", "advice", ("Diagnostic export approfondi", "In-depth export diagnosis"), "780.00", "day", "standard",
     15, "Un conseiller passe deux jours dans l’entreprise.", "An adviser spends two days in the company."),
    ("bank", "finance", ("Montage d’une assurance-prospection", "Set-up of a prospecting insurance"), "0.00", "whole",
     "exempt", 30, "Le dossier est monté avec vous.", "The file is put together with you."),
    ("partner", "partners", ("Recherche de distributeurs en Allemagne", "Search for distributors in Germany"), "4200.00",
     "whole", "standard", 75, "Une liste de vingt noms, cinq rencontres accompagnées.",
     "A list of twenty names, five accompanied meetings."),
]  # fmt: skip

# Scores with the companies' words, most of them good.
ANSWERS = [
    (9, "Des rendez-vous bien choisis, deux sont déjà suivis d’une demande de prix."),
    (8, "Le compte rendu est clair et les contacts sont à jour."),
    (10, "Nous ne pensions pas aller si vite."),
    (7, "Utile ; le calendrier a glissé de deux semaines."),
    (3, "Deux rendez-vous sur six ne concernaient pas notre métier."),
    (8, ""),
]
# What services brought: (kind, country, amount in euros or None).
FLOWS: list[list[tuple[str, str, str | None]]] = [
    [("distributor", "DE", None), ("contract", "DE", "86400.00")],
    [("agent", "IT", None)],
    [],
    [("contract", "CA", "24750.50")],
]


def seed(world: dict[str, Any]) -> None:
    """The catalogue, orders at every step, surveys answered and waiting. Does nothing the second time."""
    if Service.objects.exists():
        return
    with transaction.atomic():
        for provider, kind, names, price, unit, vat, days, about_fr, about_en in CATALOGUE:
            actions.create_service(
                kind=kind, provider=world["organisations"][provider], name_fr=names[0], name_en=names[1], about_fr=about_fr,
                about_en=about_en, price=Decimal(price), unit=unit, currency="EUR", vat=vat, delivery_days=days, by=None,
                is_demo=True,
            )  # fmt: skip
        _Story(world).tell()


@contextmanager
def on_the_day(moment: datetime.datetime) -> Iterator[None]:
    """Live through a past moment: what actions write bears its date, and no letter leaves today for then."""
    real_now, real_post, quiet = timezone.now, surveys._post, partial(notify, email=False)
    timezone.now = lambda: moment
    surveys._post = lambda *said, **more: None  # type: ignore[assignment]
    orders.notify = surveys.notify = quiet  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.now, surveys._post = real_now, real_post
        orders.notify = surveys.notify = notify  # type: ignore[attr-defined]


class _Story:
    """Twenty-four orders, from a fixed dice: every demo tells the same."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.dice = random.Random(1987)  # noqa: S311  a story, not a secret
        self.services = {service.kind: service for service in Service.objects.all()}
        self.answers, self.flows = cycle(ANSWERS), cycle(FLOWS)

    def tell(self) -> None:
        users = self.world["users"]
        for region, advisers in (("53", (users["helene"], users["karim"])), ("76", (users["gael"],))):
            companies = self._companies(region)
            count = 16 if region == "53" else 8
            for number in range(count if companies else 0):
                age = 330 - number * 320 // count + self.dice.randint(0, 6)
                self._one(companies[number % len(companies)], advisers[number % len(advisers)], number, age)

    def _companies(self, region: str) -> list[Company]:
        """Those with an account first: their people find the services in their space."""
        rows = Company.objects.standing().filter(is_demo=True, region=region, is_sensitive=False)
        return list(rows.order_by("organisation", "pk")[:9])

    def _one(self, company: Company, adviser: User, number: int, age: int) -> None:
        kinds = ["training", "mission", "vie", "market", "partners", "fair"]
        kinds += ["advice"] if adviser == self.world["users"]["gael"] else ["finance"]
        service = self.services[kinds[number % len(kinds)]]
        with on_the_day(self._moment(age)):
            order = actions.order_service(
                company=company, service=service, by=adviser, is_agreed=number % 7 != 6,
                quantity=12 if service.unit == "month" else 2 if service.unit == "day" else 1,
                deliverer=self.world["users"]["lars"] if service.kind == "partners" else None,
                due_on=timezone.localdate() + datetime.timedelta(days=service.delivery_days),
            )  # fmt: skip
        if order.state == OrderState.PROPOSED:
            return
        if number % 11 == 5:
            with on_the_day(self._moment(age - 8)):
                actions.cancel_order(order=order, reason="Le budget export est reporté à l’an prochain.", by=adviser)
            return
        if age > 120 or number % 3 == 0:
            self._deliver(order, adviser, max(age - 30, 3))
        elif number % 2:
            with on_the_day(self._moment(max(age - 10, 2))):
                actions.start_delivery(order=order, by=adviser)

    def _deliver(self, order: ServiceOrder, adviser: User, age: int) -> None:
        try:
            with on_the_day(self._moment(age)):
                actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.deliverer or adviser)
                self._send(order, SurveyKind.SATISFACTION)
        except actions.NobodyToAsk:
            return
        score, words = next(self.answers)
        if age > 12:
            with on_the_day(self._moment(age - 4)):
                actions.answer_satisfaction(
                    survey=self._survey(order, SurveyKind.SATISFACTION), score=score, verbatim=words
                )
        if age > 185:
            with on_the_day(self._moment(age - 182)):
                self._send(order, SurveyKind.IMPACT)
                self._tell_impact(order)

    def _tell_impact(self, order: ServiceOrder) -> None:
        flows = [
            actions.Flow(kind, Country.objects.get(pk=country), Decimal(amount) if amount else None, "EUR")
            for kind, country, amount in next(self.flows)
        ]
        survey = self._survey(order, SurveyKind.IMPACT)
        actions.answer_impact(survey=survey, flows=flows, verbatim="", attested_by="La direction (démonstration)")

    def _send(self, order: ServiceOrder, kind: str) -> None:
        actions.send_survey(survey=self._survey(order, kind))

    def _survey(self, order: ServiceOrder, kind: str) -> Survey:
        return Survey.objects.get(order=order, kind=kind)

    def _moment(self, age: int) -> datetime.datetime:
        day = timezone.localdate() - datetime.timedelta(days=age)
        return datetime.datetime.combine(day, datetime.time(10, 15), PARIS)
