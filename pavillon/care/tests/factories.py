"""The rows that tests of this room stand on."""

from django.utils import timezone

from pavillon.care import actions
from pavillon.crm import actions as crm
from pavillon.crm.tests.factories import fresh
from pavillon.reference.models import Country
from pavillon.services import actions as services
from pavillon.services.models import Survey
from pavillon.services.tests.factories import ordered, run_letters
from pavillon.solutions.models import Provider, Solution

LINK = "https://avis.example/pavillon/42"


def refer(cast, adviser, company=None):
    """The referent of a company."""
    person = fresh(adviser)
    return crm.set_referent(
        company=company or cast.atelier, adviser=person, organisation=person.organisation, by=fresh(cast.manager)
    )


def asked(cast, what=None):
    """A survey that waits for the answer of Claire's company."""
    order = ordered(cast, what)
    services.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.ordered_by)
    run_letters()
    return Survey.objects.get(order=order, kind="satisfaction")


def criticised(cast, company=None, by=None, **more):
    values = {"url": LINK, "said": "Le salon était mal préparé, écrit-elle.", "published_on": timezone.localdate()}
    return actions.log_criticism(company=company or cast.atelier, by=fresh(by or cast.nour), **{**values, **more})


def exchange(cast, by=None, company=None, **more):
    values = {"kind": "call", "happened_at": timezone.now(), "summary": "Tout est réglé.", "visibility": "region"}
    return crm.log_interaction(company=company or cast.atelier, by=fresh(by or cast.nour), **{**values, **more})


def assessed(cast, company, capacity, intention, countries="", by=None, **more):
    """What the adviser, or the company, says on this day."""
    more.pop("source", None)
    return actions.assess_company(
        company=company, capacity=capacity, intention=intention, by=fresh(by or cast.nour),
        countries=Country.objects.filter(pk__in=countries.split()), **more,
    )  # fmt: skip


def offer_rule(cast, name, **said):
    values = {"why_fr": name, "why_en": name, "weight": 10, "reason": "Un essai"}
    return actions.create_offer_rule(name=name, by=fresh(cast.henri), **{**values, **said})


def solution(title="Loan"):
    """A published loan of a public body."""
    provider = Provider.objects.get_or_create(
        slug="banque", defaults={"name_fr": "Banque", "name_en": "Bank", "family": "finance"}
    )[0]
    return Solution.objects.create(
        slug=title.lower(), provider=provider, title_fr="Prêt", title_en=title, summary_fr="x", summary_en="x",
        body_fr="x", body_en="x", need="finance", stages=["first"], cost="paid", state="published",
        published_at=timezone.now(),
    )  # fmt: skip
