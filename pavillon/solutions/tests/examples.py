"""What tests over all pages put in the addresses of this room."""

from pavillon.accounts import actions as accounts
from pavillon.crm.models import Lead
from pavillon.directory.models import Company
from pavillon.solutions.actions import content
from pavillon.solutions.actions.accounts import ask_to_join
from pavillon.solutions.actions.catalogue import propose_solution
from pavillon.solutions.models import Diagnosis, JoinRequest, Provider, Solution
from pavillon.solutions.tests.factories import take_diagnosis

TEXTS = {
    "title_fr": "Prêt au premier contrat",
    "title_en": "Loan for a first contract",
    "summary_fr": "Une avance pour la première vente.",
    "summary_en": "An advance for the first sale.",
    "body_fr": "La banque avance la moitié.",
    "body_en": "The bank advances one half.",
}


def prepare(world):
    """Questionnaire, steps and the catalogue in use."""
    content.load_questionnaire()
    content.load_bricks()
    content.load_catalogue()


def make_diagnosis(world):
    """Finished by Claire for her company."""
    return take_diagnosis(by=world["claire"])


def make_join_request(world):
    """Zoe asks to join Claire's company."""
    zoe = accounts.create_user(email="zoe@pavillon.example", first_name="Zoe", last_name="Test", language="en")
    return ask_to_join(company=world.example(Company), by=zoe)


def make_solution(world):
    """Proposed by Lars' firm, not approved yet."""
    provider = Provider.objects.filter(organisation=world["partner"]).first() or Provider.objects.create(
        slug="partner", family="private", is_public=False, organisation=world["partner"], name_fr="Partner",
        name_en="Partner", about_fr="Conseil", about_en="Advice",
    )  # fmt: skip
    return propose_solution(
        by=world["lars"], provider=provider, texts=TEXTS, need="finance", stages=["first"], cost="paid"
    )


def token(world):
    return world.example(Diagnosis).token


EXAMPLES = {Diagnosis: make_diagnosis, JoinRequest: make_join_request, Solution: make_solution}
ARGUMENTS = {
    "solutions:resume_diagnosis": {"token": token},
    "solutions:answer_question": {"token": token, "code": "history"},
    "solutions:read_result": {"token": token},
    "solutions:download_result": {"token": token},
    "solutions:tick_step": {"token": token, "step": lambda world: world.example(Diagnosis).steps.first().pk},
    "solutions:read_solution": {"slug": lambda world: Solution.objects.published().first().slug},
    "solutions:open_account_person": {"siren": "900714213"},
    "solutions_company:contact_asked": {"lead": lambda world: world.example(Lead).pk},
}
