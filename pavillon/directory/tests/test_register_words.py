"""What a company adopted from the register looks like: its name as people write it, its sector, once only."""

import threading

import psycopg
import pytest
from django.conf import settings
from django.db import DatabaseError, connection, transaction

from pavillon.directory.actions import adopt_register_unit, register
from pavillon.directory.enums import RunState
from pavillon.directory.names import readable
from pavillon.directory.tests.factories import unit
from pavillon.directory.tests.register_files import a_unit, write
from pavillon.reference.models import Sector
from pavillon.reference.queries import sector_of
from pavillon.reference.sets.lists import SECTORS
from pavillon.reference.tests.factories import make_sector


@pytest.mark.parametrize(
    ("shouted", "written"),
    [
        ("BÉTONS DE L’AUBRAC", "Bétons de l’Aubrac"),
        ("SARL ATELIERS DU PONANT", "SARL Ateliers du Ponant"),
        ("SOCIETE D'ARMOR", "Société d’Armor"),
        ("L'ATELIER DES DEUX RIVES", "L’Atelier des Deux Rives"),
        ("SAS LE GALL FRERES", "SAS Le Gall Frères"),
        ("BOULANGERIE LE GALL", "Boulangerie Le Gall"),
        ("JARDINS DE LA LOIRE", "Jardins de la Loire"),
        ("JEAN-PIERRE MARTIN & FILS", "Jean-Pierre Martin & Fils"),
        ("PORT-LA-FORET NAUTISME", "Port-la-Foret Nautisme"),
        ("BTP DU LITTORAL", "BTP du Littoral"),
        ("ETABLISSEMENTS O'NEILL", "Établissements O’Neill"),
        ("A.B.C. LEVAGE 2000", "A.B.C. Levage 2000"),
        ("3D PRINT", "3D Print"),
        ("LOUIS XIV EURL", "Louis XIV EURL"),
        ("LES PAINS D'EN HAUT", "Les Pains d’En Haut"),
        ("QUALIT'AIR", "Qualit’Air"),
        ("DE LA MER A LA TERRE", "De la Mer A La Terre"),
        ("iFactory", "iFactory"),
        ("Ateliers DU Ponant", "Ateliers DU Ponant"),
        ("", ""),
    ],
)
def test_a_shouted_name_is_written_as_people_do(shouted, written):
    assert readable(shouted) == written


@pytest.mark.parametrize(
    ("code", "slug"),
    [
        ("10.71C", "industry"),
        ("26.60Z", "health"),
        ("2651A", "industry"),
        ("33.16Z", "mobility"),
        ("23.61Z", "infrastructure"),
        ("38.32Z", "ecology"),
        ("01.21Z", None),
        ("47.11F", None),
        ("", None),
    ],
)
def test_a_sector_follows_from_the_activity(db, code, slug):
    for slug_of, (name_fr, name_en) in SECTORS.items():
        Sector.objects.get_or_create(slug=slug_of, defaults={"name_fr": name_fr, "name_en": name_en})
    found = sector_of(code)
    assert (found.pk if found else None) == slug


def test_an_adopted_company_has_a_readable_name_and_its_sector(cast):
    make_sector("health")
    made = unit(legal_name="SAS OPTIQUE DU LEON", activity_code="32.50A")
    company = adopt_register_unit(siren=made.siren, by=None)
    assert (company.name, company.sector_id) == ("SAS Optique du Leon", "health")
    assert company.legal_name == "SAS OPTIQUE DU LEON", "what the register says stays beside"


def test_two_people_who_adopt_one_siren_wait_for_each_other(cast):
    made = unit()
    with _other() as other:
        other.execute("SELECT pg_advisory_lock(hashtext(%s))", [f"siren {made.siren}"])
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '100ms'")
        with pytest.raises(DatabaseError, match="lock timeout"), transaction.atomic():
            adopt_register_unit(siren=made.siren, by=None)
    assert adopt_register_unit(siren=made.siren, by=None).siren == made.siren


def test_an_import_waits_a_little_for_one_that_was_killed(cast, settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    path = write(tmp_path / "StockUniteLegale.csv", [a_unit(1)])
    with _other() as other:
        other.execute("SELECT pg_advisory_lock(hashtext(%s))", [register.LOCK])
        with monkeypatch.context() as patch:
            patch.setattr(register, "PATIENCE", 0.1)
            with pytest.raises(register.ImportRunning):
                register.import_register([path])
        threading.Timer(0.2, other.close).start()
        (run,) = register.import_register([path])
    assert (run.state, run.created) == (RunState.DONE, 1)


def _other():
    """A connection of somebody else."""
    place = settings.DATABASES["default"]
    return psycopg.connect(
        dbname=connection.settings_dict["NAME"],
        user=place["USER"],
        password=place["PASSWORD"],
        host=place["HOST"],
        port=place["PORT"] or None,
        autocommit=True,
    )
