"""Files of partners, a rented list whose licence is over, signals: for the demonstration, all invented."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.directory.actions import create_source
from pavillon.directory.enums import SourceKind
from pavillon.directory.models import Company, Source
from pavillon.intake import actions
from pavillon.intake.models import Delivery
from pavillon.privacy.enums import LegalBasis

HEADER = "N° client;Raison sociale;SIREN;CP;Ville;Site web;Effectif;CA (k€);Prénom;Nom contact;Courriel\n"
TAKEN = HEADER + (
    "B1;Brasserie du Raz;;29770;Plogoff;www.brasserie-du-raz.example;18;2 400;Maëlle;Tanguy;maelle@raz.example\n"
    "B2;Fonderie de l’Odet;;29000;Quimper;;64;9 150;Yann;Le Goff;yann@odet.example\n"
    "B3;Cidrerie des Abers;;29870;Lannilis;cidrerie-abers.example;9;1 080;;;\n"
    "B4;Mauvais numéro;123456789;29200;Brest;;;;;;\n"
)
RENTED = "Raison sociale;CP;Ville\nNautisme de l’Elorn;29800;Landerneau\nOptique du Léon;29250;Saint-Pol-de-Léon\n"


def seed(world: dict[str, Any]) -> None:
    """One file taken over, one rehearsed with doubtful rows, a rental that is over, signals, the register."""
    actions.lay_register()
    keeper = User.objects.working().acting_in(role=Role.PLATFORM_ADMIN).order_by("pk").first()
    if keeper is None or Delivery.objects.exists():
        return
    partner = _source("demo-cci-bretagne", "CCI Bretagne (démo)", SourceKind.PARTNER)
    rented = _source("demo-annuaire", "Annuaire loué (démo)", SourceKind.RENTED)
    _take(_rehearse(partner, "clients-cci-2026-10.csv", TAKEN, keeper), keeper)
    _take(_rehearse(rented, "annuaire-finistere.csv", RENTED, keeper), keeper)
    actions.set_terms(
        source=rented,
        by=keeper,
        supplier="Listes & Fichiers (démo)",
        cost="1450.00",
        licence_ends_on=timezone.localdate() - timedelta(days=12),
    )
    _rehearse(partner, "prospects-a-verifier.csv", _doubtful(), keeper)
    _signals(keeper)
    actions.add_interface(
        by=keeper,
        name="Offres d’emploi",
        provider="Service public de l’emploi (démo)",
        address="https://offres.api.example/v2",
        subject="Recrutements qui annoncent un projet à l’étranger",
    )


def _source(code: str, name: str, kind: SourceKind) -> Source:
    known = Source.objects.filter(code=code).first()
    return known or create_source(code=code, name=name, kind=kind, by=None)


def _rehearse(source: Source, name: str, text: str, keeper: User) -> Delivery:
    delivery = actions.bring_delivery(
        source=source,
        name=name,
        content=text.encode(),
        observed_on=timezone.localdate() - timedelta(days=30),
        legal_basis=LegalBasis.PUBLIC_TASK,
        by=keeper,
    )
    actions.choose_mapping(delivery=delivery, mapping=delivery.mapping, by=keeper)
    actions.run_rehearsal(delivery=delivery)
    delivery.refresh_from_db()
    return delivery


def _take(delivery: Delivery, keeper: User) -> None:
    actions.take_delivery(delivery=delivery, by=keeper)
    actions.run_taking(delivery=delivery)


def _doubtful() -> str:
    """Names of the base as a partner mistypes them: with their town, without their SIREN."""
    known = Company.objects.filter(commune__isnull=False, merged_into=None, is_sensitive=False).select_related(
        "commune"
    )
    lines = [
        f"D{n};{_mistyped(company.name)};;{company.postal_code};{company.commune.name};;;;;;\n"
        for n, company in enumerate(known.order_by("pk")[:4], start=1)
        if company.commune
    ]
    return HEADER + "".join(lines) + "D9;Tissages de l’Aulne;;29590;Pont-de-Buis;;31;3 900;;;\n"


def _mistyped(name: str) -> str:
    """The third and the fourth letter changed places."""
    return name[:2] + name[3:4] + name[2:3] + name[4:]


def _signals(keeper: User) -> None:
    """Patents abroad of one company, the bank's figures and the zone of another."""
    known = list(Company.objects.exclude(siren=None).filter(is_accompanied=True).order_by("pk")[:3])
    if len(known) < 3:
        return
    day = timezone.localdate()
    patents = "SIREN;Publication;Date de dépôt;Titre;Offices\n" + "".join(
        f"{known[0].siren};WO2026/0{n}417;{day - timedelta(days=90 * n)};Pompe à débit constant;WO EP US JP\n"
        for n in (1, 2)
    )
    bank = f"SIREN;Année;CA export (k€);Produit\n{known[1].siren};2025;1 310;Assurance prospection\n"
    zones = f"SIREN;Zone\n{known[2].siren};FRR\n"
    actions.export_head_offices(by=keeper)
    for feed, text in (("patents", patents), ("bank", bank), ("zones", zones)):
        actions.import_signals(feed=feed, content=text.encode(), observed_on=day - timedelta(days=20), by=keeper)
