"""The rows that tests of this room stand on, made through the doors that users would use."""

import datetime
from types import SimpleNamespace

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.accounts.tests import factories as accounts
from pavillon.crm import actions
from pavillon.crm.enums import Criterion
from pavillon.directory.actions import create_company, own_company
from pavillon.privacy.enums import LegalBasis
from pavillon.reference.models import Commune, Department, Region, Sector
from tests.remembered import remembered


def fresh(user):
    """The same person as a new request would load him."""
    return User.objects.get(pk=user.pk)


@remembered
def stage():
    """The cast of `accounts`, with companies of two regions, a second adviser in Bretagne and a national team."""
    accounts.places()
    cast = accounts.cast()
    bretagne, occitanie = Region.objects.get(pk="53"), Region.objects.get(pk="76")
    department = Department.objects.create(code="29", name_fr="Finistère", name_en="Finistère", region=bretagne)
    quimper = Commune.objects.create(
        code="29232", name="Quimper", department=department, region=bretagne, postal_codes=["29000"]
    )
    Sector.objects.create(slug="agri", name_fr="Agroalimentaire", name_en="Food")
    atelier = create_company(name="Atelier du Ponant", by=None, region=bretagne, commune=quimper)
    own_company(company=atelier, organisation=cast.company, by=None)
    extra = {
        "nina": accounts.person("Nina", cast.chamber, Role.ADVISER),
        "alice": accounts.person("Alice", cast.agency, Role.SHOWROOM_MANAGER),
        "henri": accounts.person("Henri", cast.agency, Role.TEAM_MANAGER),
        "seller": accounts.person("Ines", cast.company, Role.SELLER),
        "bretagne": bretagne,
        "occitanie": occitanie,
        "quimper": quimper,
        "sector": Sector.objects.get(),
        "atelier": atelier,
        "southern": create_company(name="Verreries du Midi", by=None, region=occitanie),
    }
    atelier.refresh_from_db()
    return SimpleNamespace(**{**vars(cast), **extra})


def other_company(name="Armor Conserves", region="53"):
    """A company with an account of its own, and its manager."""
    place = Region.objects.get(pk=region)
    organisation = accounts.actions.create_organisation(name=name, kind=Kind.COMPANY, region=place, by=None)
    company = create_company(name=name, by=None, region=place)
    own_company(company=company, organisation=organisation, by=None)
    company.refresh_from_db()
    return company, accounts.person(name.split()[0], organisation, Role.COMPANY_MANAGER)


def lead(company=None, **more):
    """A request, as it comes from the site unless told otherwise."""
    values = {"origin": "site", "subject": "Exporter du cidre au Japon", "legal_basis": LegalBasis.PUBLIC_TASK}
    return actions.receive_lead(company=company, **{**values, **more})


def rule(*, region_level=None, by=None, **fields):
    """A rule in force, added to those of its level through a draft."""
    draft = actions.start_routing_draft(region=region_level, by=by)
    wanted = {name: [fields.pop(name)] for name in Criterion.values if name in fields}
    made = actions.create_routing_rule(version=draft, by=by, wanted=wanted, **fields)
    actions.activate_routing_draft(version=draft, by=by, note="Un essai")
    return made


def taken(request):
    """The request after its adviser took charge."""
    return actions.take_charge(lead=request, by=fresh(request.adviser))


def foreign_office(cast):
    """A national organisation's adviser abroad, without a region."""
    return accounts.person("Yuki", cast.agency, Role.ADVISER, email="yuki@example.example")


def at(day, hour=10, minute=0):
    """A moment of the demo week in Paris: Monday 2 March 2026 is day 2."""
    from zoneinfo import ZoneInfo

    return datetime.datetime(2026, 3, day, hour, minute, tzinfo=ZoneInfo("Europe/Paris"))


__all__ = ["Level", "at", "foreign_office", "fresh", "lead", "other_company", "rule", "stage", "taken"]


def assign_lead(**more):
    """The request in the hands of an adviser: for rooms that only read."""
    return actions.assign_lead(**more)
