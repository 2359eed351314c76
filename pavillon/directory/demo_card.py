"""The cards of the demo, told in full: sources that disagree, sites, markets, groups, people of two companies."""

from datetime import date, time
from decimal import Decimal
from random import Random
from typing import Any

from stdnum import luhn

from pavillon.accounts.models import Organisation
from pavillon.directory import actions
from pavillon.directory.enums import ChannelKind, Family, Maturity, PriorityZone, SourceKind, Status
from pavillon.directory.models import Company, Establishment, RegisterUnit, Source
from pavillon.reference.models import Commune, Country, Sector, WorkforceBand

HEARD_ON = date(2026, 9, 14)
COUNTRIES = ["DE", "BE", "ES", "IT", "GB", "US", "CA", "MA", "BR", "JP", "SN", "PL"]
# code: (name, kind, trust, part of the organisation's name)
SOURCES = {
    "agency-portfolio": ("Portefeuille de l’agence (démo)", SourceKind.PARTNER, 65, "Business France"),
    "chamber-bretagne": ("Fichier CCI Bretagne (démo)", SourceKind.PARTNER, 65, "CCI Bretagne"),
    "bank-export": ("Bpifrance, chiffre d’affaires export (démo)", SourceKind.STATE, 75, "Bpifrance"),
    "show-2026": ("Contacts du salon Machines 2026 (démo)", SourceKind.SHOW, 40, ""),
}
# Subsidiaries of the foreign groups: key, parent, name, country, town, share.
SUBSIDIARIES = [
    ("nordhavn_deutschland", "nordhavn", "Nordhavn Maschinen GmbH", "DE", "Bremen", 100),
    ("nordhavn_polska", "nordhavn", "Nordhavn Maszyny Sp. z o.o.", "PL", "Gdynia", 75),
    ("kurogane_europe", "kurogane", "Kurogane Robotics Europe B.V.", "NL", "Eindhoven", 100),
]
# Invented numbers with a right check digit; the parents have no other.
NUMBERS = {"nordhavn": "99000015", "kurogane": "", "altavela": ""}
SECOND_SITES = {"ines": "29232", "laiterie": "22070", "rail": "59350", "garonne": "31069", "traite": "35051"}


def source_called(code: str) -> Source:
    """A source of the demo, made when it is missing."""
    name, kind, trust, organisation = SOURCES[code]
    found = Source.objects.filter(code=code).first()
    owner = Organisation.objects.filter(name__startswith=organisation).first() if organisation else None
    return found or actions.create_source(code=code, name=name, kind=kind, trust=trust, organisation=owner, by=None)


def siret_of(siren: str, place: int) -> str:
    """A SIRET of a SIREN with a right check digit."""
    body = f"{siren}{place:04d}"
    return body + str(luhn.calc_check_digit(body))


def tell_cards(companies: dict[str, Company], world: dict[str, Any]) -> None:
    """Fill the cards of the told companies. Can be run again: what is told is not told twice."""
    sources = {code: source_called(code) for code in SOURCES}
    for number, (key, company) in enumerate(companies.items()):
        if company.is_accompanied and not company.markets.exists():
            _exporter(company, Random(f"card {key}"), number, sources["agency-portfolio"])  # noqa: S311
    _sites(companies)
    _group(companies)
    _disagreements(companies, sources)
    _people(companies)
    _restricted(companies, world)


def _exporter(company: Company, random: Random, number: int, source: Source) -> None:
    turnover = company.turnover or Decimal(1_000_000)
    actions.change_company(
        company=company,
        by=None,
        source=source,
        observed_on=HEARD_ON,
        status=Status.CLIENT,
        turnover_year=2025,
        export_turnover_year=2025,
        turnover_objective=round(turnover * Decimal("1.15"), -3),
        potential_turnover=round(turnover * Decimal(random.randrange(4, 18)) / 100, -3),
        margin=round(turnover * Decimal(random.randrange(6, 31)) / 1000, -3),
        new_client_objective=random.randrange(2, 13),
        objective_year=2027,
        priority_zones=[random.choice(PriorityZone.values)] if number % 6 == 0 else [],
    )
    maturities = [Maturity.ESTABLISHED, Maturity.FIRST_SALES, Maturity.PROSPECTED, Maturity.CONSIDERED]
    for code, maturity in zip(random.sample(COUNTRIES, 3), random.sample(maturities, 3), strict=True):
        if company.export_class == "potential" and maturity in (Maturity.ESTABLISHED, Maturity.FIRST_SALES):
            maturity = Maturity.CONSIDERED
        actions.add_market(
            company=company,
            country=Country.objects.get(pk=code),
            sector=company.sector,
            maturity=maturity,
            since=date(random.randrange(2015, 2026), random.randrange(1, 13), 1),
            by=None,
        )


def _sites(companies: dict[str, Company]) -> None:
    """The head office of each company as the register has it; five have a second site, one of them closed."""
    with_siren = {c.siren: (key, c) for key, c in companies.items() if c.siren}
    sites = Establishment.objects.filter(company__in=companies.values(), name="Atelier")
    known = set(sites.values_list("company_id", flat=True))
    communes = {c.pk: c for c in Commune.objects.filter(pk__in=SECOND_SITES.values())}
    for unit in RegisterUnit.objects.filter(pk__in=with_siren):
        key, company = with_siren[unit.pk]
        if company.pk in known or not unit.is_public:
            continue
        head = {
            "siret": unit.head_office_siret or siret_of(unit.pk, 1),
            "is_head_office": True,
            "address": unit.address,
            "postal_code": unit.postal_code,
            "commune_id": company.commune_id,
            "town": company.town,
            "activity_id": company.activity_id,
            "workforce_band_id": company.workforce_band_id,
            "opened_on": unit.created_on,
        }
        rows = [head]
        place = communes.get(SECOND_SITES.get(key, ""))
        if place:
            closed = date(2024, 6, 30) if key == "rail" else None
            band = WorkforceBand.objects.filter(pk="03").first()
            rows.append(
                {
                    "siret": siret_of(unit.pk, 2),
                    "name": "Atelier",
                    "address": "Zone artisanale",
                    "postal_code": place.postal_codes[0] if place.postal_codes else "",
                    "commune_id": place.pk,
                    "town": place.name,
                    "activity_id": company.activity_id,
                    "workforce_band_id": band.pk if band else None,
                    "opened_on": date(2012, 3, 1),
                    "closed_on": closed,
                }
            )
        actions.keep_establishments(company=company, rows=rows, by=None)


def _group(companies: dict[str, Company]) -> None:
    for key, parent_key, name, country, town, share in SUBSIDIARIES:
        parent = companies[parent_key]
        found = Company.objects.filter(name=name).first()
        if found is None:
            found = actions.create_company(
                name=name,
                by=None,
                source=source_called("agency-portfolio"),
                observed_on=HEARD_ON,
                family=Family.FOREIGN,
                country=Country.objects.get(pk=country),
                town=town,
                sector=Sector.objects.filter(slug="industry").first(),
                is_demo=True,
            )
            actions.link_companies(
                parent=parent, subsidiary=found, share=Decimal(share), since=date(2014, 1, 1), by=None
            )
        companies[key] = found
    if not companies["nordhavn"].national_number:
        actions.change_company(
            company=companies["nordhavn"],
            by=None,
            source=source_called("agency-portfolio"),
            national_number=NUMBERS["nordhavn"],
            headcount=1450,
            headcount_year=2025,
            turnover=Decimal(312_000_000),
            turnover_year=2025,
            status=Status.CLIENT,
        )


def _disagreements(companies: dict[str, Company], sources: dict[str, Source]) -> None:
    """The agency and the chamber count other people in one company; the bank knows what is exported."""
    told: list[tuple[str, str, date, dict[str, Any]]] = [
        ("ines", "agency-portfolio", HEARD_ON, {"headcount": 84, "headcount_year": 2025}),
        ("ines", "chamber-bretagne", date(2026, 10, 5), {"headcount": 97, "headcount_year": 2026}),
        ("ines", "bank-export", date(2026, 7, 1), {"export_turnover": 3_410_000, "export_turnover_year": 2025}),
        ("laiterie", "bank-export", date(2026, 7, 1), {"export_turnover": 3_990_000, "export_turnover_year": 2025}),
        ("atelier", "chamber-bretagne", date(2026, 10, 5), {"website": "https://ateliers-ponant.example"}),
        ("atelier", "show-2026", date(2026, 6, 12), {"headcount": 41, "headcount_year": 2026}),
        ("voiles", "chamber-bretagne", date(2026, 10, 5), {"turnover": 2_050_000, "turnover_year": 2026}),
        ("korrigan", "chamber-bretagne", date(2026, 10, 5), {"size": "ETI", "headcount": 210}),
    ]
    for key, code, day, values in told:
        actions.offer_values(record=companies[key], source=sources[code], values=values, observed_on=day, by=None)
        actions.note_source_record(record_of=companies[key], source=sources[code], seen_on=day, key=f"D-{key}")


def _people(companies: dict[str, Company]) -> None:
    """Somebody who works for two companies, with hours that suit, a profile and a former number."""
    company = companies["ines"]
    contact = company.contacts.order_by("pk").first()
    if contact is None or contact.call_windows.exists():
        return
    actions.set_call_windows(
        contact=contact,
        windows=[(1, time(9), time(11, 30)), (2, time(14), time(17)), (4, time(9), time(11, 30))],
        by=None,
    )
    actions.add_role(
        contact=contact,
        company=companies["korrigan"],
        function="Administratrice",
        starts_on=date(2024, 1, 1),
        by=None,
    )
    profile = f"https://social.example/{contact.last_name.lower().replace(' ', '-')}"
    actions.add_channel(owner=contact, kind=ChannelKind.SOCIAL, network="linkedin", value=profile, by=None)
    actions.add_channel(
        owner=contact,
        kind=ChannelKind.PHONE,
        value="+33199009901",
        label="Ancien mobile",
        valid_until=date(2025, 12, 31),
        by=None,
    )
    actions.add_channel(
        owner=company, kind=ChannelKind.PHONE, value="+33199009902", label="Standard", is_preferred=True, by=None
    )
    page = "https://social.example/mecanique-iroise"
    actions.add_channel(owner=company, kind=ChannelKind.SOCIAL, network="linkedin", value=page, by=None)
    actions.add_channel(owner=company, kind=ChannelKind.SOCIAL, network="viadeo", value=f"{page}-viadeo", by=None)


def _restricted(companies: dict[str, Company], world: dict[str, Any]) -> None:
    """One company is sensitive; one of its network asks the register to be corrected."""
    users = world.get("users", {})
    company = companies["garonne"]
    company.refresh_from_db()
    if "nora" in users and not company.is_sensitive:
        actions.flag_company(
            company=company,
            reason="Technologies spatiales à double usage (démo)",
            state_service="Service de l’information stratégique (démo)",
            state_contact="delegue.occitanie@etat.example",
            by=users["nora"],
            people=[users["gael"]] if "gael" in users else [],
        )
    atelier = companies["atelier"]
    band = WorkforceBand.objects.filter(pk="21").first()
    if "helene" in users and band and not atelier.corrections.exists():
        actions.ask_correction(
            company=atelier,
            field="workforce_band",
            values={"workforce_band": band},
            reason="Cinquante-deux salariés au registre du personnel vu sur place en octobre.",
            by=users["helene"],
        )
