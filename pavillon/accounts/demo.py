"""A believable team for the demo. Every name is invented and every address ends in `.example`."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction

from pavillon.accounts import actions
from pavillon.accounts.enums import Kind, Level, Network, Role
from pavillon.accounts.models import Correspondent, Membership, Office, OneStopShop, Organisation, Unit, User
from pavillon.reference.models import Country, Region

PASSWORD = "Cap-sur-export-2026"  # noqa: S105 - shown beside every demo account, useless elsewhere

# (code, name, parent, attached to the top). The tree of ledger IDN-05.
UNITS = [
    ("agence", "Agence", None, False),
    ("invest", "INVEST", "agence", False),
    ("export", "EXPORT", "agence", False),
    ("vie", "VIE", "export", False),
    ("reseau-france", "RÉSEAU France", "agence", False),
    ("reseau-cai", "Réseau des CAI", "reseau-france", False),
    ("reseau-ci", "Réseau des CI", "reseau-france", False),
    ("strategies-ressources", "Stratégies et Ressources", "agence", False),
    ("ressources-humaines", "Ressources humaines", "strategies-ressources", False),
    ("finances", "Finances", "strategies-ressources", False),
    ("systemes-information", "Systèmes d’information", "strategies-ressources", False),
    ("reseau-international", "Réseau international", "strategies-ressources", False),
    ("juridique", "Juridique", "strategies-ressources", False),
    ("cooperation", "Mission Coopération internationale", "strategies-ressources", False),
    ("communication", "Communication et Affaires publiques", "agence", True),
    ("audit-risques-qualite", "Mission Audit-Risques-Qualité", "agence", True),
]

# (key, name, country, town, time zone)
OFFICES = [
    ("paris", "Paris", "FR", "Paris", "Europe/Paris"),
    ("marseille", "Marseille", "FR", "Marseille", "Europe/Paris"),
    ("rennes", "Rennes", "FR", "Rennes", "Europe/Paris"),
    ("toulouse", "Toulouse", "FR", "Toulouse", "Europe/Paris"),
    ("tokyo", "Tokyo", "JP", "Tokyo", "Asia/Tokyo"),
    ("sao-paulo", "São Paulo", "BR", "São Paulo", "America/Sao_Paulo"),
    ("munich", "Munich", "DE", "Munich", "Europe/Berlin"),
    ("milan", "Milan", "IT", "Milan", "Europe/Rome"),
    ("montreal", "Montréal", "CA", "Montréal", "America/Toronto"),
]

# (key, name, kind, level, region, country)
ORGANISATIONS = [
    ("agency", "Agence nationale de l’export", Kind.AGENCY, Level.NATIONAL, None, "FR"),
    ("cci_bretagne", "CCI Bretagne", Kind.CHAMBER, Level.REGIONAL, "53", "FR"),
    ("cci_occitanie", "CCI Occitanie", Kind.CHAMBER, Level.REGIONAL, "76", "FR"),
    ("bank", "Banque de l’élan", Kind.BANK, Level.NATIONAL, None, "FR"),
    ("region_bretagne", "Conseil régional de Bretagne", Kind.REGION, Level.REGIONAL, "53", "FR"),
    ("partner", "Handelsbrücke GmbH", Kind.PARTNER, Level.INTERNATIONAL, None, "DE"),
    ("former_partner", "Ponte d’Affari S.r.l.", Kind.PARTNER, Level.INTERNATIONAL, None, "IT"),
    ("operator", "Phare Services", Kind.OPERATOR, Level.NATIONAL, None, "FR"),
]

# key: (first name, last name, e-mail, language, office, organisation, role, network, unit, region covered)
PEOPLE: dict[str, tuple[str, str, str, str, str, str, str, str, str, str]] = {
    "helene": ("Hélène", "Le Goff", "helene.le-goff@cci-bretagne.example", "fr", "rennes",
               "cci_bretagne", Role.ADVISER, Network.CI, "reseau-ci", ""),
    "karim": ("Karim", "Benali", "karim.benali@banque-elan.example", "fr", "rennes",
              "bank", Role.ADVISER, Network.CAI, "reseau-cai", "53"),
    "yuki": ("Yuki", "Tanaka", "yuki.tanaka@agence-export.example", "en", "tokyo",
             "agency", Role.ADVISER, Network.NONE, "reseau-international", ""),
    "lars": ("Lars", "Brandt", "lars.brandt@handelsbruecke.example", "en", "munich",
             "partner", Role.PRIVATE_PARTNER, Network.NONE, "", ""),
    "sophie": ("Sophie", "Riou", "sophie.riou@region-bretagne.example", "fr", "rennes",
               "region_bretagne", Role.REGION_OFFICIAL, Network.NONE, "", ""),
    "gael": ("Gaël", "Fabre", "gael.fabre@cci-occitanie.example", "fr", "toulouse",
             "cci_occitanie", Role.ADVISER, Network.CI, "reseau-ci", ""),
    "bruno": ("Bruno", "Cadiou", "bruno.cadiou@cci-bretagne.example", "fr", "rennes",
              "cci_bretagne", Role.TEAM_MANAGER, Network.NONE, "reseau-ci", ""),
    "alice": ("Alice", "Moreau", "alice.moreau@agence-export.example", "fr", "paris",
              "agency", Role.SHOWROOM_MANAGER, Network.NONE, "export", ""),
    "olivier": ("Olivier", "Costa", "olivier.costa@phare-services.example", "fr", "paris",
                "operator", Role.OPERATOR, Network.NONE, "", ""),
    "nora": ("Nora", "Haddad", "nora.haddad@agence-export.example", "fr", "paris",
             "agency", Role.SECURITY_OFFICER, Network.NONE, "systemes-information", ""),
    "denis": ("Denis", "Vasseur", "denis.vasseur@agence-export.example", "fr", "paris",
              "agency", Role.DATA_PROTECTION_OFFICER, Network.NONE, "juridique", ""),
    "pierre": ("Pierre", "Aubry", "pierre.aubry@agence-export.example", "fr", "paris",
               "agency", Role.KEY_HOLDER, Network.NONE, "systemes-information", ""),
    "salome": ("Salomé", "Diallo", "salome.diallo@agence-export.example", "fr", "paris",
               "agency", Role.KEY_HOLDER, Network.NONE, "juridique", ""),
    "admin": ("Camille", "Noël", "camille.noel@agence-export.example", "fr", "paris",
              "agency", Role.PLATFORM_ADMIN, Network.NONE, "systemes-information", ""),
    # Colleagues, so that lists and teams look like lists and teams.
    "erwan": ("Erwan", "Le Bihan", "erwan.le-bihan@cci-bretagne.example", "fr", "rennes",
              "cci_bretagne", Role.ADVISER, Network.CI, "reseau-ci", ""),
    "maelle": ("Maëlle", "Quéré", "maelle.quere@cci-bretagne.example", "fr", "rennes",
               "cci_bretagne", Role.TELE_PROSPECTOR, Network.NONE, "", ""),
    "victor": ("Victor", "Salaün", "victor.salaun@cci-bretagne.example", "fr", "rennes",
               "cci_bretagne", Role.SALES, Network.NONE, "", ""),
    "anais": ("Anaïs", "Prigent", "anais.prigent@agence-export.example", "fr", "rennes",
              "agency", Role.ADVISER, Network.CI, "reseau-ci", "53"),
    "rosalie": ("Rosalie", "Delmas", "rosalie.delmas@cci-occitanie.example", "fr", "toulouse",
                "cci_occitanie", Role.TEAM_MANAGER, Network.NONE, "reseau-ci", ""),
    "bastien": ("Bastien", "Carrère", "bastien.carrere@banque-elan.example", "fr", "toulouse",
                "bank", Role.ADVISER, Network.CAI, "reseau-cai", "76"),
    "emma": ("Emma", "Lacoste", "emma.lacoste@agence-export.example", "fr", "paris",
             "agency", Role.ADVISER, Network.NONE, "invest", ""),
    "fernanda": ("Fernanda", "Duarte", "fernanda.duarte@agence-export.example", "en", "sao-paulo",
                 "agency", Role.ADVISER, Network.NONE, "reseau-international", ""),
    "henri": ("Henri", "Salvat", "henri.salvat@agence-export.example", "fr", "paris",
              "agency", Role.TEAM_MANAGER, Network.NONE, "finances", ""),
    "lucie": ("Lucie", "Armand", "lucie.armand@agence-export.example", "fr", "paris",
              "agency", Role.EDITOR, Network.NONE, "communication", ""),
}  # fmt: skip


def _organisation(name: str, kind: str, level: str, region: str | None, country: str) -> Organisation:
    found = Organisation.objects.filter(name=name, kind=kind).first()
    return found or actions.create_organisation(
        name=name,
        kind=kind,
        level=level,
        region=Region.objects.get(code=region) if region else None,
        country=Country.objects.get(code=country),
        by=None,
    )


def _units() -> dict[str, Unit]:
    units = {unit.code: unit for unit in Unit.objects.all()}
    for code, name, parent, attached in UNITS:
        if code not in units:
            units[code] = actions.create_unit(
                name=name, code=code, parent=units[parent] if parent else None, is_attached_to_top=attached, by=None
            )
    return units


def _offices() -> dict[str, Office]:
    found = {}
    for key, name, country, city, zone in OFFICES:
        found[key] = Office.objects.filter(name=name).first() or actions.create_office(
            name=name, country=Country.objects.get(code=country), city=city, time_zone=zone, by=None
        )
    return found


def _person(
    world: dict[str, Any], key: str, first_name: str, last_name: str, email: str, language: str, office: Office
) -> User:
    try:
        return actions.create_user(
            email=email,
            first_name=first_name,
            last_name=last_name,
            language=language,
            hashed=world["hashed"],
            office=office,
            phone=f"+33 1 99 00 {len(world['users']):02d} {len(key):02d}",
            is_email_verified=True,
        )
    except actions.EmailTaken as error:
        return error.user


def _member(user: User, organisation: Organisation, role: str, **more: Any) -> Membership:
    try:
        # Long in place: other rooms' demos tell what these people did over the past months.
        return actions.add_membership(
            user=user, organisation=organisation, role=role, by=None, starts_on=date(2024, 1, 1), **more
        )
    except actions.AlreadyMember:
        return user.memberships.current().get(organisation=organisation, role=role)


def _shops(world: dict[str, Any]) -> None:
    """A one-stop shop in every metropolitan region: chamber, agency, bank, and the council where there is one."""
    places = world["organisations"]
    for region in Region.objects.filter(zone="metro"):
        if OneStopShop.objects.filter(pk=region.pk).exists():
            continue
        chamber = _organisation(f"CCI {region.name_fr}", Kind.CHAMBER, Level.REGIONAL, region.pk, "FR")
        members = [chamber, places["agency"], places["bank"]]
        if region.pk == "53":
            members.append(places["region_bretagne"])
        actions.compose_shop(
            region=region,
            organisations=members,
            email=f"equipe@{region.slug}-export.example",
            phone="+33 1 99 00 00 10",
            address=world["addresses"].get(region.pk, ""),
            by=None,
        )


def _correspondents(world: dict[str, Any]) -> None:
    places = world["organisations"]
    if Correspondent.objects.exists():
        return
    for organisation, country, starts_on, ends_on in [
        ("partner", "DE", date(2024, 1, 1), None),
        ("agency", "JP", date(2019, 1, 1), None),
        ("agency", "BR", date(2019, 1, 1), None),
        ("former_partner", "IT", date(2019, 1, 1), date(2025, 6, 30)),
        ("agency", "IT", date(2025, 7, 1), None),
    ]:
        actions.name_correspondent(
            organisation=places[organisation],
            country=Country.objects.get(code=country),
            starts_on=starts_on,
            ends_on=ends_on,
            by=None,
        )


@transaction.atomic
def seed(world: dict[str, Any]) -> None:
    """Fill `world` with `password`, `organisations`, `offices`, `units`, `users` (by key). Can be run again."""
    world.setdefault("password", PASSWORD)
    # Stretched once: it is published, and the same for every account.
    world.setdefault("hashed", make_password(world["password"]))
    world.setdefault("users", {})
    world["addresses"] = {"53": "2 quai de l’Exemple, 35000 Rennes", "76": "5 place de l’Exemple, 31000 Toulouse"}
    world["offices"], world["units"] = _offices(), _units()
    world["organisations"] = {row[0]: _organisation(*row[1:]) for row in ORGANISATIONS}
    for key, (first, last, email, language, office, organisation, role, network, unit, covers) in PEOPLE.items():
        user = _person(world, key, first, last, email, language, world["offices"][office])
        _member(
            user,
            world["organisations"][organisation],
            role,
            network=network,
            unit=world["units"].get(unit),
            covers=Region.objects.get(code=covers) if covers else None,
            is_default=True,
        )
        world["users"][key] = user
    # Bruno leads the team and also looks after the accounts of his chamber: one account, two roles.
    _member(world["users"]["bruno"], world["organisations"]["cci_bretagne"], Role.ORGANISATION_ADMIN)
    _member(world["users"]["olivier"], world["organisations"]["operator"], Role.ORGANISATION_ADMIN)
    _shops(world)
    _correspondents(world)
