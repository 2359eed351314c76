"""The rows that tests of this room stand on, made through its own doors."""

from types import SimpleNamespace

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as accounts
from pavillon.directory import actions
from pavillon.directory.models import RegisterEstablishment, RegisterUnit
from pavillon.reference.tests import factories as facts
from tests.remembered import remembered

# Numbers with a right check digit.
ATELIER, BISCUITS, CLOSED, PERSON, UNKNOWN = "900001116", "900714213", "732829320", "552100554", "356000000"


def unit(siren=BISCUITS, **more):
    values = {
        "legal_name": "BISCUITERIE DE L'AULNE",
        "activity_code": "10.72Z",
        "legal_category_code": "5710",
        "workforce_band_code": "12",
        "size": "PME",
        "head_office_siret": f"{siren}00011",
        "is_synthetic": True,
    }
    place = {"address": "2 RUE DU PORT", "postal_code": "29150", "commune_code": "29026"}
    office = {name: more.pop(name, value) for name, value in place.items()}
    RegisterEstablishment.objects.create(siret=f"{siren}00011", is_head_office=True, is_synthetic=True, **office)
    return RegisterUnit.objects.create(siren=siren, **{**values, **more})


@remembered
def stage():
    """The cast of `accounts`, places and activities, and two companies."""
    accounts.places()
    cast = accounts.cast()
    chateaulin, rennes = facts.make_commune("29026"), facts.make_commune("35238")
    facts.make_commune("31555")
    facts.make_activity("C")
    facts.make_activity("10")
    facts.make_activity("10.72Z")
    facts.make_workforce_band("12")
    facts.make_legal_category("5710")
    facts.make_sector("industry")
    atelier = actions.create_company(name="Ateliers du Ponant", by=None, commune=chateaulin, turnover=4_200_000)
    southern = actions.create_company(name="Verreries du Midi", by=None, commune=facts.make_commune("31555"))
    atelier.refresh_from_db()
    southern.refresh_from_db()
    return SimpleNamespace(
        **vars(cast),
        chateaulin=chateaulin,
        rennes=rennes,
        atelier=atelier,
        southern=southern,
        alice=accounts.person("Alice", cast.agency, Role.SHOWROOM_MANAGER),
    )
