"""Lines of the register's files that were read before are passed over, and never believed blindly."""

import csv

import pytest

from pavillon.directory.actions import register
from pavillon.directory.actions.register import import_register
from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.models import RegisterEstablishment, RegisterUnit
from pavillon.directory.queries import memory_file, rejects_file
from pavillon.directory.sirene_rejects import REASONS
from pavillon.directory.staging import Staging
from pavillon.directory.tests.register_files import a_unit, an_office, siren, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path, monkeypatch):
    settings.DATA = tmp_path / "data"
    monkeypatch.setattr(register, "SKIMMED_FROM", 0)


@pytest.fixture
def read(monkeypatch):
    """How many rows each reading took apart."""
    taken, read_rows = [], Staging._read

    def spy(staging, tell):
        read_rows(staging, tell)
        taken.append(staging.base.execute("SELECT count(*) FROM checked").fetchone()[0])

    monkeypatch.setattr(Staging, "_read", spy)
    return taken


def take(path, rows, **options):
    (run,) = import_register([write(path, rows)], **options)
    return run


def counted(run):
    return run.read, run.created, run.changed, run.closed, run.unchanged, run.rejected


def refused(run):
    with rejects_file(run).open(encoding="utf-8-sig", newline="") as stream:
        return [(line, number, reason) for line, number, reason, _row in list(csv.reader(stream))[1:]]


def reason(code):
    return str(REASONS[code])


def test_only_new_lines_are_read_and_the_report_counts_all(tmp_path, read):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    rows[10]["trancheEffectifsUniteLegale"] = "21"
    rows[20] |= {"etatAdministratifUniteLegale": "C", "dateDebut": "2026-05-31"}
    rows[30]["siren"] = "12"
    rows.insert(5, a_unit(99))
    run = take(path, rows)
    assert read == [60, 4]
    assert counted(run) == (61, 1, 1, 1, 57, 1)
    # The line is that of the whole file: the header and one row more stand before it.
    assert refused(run) == [("33", "12", reason("siren_length"))]
    assert counted(take(path, rows, force=True)) == (61, 0, 0, 0, 60, 1)
    assert read[2:] == [1]


def test_a_line_torn_among_known_ones_has_its_own_number(tmp_path):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    lines = write(path, rows).read_text().splitlines()
    lines[40] = "1,2"
    path.write_text("\n".join([*lines, ""]))
    (run,) = import_register([path])
    assert counted(run) == (60, 0, 0, 0, 59, 1)
    assert refused(run) == [("41", "1,2", reason("width"))]


@pytest.mark.parametrize("place", [0, 50])
def test_a_number_that_stands_twice_is_judged_by_its_place(tmp_path, place):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    rows.insert(place, a_unit(30, trancheEffectifsUniteLegale="21"))
    run = take(path, rows)
    assert counted(run) == (61, 0, 1 if place == 0 else 0, 0, 59 if place == 0 else 60, 1)
    assert refused(run) == [("33" if place == 0 else "52", siren(30), reason("twice"))]


def test_the_very_same_line_twice_is_refused_once(tmp_path):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    run = take(path, [*rows, rows[3]])
    assert counted(run) == (61, 0, 0, 0, 60, 1)
    assert refused(run) == [("62", siren(3), reason("twice"))]


def test_a_memory_that_is_not_the_register_is_not_believed(tmp_path, read):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    RegisterUnit.objects.filter(pk=siren(7)).delete()
    RegisterUnit.objects.filter(pk=siren(8)).update(legal_name="?", row_hash=8)
    assert counted(take(path, rows, force=True)) == (60, 1, 1, 0, 58, 0)
    assert RegisterUnit.objects.get(pk=siren(8)).legal_name == "SCIERIE 8"
    memory_file(RegisterFileKind.UNITS).write_bytes(b"PAR1 no more")
    assert counted(take(path, rows, force=True)) == (60, 0, 0, 0, 60, 0)
    # Read whole twice, remembered again.
    assert counted(take(path, rows, force=True)) == (60, 0, 0, 0, 60, 0)
    assert read == [60, 60, 60, 0]


def test_another_header_means_other_lines(tmp_path, read):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    take(path, rows)
    header = path.read_text().splitlines()[0]
    swapped = header.replace("prenom1UniteLegale", "?").replace("prenom2UniteLegale", "prenom1UniteLegale")
    path.write_text(path.read_text().replace(header, swapped.replace("?", "prenom2UniteLegale")))
    assert counted(import_register([path])[0]) == (60, 0, 0, 0, 60, 0)
    assert read == [60, 60]


def test_establishments_follow_what_their_unit_may_show(tmp_path):
    units, offices = tmp_path / "StockUniteLegale.csv", tmp_path / "StockEtablissement.csv"
    person = {"categorieJuridiqueUniteLegale": "1000", "denominationUniteLegale": "", "nomUniteLegale": "KERVELLA"}
    rows, sites = [a_unit(n) for n in range(60)], [an_office(n) for n in range(60)]
    rows[9] |= person
    take(units, rows)
    take(offices, sites)
    take(units, [row | {"statutDiffusionUniteLegale": "P"} if row is rows[9] else row for row in rows])
    run = take(offices, sites, force=True)
    assert (run.changed, run.unchanged) == (1, 59)
    seat = RegisterEstablishment.objects.get(pk=sites[9]["siret"])
    assert seat.address == ""
    # And back again.
    take(units, rows)
    take(offices, sites, force=True)
    seat.refresh_from_db()
    assert seat.address == "12 ROUTE DE BREST"


def test_a_small_file_is_read_without_the_memory(tmp_path, monkeypatch):
    path, rows = tmp_path / "StockUniteLegale.csv", [a_unit(n) for n in range(60)]
    monkeypatch.setattr(register, "SKIMMED_FROM", 8 << 20)
    take(path, rows)
    assert not memory_file(RegisterFileKind.UNITS).exists()
    assert counted(take(path, rows[:30], force=True)) == (30, 0, 0, 0, 30, 0)
    monkeypatch.setattr(register, "FEW_ROWS", 10)
    assert counted(take(path, rows, force=True)) == (60, 0, 0, 0, 60, 0)
