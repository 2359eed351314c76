"""What tests over all pages put in the addresses of this room."""

from pavillon.curation.enums import Verdict
from pavillon.curation.models import ContactPair, Decision, DuplicatePair, MergeBatch
from pavillon.directory import actions
from pavillon.directory.models import Company, Contact


def make_pair(world):
    other = actions.create_company(name="Atelier Kermarrec SARL", by=None)
    first = world.example(Company)
    return DuplicatePair.objects.create(left=first, right=other, probability=0.8, weight=1.4)


def make_contact_pair(world):
    first = world.example(Contact)
    other = actions.add_contact(company=first.company, by=None, first_name=first.first_name, last_name=first.last_name)
    return ContactPair.objects.create(left=first, right=other, probability=0.8, weight=1.4)


def make_decision(world):
    pair = make_pair(world)
    return Decision.objects.create(pair=pair, verdict=Verdict.UNSURE, state_before="waiting", decided_by=world["bruno"])


EXAMPLES = {
    DuplicatePair: make_pair,
    ContactPair: make_contact_pair,
    Decision: make_decision,
    MergeBatch: lambda world: MergeBatch.objects.create(title="Essai", made_by=world["bruno"]),
}
