"""The rows that tests of this room stand on, made through the room's own doors."""

from types import SimpleNamespace

from pavillon.accounts import actions
from pavillon.accounts.enums import Kind, Level, Role
from pavillon.reference.models import Country, Region
from tests.remembered import remembered

PASSWORD = "une-porte-bleue-42"

COUNTRIES = [
    ("FR", "France", "France"),
    ("JP", "Japon", "Japan"),
    ("DE", "Allemagne", "Germany"),
    ("IT", "Italie", "Italy"),
    ("BR", "Brésil", "Brazil"),
    ("CA", "Canada", "Canada"),
]
REGIONS = [("53", "Bretagne", "Brittany", "bretagne"), ("76", "Occitanie", "Occitanie", "occitanie")]


def places():
    for code, name_fr, name_en in COUNTRIES:
        Country.objects.get_or_create(code=code, defaults={"name_fr": name_fr, "name_en": name_en})
    for code, name_fr, name_en, slug in REGIONS:
        Region.objects.get_or_create(
            code=code, defaults={"name_fr": name_fr, "name_en": name_en, "slug": slug, "zone": "metro"}
        )


def person(first_name, organisation=None, role=None, *, email=None, language="en", verified=True, **more):
    """A person who can sign in with PASSWORD, with one membership when `organisation` is given."""
    user = actions.create_user(
        email=email or f"{first_name.lower()}@example.example",
        first_name=first_name,
        last_name="Test",
        language=language,
        password=PASSWORD,
        is_email_verified=verified,
    )
    if organisation:
        actions.add_membership(user=user, organisation=organisation, role=role, by=None, is_default=True, **more)
    return user


@remembered
def cast():
    bretagne, occitanie = Region.objects.get(code="53"), Region.objects.get(code="76")
    france = Country.objects.get(code="FR")

    def organisation(name, kind, level="", region=None, country=france):
        return actions.create_organisation(name=name, kind=kind, level=level, region=region, country=country, by=None)

    chamber = organisation("CCI Bretagne", Kind.CHAMBER, Level.REGIONAL, bretagne)
    other = organisation("CCI Occitanie", Kind.CHAMBER, Level.REGIONAL, occitanie)
    agency = organisation("Agence", Kind.AGENCY, Level.NATIONAL)
    bank = organisation("Banque", Kind.BANK, Level.NATIONAL)
    council = organisation("Région Bretagne", Kind.REGION, Level.REGIONAL, bretagne)
    partner = organisation("Brücke GmbH", Kind.PARTNER, Level.INTERNATIONAL, None, Country.objects.get(code="DE"))
    operator = organisation("Phare", Kind.OPERATOR, Level.NATIONAL)
    company = organisation("Atelier du Ponant", Kind.COMPANY, region=bretagne)
    buyer = organisation("Comércio Azul", Kind.BUYER, country=Country.objects.get(code="BR"))
    return SimpleNamespace(
        chamber=chamber,
        other=other,
        agency=agency,
        bank=bank,
        council=council,
        partner_firm=partner,
        company=company,
        buyer_firm=buyer,
        maud=person("Maud", chamber, Role.ORGANISATION_ADMIN),
        nour=person("Nour", chamber, Role.ADVISER, network="ci"),
        theo=person("Theo", other, Role.ADVISER, network="ci"),
        tess=person("Tess", other, Role.ORGANISATION_ADMIN),
        kim=person("Kim", bank, Role.ADVISER, network="cai", covers=bretagne),
        manager=person("Marie", chamber, Role.TEAM_MANAGER),
        official=person("Solene", council, Role.REGION_OFFICIAL),
        partner=person("Lena", partner, Role.PRIVATE_PARTNER),
        operator=person("Omar", operator, Role.OPERATOR),
        admin=person("Ada", agency, Role.PLATFORM_ADMIN),
        security=person("Nils", agency, Role.SECURITY_OFFICER),
        dpo=person("Dora", agency, Role.DATA_PROTECTION_OFFICER),
        claire=person("Claire", company, Role.COMPANY_MANAGER),
        tom=person("Tom", buyer, Role.BUYER),
        stranger=person("Zoe"),
    )


def change_membership(**more):
    """Another network, unit or territory for somebody: for rooms that only read."""
    return actions.change_membership(**more)
