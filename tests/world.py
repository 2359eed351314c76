"""The people of the demonstration and the objects that rooms offer as examples, for tests over all pages."""

from dataclasses import dataclass, field
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.db.models import Model

from pavillon.accounts import actions
from pavillon.accounts.enums import Kind, Level, Network, Role
from pavillon.accounts.models import Membership, Organisation, User
from pavillon.reference.models import Country, Region
from tests.house import rooms
from tests.remembered import remembered


@dataclass
class World:
    """`people` by first name (None is a visitor who did not sign in), `organisations` by key, `rows` by model."""

    people: dict[str, User | None] = field(default_factory=dict)
    organisations: dict[str, Organisation] = field(default_factory=dict)
    rows: dict[type[Model], Model] = field(default_factory=dict)
    arguments: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: dict[str, dict[str, Any]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Any:
        """`world["helene"]`, `world["chamber"]` or `world["directory.company"]`, whichever knows the key."""
        if "." in key:
            return self.example(apps.get_model(key))
        return self.people[key] if key in self.people else self.organisations[key]

    def example(self, model: type[Model]) -> Model:
        """The example of a model, made when first asked for. Raises LookupError when its room offers none."""
        if model not in self.rows:
            maker = examples().get(model)
            if maker is None:
                raise LookupError(f"{model._meta.label}: add it to EXAMPLES in its room's tests/examples.py")
            self.rows[model] = maker(self)
        return self.rows[model]


# key: (name, kind, level, region, country)
ORGANISATIONS = {
    "agency": ("Agence", Kind.AGENCY, Level.NATIONAL, None, "FR"),
    "chamber": ("CCI Bretagne", Kind.CHAMBER, Level.REGIONAL, "53", "FR"),
    "other_chamber": ("CCI Occitanie", Kind.CHAMBER, Level.REGIONAL, "76", "FR"),
    "bank": ("Banque", Kind.BANK, Level.NATIONAL, None, "FR"),
    "council": ("Région Bretagne", Kind.REGION, Level.REGIONAL, "53", "FR"),
    "partner": ("Partner GmbH", Kind.PARTNER, Level.INTERNATIONAL, None, "DE"),
    "operator": ("Opérateur", Kind.OPERATOR, Level.NATIONAL, None, "FR"),
    "atelier": ("Atelier Kermarrec", Kind.COMPANY, "", "53", "FR"),
    "azul": ("Comércio Azul", Kind.BUYER, "", None, "BR"),
}
# first name: (organisation, role, network), as in the demonstration
PEOPLE = {
    "claire": ("atelier", Role.COMPANY_MANAGER, ""),
    "ines": ("atelier", Role.SELLER, ""),
    "tom": ("azul", Role.BUYER, ""),
    "helene": ("chamber", Role.ADVISER, Network.CI),
    "gael": ("other_chamber", Role.ADVISER, Network.CI),
    "karim": ("bank", Role.ADVISER, Network.CAI),
    "bruno": ("chamber", Role.TEAM_MANAGER, ""),
    "maud": ("chamber", Role.ORGANISATION_ADMIN, ""),
    "sophie": ("council", Role.REGION_OFFICIAL, ""),
    "lars": ("partner", Role.PRIVATE_PARTNER, ""),
    "alice": ("agency", Role.SHOWROOM_MANAGER, ""),
    "olivier": ("operator", Role.OPERATOR, ""),
    "nora": ("agency", Role.SECURITY_OFFICER, ""),
    "denis": ("agency", Role.DATA_PROTECTION_OFFICER, ""),
    "pierre": ("agency", Role.KEY_HOLDER, ""),
    "admin": ("agency", Role.PLATFORM_ADMIN, ""),
}


@remembered
def make_world() -> World:
    """Organisations and people; examples follow when they are asked for."""
    world = World()
    for code, name_fr, name_en in [
        ("FR", "France", "France"),
        ("DE", "Allemagne", "Germany"),
        ("BR", "Brésil", "Brazil"),
    ]:
        Country.objects.get_or_create(code=code, defaults={"name_fr": name_fr, "name_en": name_en})
    for code, name, slug in [("53", "Bretagne", "bretagne"), ("76", "Occitanie", "occitanie")]:
        Region.objects.get_or_create(code=code, defaults={"name_fr": name, "name_en": name, "slug": slug})
    for key, (name, kind, level, region, country) in ORGANISATIONS.items():
        world.organisations[key] = actions.create_organisation(
            name=name,
            kind=kind,
            level=level,
            region=Region.objects.get(code=region) if region else None,
            country=Country.objects.get(code=country),
            by=None,
        )
    world.people["visitor"] = None
    for key, (organisation, role, network) in PEOPLE.items():
        user = actions.create_user(
            email=f"{key}@pavillon.example",
            first_name=key.capitalize(),
            last_name="Test",
            language="en",
            is_email_verified=True,
        )
        actions.add_membership(
            user=user, organisation=world.organisations[organisation], role=role, network=network, by=None,
            is_default=True,
        )  # fmt: skip
        world.people[key] = User.objects.get(pk=user.pk)
    world.rows = {
        Organisation: world["chamber"],
        User: world["helene"],
        Membership: world["helene"].acting,
        Region: Region.objects.get(code="53"),
        Country: Country.objects.get(code="BR"),
    }
    for room in rooms():
        world.arguments |= getattr(_examples_of(room), "ARGUMENTS", {})
        world.calls |= getattr(_examples_of(room), "CALLS", {})
    for room in rooms():
        if prepare := getattr(_examples_of(room), "prepare", None):
            prepare(world)
    return world


def examples() -> dict[type[Model], Any]:
    """What rooms offer: {Model: maker(world) -> row}."""
    found: dict[type[Model], Any] = {}
    for room in rooms():
        found |= getattr(_examples_of(room), "EXAMPLES", {})
    return found


def _examples_of(room: str) -> Any:
    name = f"pavillon.{room}.tests.examples"
    return import_module(name) if find_spec(f"pavillon.{room}.tests") and find_spec(name) else None
