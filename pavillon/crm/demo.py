"""Three months of a team's work, for the demonstration: invented, and made by the actions that people use."""

import datetime
import random
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.activity.models import Notification
from pavillon.crm import actions
from pavillon.crm.actions import leads as lead_actions
from pavillon.crm.actions import telling, telling_together
from pavillon.crm.demo_campaigns import bring_requests, point_to_campaigns
from pavillon.crm.demo_qualified import qualify
from pavillon.crm.demo_routing import write_rules
from pavillon.crm.demo_suggestions import suggest
from pavillon.crm.demo_support import name_contacts
from pavillon.crm.demo_territories import draw_territories
from pavillon.crm.demo_together import work_together
from pavillon.crm.models import Absence, Lead, LeadSettings, Referent
from pavillon.directory.enums import ExportClass
from pavillon.directory.models import Company
from pavillon.privacy.enums import LegalBasis
from pavillon.reference.models import Country
from pavillon.reference.queries import is_working_day

PARIS = ZoneInfo("Europe/Paris")
DAYS = 90
# Regions whose team has people in the demo, and how many requests each got over the period.
REGIONS = {"53": 34, "76": 20}

# (origin, kind, subject, message, country aimed at, prompted by)
REQUESTS = [
    ("site", "request", "Par où commencer pour exporter ?", "Nous vendons en France depuis douze ans et un "
     "distributeur belge nous a écrit. Que devons-nous préparer avant de lui répondre ?", "BE", ""),
    ("site", "market", "Le marché japonais pour nos produits", "Nous aimerions savoir si nos références ont une "
     "place au Japon et à quels prix se vendent des produits voisins.", "JP", ""),
    ("phone", "financing", "Financer un stand à l’étranger", "Le salon est dans cinq mois et le stand dépasse notre "
     "budget. Quelles aides pouvons-nous demander, et jusqu’à quand ?", "DE", ""),
    ("seminar", "advice", "Étiquetage pour l’Allemagne", "Après l’atelier de mardi, nous avons un doute sur les "
     "mentions obligatoires de nos emballages.", "DE", "Atelier « Vendre en Allemagne »"),
    ("showroom", "showroom", "Présenter notre gamme dans la vitrine", "Une vingtaine de références sont prêtes, en "
     "français et en anglais. Comment ouvrir notre boutique ?", "", "Campagne de lancement de la vitrine"),
    ("partner", "mission", "Rencontrer des importateurs au Canada", "Nous cherchons trois ou quatre rendez-vous à "
     "Montréal, plutôt avec des enseignes spécialisées.", "CA", ""),
    ("site", "solution", "Volontariat international : mode d’emploi", "Nous pensons confier la prospection de "
     "l’Italie à un volontaire. Combien cela coûte-t-il, et sous quel délai ?", "IT", ""),
    ("shop", "advice", "Contrat avec un agent commercial", "Un agent nous propose 12 % d’exclusivité sur "
     "l’Espagne. Est-ce habituel ?", "ES", ""),
    ("phone", "advice", "Droits de douane vers le Brésil", "Notre transitaire annonce des droits que nous ne "
     "comprenons pas. Qui peut vérifier le code ?", "BR", ""),
    ("seminar", "request", "Suite du petit-déjeuner Asie", "Nous avons laissé notre carte : nous exportons déjà vers "
     "Singapour et voulons élargir.", "SG", "Petit-déjeuner Asie"),
    ("mail", "market", "Concurrents aux Pays-Bas", "Qui sont les cinq premiers fournisseurs sur ce marché, et par "
     "quels canaux vendent-ils ?", "NL", ""),
    ("watch", "advice", "Appel d’offres repéré en Norvège", "La veille signale un appel d’offres de six hôpitaux qui "
     "correspond au catalogue de l’entreprise.", "NO", "Alerte de veille « Santé, Europe du Nord »"),
]  # fmt: skip

# (kind, minutes, outcome, summary, next action)
EXCHANGES = [
    ("call", 18, "positive", "La dirigeante a deux personnes pour l’export et un budget de 15 000 € cette année. "
     "Priorité : un premier client suivi plutôt qu’un salon.", "Envoyer la liste des salons du printemps"),
    ("call", 9, "to_follow", "Le responsable commercial est en déplacement jusqu’à jeudi ; l’assistante confirme "
     "que le sujet reste d’actualité.", "Rappeler le responsable commercial"),
    ("visit", 75, "positive", "Visite de l’atelier. La capacité permet 20 % de volumes en plus sans investir. "
     "L’étiquetage est à revoir pour deux pays.", "Prendre rendez-vous avec le laboratoire"),
    ("mail", None, "neutral", "Envoi du guide des formalités et des contacts du service des douanes.",
     "Vérifier que le guide répond à la question"),
    ("meeting", 50, "positive", "Point à trois avec la banque : une assurance-prospection est possible, le dossier "
     "sera prêt avant la fin du mois.", "Relire le dossier d’assurance"),
    ("call", 4, "no_answer", "Pas de réponse ; message laissé.", "Rappeler"),
    ("visit", 60, "to_follow", "Bonne organisation, mais une seule personne parle anglais. Proposer une formation "
     "avant toute mission.", "Envoyer le programme de formation"),
]  # fmt: skip

NOTES = [
    "À ne pas évoquer avec d’autres : une cession est à l’étude, les projets attendent la décision.",
    "Le dirigeant préfère le téléphone le matin, avant neuf heures.",
    "Le client principal pèse 60 % des ventes : l’export est aussi une façon de réduire ce risque.",
]
NAMES = ["Anne Kerbrat", "Loïc Tanguy", "Marie-Laure Pons", "Pierre Castagné", "Soizic Le Dantec", "Hugo Vidal"]


@contextmanager
def on_the_day(moment: datetime.datetime) -> Iterator[None]:
    """Live through a past moment: what actions write bears its date, and no letter leaves today for then."""
    real_now, real_notify = timezone.now, telling.notify
    quiet = partial(notify, email=False)
    timezone.now = lambda: moment
    telling.notify = lead_actions.notify = telling_together.notify = quiet  # type: ignore[attr-defined]
    try:
        yield
    finally:
        timezone.now = real_now
        telling.notify = lead_actions.notify = telling_together.notify = real_notify  # type: ignore[attr-defined]


def seed(world: dict[str, Any]) -> None:
    """Requests at every step, exchanges, referents and rules over three months. Does nothing the second time."""
    if not Lead.objects.exists():
        with transaction.atomic():
            _Story(world).tell()
    suggest(world)
    bring_requests(on_the_day)
    point_to_campaigns(world["users"]["bruno"])
    world["leads"] = {lead.subject: lead for lead in Lead.objects.order_by("pk")}


class _Story:
    """What happens, day by day, from a fixed dice: every demo tells the same."""

    def __init__(self, world: dict[str, Any]) -> None:
        self.world = world
        self.dice = random.Random(2026)  # noqa: S311  a story, not a secret
        self.today = timezone.localdate()
        self.advisers = {
            "53": [world["users"][key] for key in ("helene", "erwan")],
            "76": [world["users"]["gael"]],
        }

    def tell(self) -> None:
        LeadSettings.objects.get_or_create(pk=1)
        self.companies = {region: _companies(region) for region in REGIONS}
        self._write_rules()
        self._name_referents()
        for age, region, number in self._calendar():
            self._one_request(age, region, number)
        self._this_week()
        name_contacts(self.world, on_the_day, self._moment)
        work_together(self.world, on_the_day, self._moment)
        qualify(self.world, on_the_day, self._moment)
        draw_territories(self.world, on_the_day, self._moment)
        Absence.objects.create(
            person=self.world["users"]["anais"],
            starts_on=self.today,
            ends_on=self.today + datetime.timedelta(days=6),
        )
        # What was told more than a day ago has been read since.
        old = Notification.objects.filter(created_at__lt=timezone.now() - datetime.timedelta(days=1))
        old.update(read_at=F("created_at"))

    def _calendar(self) -> list[tuple[int, str, int]]:
        """(age in days, region, number of the request), oldest first."""
        days = [
            (self.dice.randint(3, DAYS), region, number) for region, count in REGIONS.items() for number in range(count)
        ]
        return sorted(days, key=lambda line: (-line[0], line[1], line[2]))

    def _moment(self, age: float, hour: int | None = None) -> datetime.datetime:
        """A working moment about `age` days ago."""
        day = self.today - datetime.timedelta(days=int(age))
        while not is_working_day(day):
            day -= datetime.timedelta(days=1)
        hour = self.dice.randint(9, 16) if hour is None else hour
        return datetime.datetime(day.year, day.month, day.day, hour, self.dice.randint(0, 59), tzinfo=PARIS)

    def _write_rules(self) -> None:
        write_rules(self.world, on_the_day, self._moment)

    def _name_referents(self) -> None:
        for region, companies in self.companies.items():
            advisers = cycle(self.advisers[region])
            for company in [c for c in companies if c.export_class == ExportClass.REGULAR][:6]:
                adviser = next(advisers)
                with on_the_day(self._moment(DAYS + 2)):
                    if not Referent.objects.filter(company=company).exists():
                        actions.set_referent(
                            company=company,
                            adviser=adviser,
                            organisation=adviser.organisation,
                            by=adviser,
                            reason="Exporte régulièrement depuis trois ans",
                        )
        bretagne = self.companies["53"]
        if len(bretagne) > 6:
            helene = self.world["users"]["helene"]
            with on_the_day(self._moment(20)):
                actions.hand_over_referent(
                    company=bretagne[1],
                    adviser=helene,
                    organisation=helene.organisation,
                    by=self.world["users"]["bruno"],
                    starts_on=timezone.localdate(),
                    reason="Erwan suit désormais les entreprises du numérique",
                )

    def _one_request(self, age: int, region: str, number: int) -> None:
        origin, kind, subject, message, country, prompted = REQUESTS[number % len(REQUESTS)]
        company = self.dice.choice(self.companies[region])
        received = self._moment(age)
        name = self.dice.choice(NAMES)
        with on_the_day(received):
            lead = actions.receive_lead(
                company=company,
                origin=origin,
                kind=kind,
                subject=subject,
                message=message,
                legal_basis=LegalBasis.PUBLIC_TASK,
                is_spontaneous=not prompted,
                prompted_by=prompted,
                country=Country.objects.filter(pk=country).first() if country else None,
                contact_name=name,
                contact_email=f"contact@{company.match_name.lower().replace(' ', '-')[:40]}.example",
            )
        self._follow(lead, received)

    def _follow(self, lead: Lead, received: datetime.datetime) -> None:
        """Take it in charge, talk, answer, close: as far as its age lets one believe."""
        by = lead.adviser
        if by is None:
            return
        fate = self.dice.random()
        age = (self.today - received.date()).days
        taken = _within_hours(received + datetime.timedelta(hours=self.dice.choice([1, 2, 3, 5, 20, 26, 44])))
        if taken >= timezone.now():
            return
        if fate < 0.07:
            with on_the_day(taken):
                actions.refuse_lead(
                    lead=lead, by=by, reason="Votre demande relève du service des douanes, que nous avons prévenu."
                )
            return
        with on_the_day(taken):
            lead = actions.take_charge(lead=lead, by=by)
        said = taken + datetime.timedelta(hours=self.dice.randint(1, 30))
        said = _within_hours(said)
        if said >= timezone.now():
            return
        self._talk(lead, by, said)
        if fate < 0.2 or age < 9:
            return
        answered = _within_hours(said + datetime.timedelta(days=self.dice.randint(1, 6)))
        if answered >= timezone.now():
            return
        self._talk(lead, by, answered)
        with on_the_day(answered + datetime.timedelta(minutes=20)):
            lead = actions.treat_lead(lead=lead, by=by, note="Réponse donnée de vive voix, documents envoyés.")
        closed = _within_hours(answered + datetime.timedelta(days=self.dice.randint(2, 10)))
        if fate > 0.3 and closed < timezone.now():
            with on_the_day(closed):
                outcome = self.dice.choice(["accompanied", "accompanied", "directed", "informed"])
                actions.close_lead(lead=lead, by=by, outcome=outcome, note="Bonne continuation, à bientôt.")

    def _talk(self, lead: Lead, by: User, at: datetime.datetime) -> None:
        kind, minutes, outcome, summary, what = self.dice.choice(EXCHANGES)
        company = lead.company
        if company is None:
            return
        promised = max(at.date(), self.today) + datetime.timedelta(days=self.dice.choice([-1, 0, 0, 1, 2, 5]))
        with on_the_day(at):
            actions.log_interaction(
                company=company,
                lead=lead,
                kind=kind,
                happened_at=at,
                duration_minutes=minutes,
                outcome=outcome,
                summary=summary,
                next_action=what,
                next_action_on=max(promised, at.date()),
                visibility=self.dice.choice(["team", "region", "organisation"]),
                contact=company.contacts.first(),
                by=by,
            )
            if self.dice.random() < 0.25:
                actions.log_interaction(
                    company=company,
                    kind="note",
                    happened_at=at,
                    summary=self.dice.choice(NOTES),
                    visibility="organisation",
                    by=by,
                )

    def _this_week(self) -> None:
        """What waits on the desks this morning: new, late, to identify, handed over, promised for today."""
        users = self.world["users"]
        helene, erwan = users["helene"], users["erwan"]
        bretagne = self.companies["53"]
        with on_the_day(self._moment(6, 10)):
            late = self._ask(bretagne[2], "Certificats d’origine pour le Maroc", "phone", "advice", "MA")
            self._bring_to(late, helene)
        actions.escalate_late_leads()
        with on_the_day(self._moment(1, 14)):
            fresh = self._ask(bretagne[0], "Un importateur coréen nous a contactés", "site", "advice", "KR")
            self._bring_to(fresh, helene)
        with on_the_day(self._moment(1, 15)):
            unknown = actions.receive_lead(
                company_name=bretagne[3].name.upper() + " SAS",
                commune=bretagne[3].commune,
                region=bretagne[3].region,
                origin="seminar",
                kind="request",
                subject="Nous souhaitons être rappelés",
                message="Vu au forum de la semaine dernière : pouvez-vous nous rappeler au sujet du Portugal ?",
                legal_basis=LegalBasis.CONSENT,
                is_spontaneous=False,
                prompted_by="Forum des métiers de la mer",
                contact_name="Yann Floc’h",
                contact_phone="+33 1 99 00 12 34",
            )
            self._bring_to(unknown, helene)
        with on_the_day(self._moment(1, 16)):
            passed = self._ask(bretagne[4], "Distribution en Irlande", "mail", "market", "IE")
            self._bring_to(passed, erwan)
            actions.hand_over_lead(
                lead=passed,
                to=helene,
                team=helene.organisation,
                note="Tu connais déjà leur distributeur à Cork : plus simple pour eux.",
                by=erwan,
            )
        maelle, victor = self.world["users"]["maelle"], self.world["users"]["victor"]
        with on_the_day(self._moment(2, 10)):
            detected = actions.receive_lead(
                company=bretagne[6],
                origin="phone",
                kind="market",
                subject="Équiper trois ateliers au Portugal",
                legal_basis=LegalBasis.PUBLIC_TASK,
                is_spontaneous=False,
                prompted_by="Appels d’automne",
                country=Country.objects.filter(pk="PT").first(),
                by=maelle,
            )
            offer = actions.hand_over_lead(
                lead=detected,
                to=victor,
                team=victor.organisation,
                note="Le directeur attend un appel avant vendredi.",
                need="Trois lignes de conditionnement, mise en route comprise",
                budget="250 000 € votés pour 2027",
                decision_makers="Directeur industriel, puis comité du 15",
                horizon="Livraison avant l’été 2027",
                by=maelle,
            )
        with on_the_day(self._moment(2, 15)):
            actions.accept_hand_over(hand_over=offer, by=victor)
        # A region whose chamber has nobody in the demo: the queue and its alert.
        with on_the_day(self._moment(1, 11)):
            self._ask(self.world["companies"]["saclay"], "Exposer à Boston l’an prochain", "site", "market", "US")
        called = self._moment(1, 9)
        with on_the_day(called):
            actions.log_interaction(
                company=bretagne[5],
                kind="call",
                happened_at=called,
                duration_minutes=12,
                outcome="positive",
                summary="Le directeur confirme sa venue au salon de Cologne et demande le plan des halls.",
                visibility="team",
                next_action="Envoyer le plan des halls",
                next_action_on=self.today,
                by=helene,
            )

    def _ask(self, company: Company, subject: str, origin: str, kind: str, country: str) -> Lead:
        return actions.receive_lead(
            company=company,
            origin=origin,
            kind=kind,
            subject=subject,
            message="Pouvez-vous nous appeler cette semaine ? Nous avons une décision à prendre avant lundi.",
            legal_basis=LegalBasis.PUBLIC_TASK,
            country=Country.objects.filter(pk=country).first(),
            contact_name=self.dice.choice(NAMES),
            contact_phone="+33 1 99 00 45 67",
        )

    def _bring_to(self, lead: Lead, adviser: User) -> None:
        """The story needs this request on this desk; the team's manager may give it so."""
        if lead.adviser_id != adviser.pk:
            actions.assign_lead(lead=lead, adviser=adviser, team=adviser.organisation, by=self.world["users"]["bruno"])


def _within_hours(moment: datetime.datetime) -> datetime.datetime:
    """The same moment, moved into the team's day when it falls outside."""
    local = moment.astimezone(PARIS)
    if local.hour >= 18:
        local = (local + datetime.timedelta(days=1)).replace(hour=9)
    elif local.hour < 9:
        local = local.replace(hour=9)
    while not is_working_day(local.date()):
        local += datetime.timedelta(days=1)
    return local


def _companies(region_id: str) -> list[Company]:
    """The demo companies of a region: those that are accompanied first, regular exporters at their head."""
    order = {ExportClass.REGULAR: 0, ExportClass.OCCASIONAL: 1}
    rows = Company.objects.standing().filter(is_demo=True, region=region_id).select_related("region", "commune")
    known = sorted(rows, key=lambda c: (not c.is_accompanied, order.get(c.export_class, 2), c.pk))
    return known[:40]
