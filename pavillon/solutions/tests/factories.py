"""What the tests of this room stand on: places, register entries, content, companies with an account."""

from pavillon.accounts.actions import note_address_verified
from pavillon.accounts.models import User
from pavillon.accounts.tests import factories as accounts
from pavillon.directory.models import Company, RegisterEstablishment, RegisterUnit
from pavillon.privacy.management.commands.load_purposes import Command as Purposes
from pavillon.reference.tests import factories as reference
from pavillon.solutions.actions import content
from pavillon.solutions.actions.accounts import open_company_account
from pavillon.solutions.actions.diagnosis import answer_question, start_diagnosis
from pavillon.solutions.queries.diagnosis import passage_of
from tests.remembered import remembered

PASSWORD = "trois-goelands-blancs-29"
# Valid check digits, synthetic companies.
SIREN, OTHER_SIREN, CLOSED_SIREN, HIDDEN_SIREN = "100000017", "100000025", "100000033", "100000041"


def places():
    accounts.places()
    reference.make_commune("29019")
    reference.make_commune("31555")
    reference.make_region("11")
    reference.make_activity("10.72Z")
    reference.make_workforce_band("12")
    reference.make_legal_category("5710")


def register():
    """Four entries: active, active elsewhere, closed, and one whose name is not published."""

    def unit(siren, name, commune="29019", **more):
        values = {"activity_code": "10.72Z", "workforce_band_code": "12", "legal_category_code": "5710", "size": "PME"}
        office = {"commune_code": commune, "address": more.pop("address", "")}
        RegisterEstablishment.objects.create(siret=f"{siren}00011", is_head_office=True, is_synthetic=True, **office)
        RegisterUnit.objects.create(siren=siren, legal_name=name, is_synthetic=True, **(values | more))

    unit(SIREN, "BISCUITERIE DU PHARE")
    unit(OTHER_SIREN, "GARONNE OUTILLAGE", commune="31555")
    unit(CLOSED_SIREN, "ANCIENNE FORGE", is_active=False)
    unit(HIDDEN_SIREN, "MARTIN YANN", diffusion="P", address="3 RUE DU PORT", legal_category_code="1000")


def load_content():
    content.load_questionnaire()
    content.load_bricks()


@remembered
def ground():
    """Places, register, content and purposes in force."""
    places()
    register()
    load_content()
    Purposes().handle(verbosity=0)


def take_diagnosis(answers=None, *, default=0, by=None, region=None, language="fr"):
    """Answer everything: `answers` by question code, else the choice at place `default` (0 weakest, -1 strongest)."""
    from django.contrib.auth.models import AnonymousUser

    by = by or AnonymousUser()
    diagnosis = start_diagnosis(language=language, region=region, by=by)
    wanted = answers or {}
    passage = passage_of(diagnosis)
    while question := passage.next_question:
        choice = wanted.get(question.code) or list(question.choices.all())[default].code
        passage = answer_question(diagnosis=diagnosis, code=question.code, choice=choice, by=by)
    diagnosis.refresh_from_db()
    return diagnosis


def open_account(*, siren=SIREN, email="claire@example.example", region=None, diagnosis=None, verified=True):
    """A company's first person, signed up through the room's own door."""
    user = open_company_account(
        siren=siren,
        email=email,
        password=PASSWORD,
        first_name="Claire",
        last_name="Test",
        language="fr",
        region=region,
        diagnosis=diagnosis,
    )
    if verified:
        user.emailaddress_set.update(verified=True)
        note_address_verified(user=user)
    return User.objects.get(pk=user.pk)


def company(siren=SIREN):
    return Company.objects.get(siren=siren)
