"""What tests over all pages put in the addresses of this room."""

from pavillon.directory import actions
from pavillon.directory.models import Company, Contact
from pavillon.directory.tests.factories import BISCUITS, unit
from pavillon.reference.tests import factories as facts


def prepare(world):
    """Claire's and Ines' company in Bretagne, a second one to merge with it, an entry of the register."""
    facts.make_activity("10.72Z")
    facts.make_workforce_band("12")
    facts.make_legal_category("5710")
    unit(BISCUITS)
    commune = facts.make_commune("29026")
    company = actions.create_company(name="Atelier Kermarrec", by=None, commune=commune, turnover=4_200_000)
    actions.own_company(company=company, organisation=world["atelier"], by=None)
    world.rows[Company] = Company.objects.get(pk=company.pk)


def make_contact(world):
    return actions.add_contact(
        company=world.example(Company), by=world["helene"], last_name="Kermarrec", email="anne@atelier.example"
    )


def make_other(world):
    return actions.create_company(name="Atelier Kermarec", by=None, commune=facts.make_commune("29026"))


EXAMPLES = {Contact: make_contact}
ARGUMENTS = {
    "directory:filter_list": {"subject": "companies"},
    "directory:choose_columns": {"subject": "companies"},
    "directory:find_options": {"subject": "companies", "field": "town"},
    "directory:edit_company": {"column": "turnover"},
    "directory:edit_contact": {"column": "job"},
    "directory:merge_companies": {"other": lambda world: make_other(world).pk}}
