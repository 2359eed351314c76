"""What tests over all pages put in the addresses of this room."""

from django.utils import timezone

from pavillon.care import actions
from pavillon.care.models import Assessment, Criticism, Offer, OfferLine, OfferQuestion, OfferRule, RiskMark
from pavillon.crm.tests.factories import fresh
from pavillon.directory.models import Company
from pavillon.services.models import Service


def make_criticism(world):
    """Found by Helene about Claire's company, whose account it puts at risk."""
    return actions.log_criticism(
        company=world.example(Company), url="https://avis.example/1", said="Une critique lue dans un journal.",
        published_on=timezone.localdate(), by=fresh(world["helene"]),
    )  # fmt: skip


def make_mark(world):
    return RiskMark.objects.get(company=world.example(Criticism).company)


def make_assessment(world):
    """Told by Claire about her own company."""
    return actions.assess_company(
        company=world.example(Company), capacity=2, intention="decided", note="Deux pays.", by=fresh(world["claire"])
    )


def make_rule(world):
    return actions.create_offer_rule(
        name="Essai", service=world.example(Service), why_fr="Parce que", why_en="Because", capacity_from=1,
        reason="Un essai", by=fresh(world["admin"]),
    )  # fmt: skip


def make_offer(world):
    """Drafted by Helene, proposed to Claire's company, who asks about its only line."""
    world.example(OfferRule), world.example(Assessment)
    by = fresh(world["helene"])
    offer = actions.draft_offer(company=world.example(Company), by=by)
    if not offer.lines.exists():
        actions.add_offer_line(offer=offer, target=world.example(Service), words="Pour vous.", by=by)
    offer = actions.change_offer(offer=offer, words="Comme convenu.", by=by)
    return actions.propose_offer(offer=offer, by=by)


def make_line(world):
    return world.example(Offer).lines.get()


def make_question(world):
    return actions.ask_about_line(line=world.example(OfferLine), text="Pour quand ?", by=fresh(world["claire"]))


EXAMPLES = {
    Criticism: make_criticism,
    RiskMark: make_mark,
    Assessment: make_assessment,
    OfferRule: make_rule,
    Offer: make_offer,
    OfferLine: make_line,
    OfferQuestion: make_question,
}
