"""What tests over all pages put in the addresses of this room."""

from datetime import date

from pavillon.directory import actions
from pavillon.directory.enums import ChannelKind, SourceKind
from pavillon.directory.models import (
    Channel,
    Company,
    Contact,
    ContactRole,
    ContactValue,
    CorrectionRequest,
    Establishment,
    Market,
    MergeEvent,
    RegisterRun,
    Source,
)
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


def make_establishment(world):
    return actions.add_establishment(company=world.example(Company), by=None, name="Atelier nord")


def make_market(world):
    return actions.add_market(company=world.example(Company), country=facts.make_country("DE"), by=None)


def make_channel(world):
    return actions.add_channel(owner=world.example(Company), kind=ChannelKind.PHONE, value="+33199009900", by=None)


def make_role(world):
    return make_contact(world).roles.get()


def make_source(world):
    return actions.create_source(code="example", name="Example", kind=SourceKind.PARTNER, by=None)


def make_correction(world):
    return actions.ask_correction(
        company=world.example(Company), field="size", values={"size": "ETI"}, reason="Seen", by=world["helene"]
    )


def make_value(world):
    source = actions.create_source(code="other", name="Other", kind=SourceKind.PARTNER, by=None)
    company = world.example(Company)
    actions.offer_values(record=company, source=source, values={"turnover": 9}, observed_on=date(2026, 1, 1), by=None)
    return company.values_offered.get().pk


def make_link(world):
    other = actions.create_company(name="Kermarrec Holding", by=None)
    return actions.link_companies(parent=other, subsidiary=world.example(Company), by=None).pk


def make_contact_value(world):
    contact = make_contact(world)
    return ContactValue.objects.create(
        contact=contact,
        field="job_title",
        source=world.example(Source),
        observed_on=date(2026, 1, 5),
        state="disputed",
        sealed='{"job_title": "Gérant"}',
    )


def make_merge(world):
    return actions.merge_companies(kept=world.example(Company), removed=make_other(world), by=None)


def make_other_contact(world):
    return actions.add_contact(company=world.example(Company), by=None, last_name="Kermarec").pk


def make_run(world):
    return RegisterRun.objects.create(kind="units", file_name="StockUniteLegale.csv", path="/nowhere.csv")


def _role(world):
    return {"role": world.example(ContactRole).pk}


CALLS = {
    "PUT directory/contacts/{contact}/hours": {"json": {"windows": []}},
    "PATCH directory/roles/{role}": {"path": _role},
    "DELETE directory/roles/{role}": {"path": _role},
    "GET directory/criteria/{subject}": {"path": {"subject": "companies"}},
    "POST directory/companies/{company}/merge": {"json": lambda world: {"removed": make_other(world).pk}},
    "POST directory/contacts/{contact}/merge": {"json": lambda world: {"removed": make_other_contact(world)}},
    "POST directory/contacts/{contact}/roles": {"query": lambda world: f"company={world.example(Company).pk}"},
}
EXAMPLES = {
    MergeEvent: make_merge,
    RegisterRun: make_run,
    ContactValue: make_contact_value,
    Contact: make_contact,
    Establishment: make_establishment,
    Market: make_market,
    Channel: make_channel,
    ContactRole: make_role,
    Source: make_source,
    CorrectionRequest: make_correction,
}
ARGUMENTS = {
    "directory:resolve_conflict": {"value": make_value},
    "directory:keep_value": {"field": "turnover"},
    "directory:ask_correction": {"field": "size"},
    "directory:unlink_companies": {"link": make_link},
    "directory:filter_list": {"subject": "companies"},
    "directory:choose_columns": {"subject": "companies"},
    "directory:find_options": {"subject": "companies", "field": "town"},
    "directory:edit_company": {"column": "turnover"},
    "directory:edit_contact": {"column": "job"},
    "directory:merge_contacts": {"other": make_other_contact},
    "directory:merge_companies": {"other": lambda world: make_other(world).pk},
}
