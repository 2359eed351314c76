"""The demonstration's diagnosis, catalogue and company accounts. Every person is invented and labelled."""

from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.core.management import call_command
from django.db import transaction

from pavillon.accounts import actions as accounts
from pavillon.accounts.models import User
from pavillon.reference.models import Region
from pavillon.solutions.actions.accounts import enter_company, keep_legal_bases
from pavillon.solutions.actions.catalogue import propose_solution
from pavillon.solutions.actions.diagnosis import answer_questions, start_diagnosis, tick_step
from pavillon.solutions.models import Diagnosis, Provider, Question, Solution

# Persona (also the key of the company): first name, last name, e-mail, job, answers to the diagnosis, steps ticked
PEOPLE = {
    "claire_demo": (
        "Claire",
        "Penfoulic",
        "claire@conserverie-penfoulic.example",
        "Gérante",
        {
            "history": "never",
            "sector": "food",
            "horizon": "year",
            "reason": "growth",
            "markets": "feeling",
            "owner": "boss",
            "fit": "guess",
            "capacity": "soon",
            "difference": "better",
            "language": "write",
            "shipping": "post",
            "brand": "france",
            "site": "french",
            "follow": "boss",
        },
        2,
    ),
    "marc": (
        "Marc",
        "Kerbriand",
        "marc@semoirs-kerbriand.example",
        "Directeur commercial",
        {
            "history": "regular",
            "sector": "industry",
            "horizon": "now",
            "reason": "plan",
            "markets": "chosen",
            "owner": "full",
            "countries": "few",
            "repeat": "most",
            "fit": "adapted",
            "capacity": "soon",
            "difference": "unique",
            "cost": "file",
            "terms": "one",
            "quote": "week",
            "language": "one",
            "time": "more",
            "papers": "main",
            "budget": "year",
            "cash": "three",
            "unpaid": "advance",
            "shipping": "one",
            "customs": "yes",
            "deadline": "near",
            "standards": "known",
            "brand": "europe",
            "contract": "terms",
            "marking": "ce",
            "site": "english",
            "found": "maybe",
            "follow": "boss",
        },
        4,
    ),
    "ines": (
        "Inès",
        "Le Bihan",
        "ines@mecanique-iroise.example",
        "Responsable export",
        {
            "history": "regular",
            "sector": "industry",
            "horizon": "now",
            "reason": "plan",
            "markets": "chosen",
            "owner": "full",
            "countries": "many",
            "repeat": "most",
            "fit": "adapted",
            "capacity": "yes",
            "difference": "unique",
            "cost": "live",
            "terms": "choose",
            "quote": "day",
            "language": "many",
            "time": "more",
            "papers": "main",
            "budget": "plan",
            "cash": "three",
            "unpaid": "insured",
            "shipping": "several",
            "customs": "yes",
            "deadline": "far",
            "standards": "done",
            "brand": "europe",
            "contract": "translated",
            "marking": "held",
            "site": "english",
            "found": "maybe",
            "follow": "named",
        },
        3,
    ),
}
# Visitors who took the diagnosis without an account: region of the site, answers, place of the other answers.
VISITORS = [
    ("53", {"history": "never", "sector": "services", "horizon": "unknown"}, 0),
    ("53", {"history": "tried", "sector": "food", "horizon": "year"}, 1),
    ("53", {"history": "sometimes", "sector": "health", "horizon": "now"}, 2),
    ("76", {"history": "never", "sector": "industry", "horizon": "year"}, 1),
    ("76", {"history": "regular", "sector": "digital", "horizon": "now"}, 2),
    ("84", {"history": "tried", "sector": "industry", "horizon": "now"}, 1),
    ("32", {"history": "sometimes", "sector": "food", "horizon": "year"}, 2),
]


def seed(world: dict[str, Any]) -> None:
    """Add `world["users"]` claire_demo, marc and ines (company managers). Can be run again."""
    call_command("load_solutions", "--demo", verbosity=0)
    for key, (first, last, email, job, answers, ticked) in PEOPLE.items():
        company = world.get("companies", {}).get(key)
        if company is not None:
            world["users"][key] = _manager(world, key, company, first, last, email, job)
            _diagnosis(world["users"][key], answers, ticked)
    if not Diagnosis.objects.filter(company__isnull=True).exists():
        for region, answers, place in VISITORS:
            _visitor(Region.objects.filter(pk=region).first(), answers, place)
    if "lars" in world.get("users", {}):
        _private_offer(world["users"]["lars"])


@transaction.atomic
def _manager(world: dict[str, Any], key: str, company: Any, first: str, last: str, email: str, job: str) -> User:
    known = world["users"].get(key) or User.objects.filter(email=email).first()
    user: User = known or accounts.create_user(
        email=email,
        first_name=first,
        last_name=last,
        language="fr",
        hashed=world["hashed"],
        is_email_verified=True,
    )
    if not user.is_company:
        keep_legal_bases(user=user, accepted=["news"], proof={"page": "demo", "language": "fr", "button": "demo"})
        enter_company(siren=company.siren, user=user, region=company.region, job_title=job)
        # Their adviser knows these people: the demonstration shows a company's whole past.
        membership = user.memberships.get(organisation__company=company)
        accounts.confirm_membership(membership=membership, by=None, reason="adviser")
    return User.objects.get(pk=user.pk)


@transaction.atomic
def _diagnosis(user: User, answers: dict[str, str], ticked: int) -> None:
    if Diagnosis.objects.filter(user=user).exists():
        return
    region = user.organisation.region if user.organisation else None
    diagnosis = start_diagnosis(language="fr", region=region, by=user)
    _answer_all(diagnosis, answers, 1, user)
    for step in list(diagnosis.steps.all())[:ticked]:
        tick_step(step=step, done=True, by=user)


@transaction.atomic
def _visitor(region: Region | None, answers: dict[str, str], place: int) -> None:
    diagnosis = start_diagnosis(language="fr", region=region, by=AnonymousUser())
    _answer_all(diagnosis, answers, place, AnonymousUser())


def _answer_all(diagnosis: Diagnosis, answers: dict[str, str], place: int, by: Any) -> None:
    def choose(question: Question) -> str:
        choices = [choice.code for choice in question.choices.all()]
        return answers.get(question.code) or choices[min(place, len(choices) - 1)]

    answer_questions(diagnosis=diagnosis, choose=choose, by=by)


@transaction.atomic
def _private_offer(lars: User) -> None:
    """Lars' offer waits for Alice's approval."""
    provider, _new = Provider.objects.get_or_create(
        slug="handelsbrucke",
        defaults={
            "family": "private",
            "is_public": False,
            "organisation": lars.organisation,
            "order": 90,
            "name_fr": "Handelsbrücke (démo)",
            "name_en": "Handelsbrücke (demo)",
            "about_fr": "Représentation commerciale en Allemagne pour des PME françaises.",
            "about_en": "Sales representation in Germany for French SMEs.",
            "is_demo": True,
        },
    )
    if Solution.objects.filter(provider=provider).exists():
        return
    solution = propose_solution(
        by=lars,
        provider=provider,
        texts={
            "title_fr": "Un agent commercial partagé en Bavière",
            "title_en": "A shared sales agent in Bavaria",
            "summary_fr": "Deux jours par semaine sur place, pour quatre entreprises.",
            "summary_en": "Two days a week on site, for four companies.",
            "body_fr": "L'agent visite vos prospects, répond en allemand et vous rend compte chaque vendredi.",
            "body_en": "The agent visits your prospects, answers in German and reports every Friday.",
            "conditions_fr": "Engagement de six mois.",
            "conditions_en": "Six months' commitment.",
        },
        need="strategy",
        stages=["start", "regular"],
        cost="paid",
        lines=["industry", "food"],
    )
    Solution.objects.filter(pk=solution.pk).update(is_demo=True)
