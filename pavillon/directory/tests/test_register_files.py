"""Bad files of the register: a clear message, and nothing is changed."""

import csv
import gzip
import zipfile

import duckdb
import pytest

from pavillon.directory.actions import register
from pavillon.directory.actions.register import import_register
from pavillon.directory.enums import RegisterFileKind, RunState
from pavillon.directory.models import RegisterEstablishment, RegisterRun, RegisterUnit
from pavillon.directory.queries import rejects_file
from pavillon.directory.sirene import WrongFile
from pavillon.directory.synthetic import UNIT_HEADER
from pavillon.directory.tests.register_files import a_unit, an_office, siren, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path_factory, monkeypatch):
    settings.DATA = tmp_path_factory.mktemp("data")
    # Small files remember the register too, so that every test goes through what large ones do.
    monkeypatch.setattr(register, "SKIMMED_FROM", 0)


def units(folder, count=40, **options):
    return write(folder / "StockUniteLegale.csv", [a_unit(n) for n in range(count)], **options)


def refusal(path, **options):
    """Import a file that must be refused; returns what is said. Nothing may have changed."""
    with pytest.raises(WrongFile) as caught:
        import_register([path], **options)
    assert not RegisterUnit.objects.exists()
    assert not RegisterEstablishment.objects.exists()
    run = RegisterRun.objects.order_by("-pk").first()
    if run is not None:
        assert (run.state, run.message) == (RunState.REFUSED, str(caught.value))
    return str(caught.value)


def refused_rows(run):
    with rejects_file(run).open(encoding="utf-8-sig", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


def test_an_empty_file_and_one_without_rows(tmp_path):
    path = tmp_path / "StockUniteLegale.csv"
    path.write_text("")
    assert "vide" in refusal(path) or "empty" in refusal(path)
    assert "StockUniteLegale.csv" in refusal(write(path, [], header=UNIT_HEADER))


def test_half_of_the_numbers_are_wrong(tmp_path):
    rows = [a_unit(n, **({"siren": f"{n:09d}"} if n % 2 else {})) for n in range(200)]
    # Among any ten numbers one has a right check digit by chance.
    told = refusal(write(tmp_path / "StockUniteLegale.csv", rows))
    run = RegisterRun.objects.get()
    assert (run.read, run.created) == (200, 0)
    assert 80 <= run.rejected <= 100
    assert f"{run.rejected}" in told
    assert len(refused_rows(run)) == run.rejected


def test_the_good_rows_of_such_a_file_come_in_when_asked_for(tmp_path):
    rows = [a_unit(n, **({"siren": "12345"} if n % 2 else {})) for n in range(100)]
    (run,) = import_register([write(tmp_path / "StockUniteLegale.csv", rows)], takes_good_rows=True)
    assert (run.read, run.created, run.rejected) == (100, 50, 50)


def test_a_cell_of_ten_megabytes(tmp_path):
    rows = [a_unit(n, **({"denominationUniteLegale": "Z" * 10_000_000} if n == 3 else {})) for n in range(40)]
    (run,) = import_register([write(tmp_path / "StockUniteLegale.csv", rows)])
    assert (run.created, run.rejected) == (39, 1)
    ((line, number, _reason, row),) = refused_rows(run)
    assert (line, number[:9]) == ("5", siren(3))
    assert len(row) < 40_000


def test_a_quotation_mark_that_is_never_closed(tmp_path):
    path = units(tmp_path)
    lines = path.read_text().splitlines()
    lines[20] = lines[20].replace("SCIERIE", '"SCIERIE')
    path.write_text("\n".join([*lines, ""]))
    (run,) = import_register([path], takes_good_rows=True)
    assert run.created + run.rejected == run.read
    assert run.created == 19
    # Without being asked, a file that breaks off in its middle is refused; here so little is left that it is one row.
    assert run.rejected == 1


def test_broken_archives(tmp_path):
    path = units(tmp_path, 2000)
    zipped = tmp_path / "StockUniteLegale.zip"
    with zipfile.ZipFile(zipped, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.write(path, path.name)
    content = zipped.read_bytes()
    zipped.write_bytes(content[: len(content) // 2])
    assert "StockUniteLegale.zip" in refusal(zipped)
    # The directory at its end is right, a block in its middle is not.
    middle = len(content) // 2
    zipped.write_bytes(content[:middle] + b"\x55" * 200 + content[middle + 200 :])
    assert "StockUniteLegale.zip" in refusal(zipped)
    packed = tmp_path / "StockUniteLegale.csv.gz"
    packed.write_bytes(gzip.compress(path.read_bytes())[:-500])
    assert "StockUniteLegale.csv.gz" in refusal(packed)


def test_an_archive_of_two_files(tmp_path):
    path = units(tmp_path)
    zipped = tmp_path / "both.zip"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.write(path, "one.csv")
        archive.write(path, "two.csv")
    assert "2" in refusal(zipped)


def test_a_spreadsheet_and_a_broken_parquet_file(tmp_path):
    book = tmp_path / "StockUniteLegale.csv"
    book.write_bytes("siren;nom\n".encode("utf-16"))
    refusal(book)
    parquet = tmp_path / "StockUniteLegale.parquet"
    parquet.write_bytes(b"PAR1" + b"\0" * 200)
    assert "StockUniteLegale.parquet" in refusal(parquet)


def test_establishments_given_as_units(tmp_path):
    path = write(tmp_path / "file.csv", [an_office(1)])
    told = refusal(path, kind=RegisterFileKind.UNITS)
    assert "StockEtablissement" in told
    assert "StockUniteLegale" in told


def test_establishments_without_their_units(tmp_path):
    path = write(tmp_path / "StockEtablissement.csv", [an_office(n) for n in range(40)])
    assert "40" in refusal(path)


def test_semicolons_and_a_mark_of_byte_order(tmp_path):
    path = units(tmp_path, delimiter=";", encoding="utf-8-sig")
    (run,) = import_register([path])
    assert (run.created, run.rejected) == (40, 0)


def test_a_line_break_in_a_cell_shifts_no_line_of_the_report(tmp_path):
    rows = [a_unit(n) for n in range(40)]
    rows[5]["denominationUniteLegale"] = 'SCIERIE "DU\nLAC"'
    rows[10]["siren"] = "12"
    path = write(tmp_path / "StockUniteLegale.csv", rows)
    with path.open("a") as stream:
        stream.write("1,2\n")
    (run,) = import_register([path])
    assert (run.created, run.rejected) == (39, 2)
    assert [(line, number) for line, number, _reason, _row in refused_rows(run)] == [("13", "12"), ("43", "1,2")]
    assert RegisterUnit.objects.get(pk=siren(5)).legal_name == 'SCIERIE "DU\nLAC"'


@pytest.mark.parametrize("form", ["zip", "gz", "parquet"])
def test_every_form_of_a_file_brings_the_same(tmp_path, form):
    rows = [a_unit(n) for n in range(30)] + [a_unit(7), a_unit(31, siren="123456789")]
    path = write(tmp_path / "StockUniteLegale.csv", rows)
    target = tmp_path / f"StockUniteLegale.{form}"
    if form == "zip":
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.write(path, path.name)
    elif form == "gz":
        target.write_bytes(gzip.compress(path.read_bytes()))
    else:
        duckdb.execute(f"COPY (SELECT * FROM read_csv('{path}', all_varchar = true)) TO '{target}' (FORMAT parquet)")
    (run,) = import_register([target])
    assert (run.read, run.created, run.rejected, run.unchanged) == (32, 30, 2, 0)
    assert [(line, number) for line, number, _reason, _row in refused_rows(run)] == [
        ("32", siren(7)),
        ("33", "123456789"),
    ]
    # The plain file says the same of every row.
    (again,) = import_register([path], force=True)
    assert (again.unchanged, again.created, again.changed) == (30, 0, 0)


def test_establishments_of_la_poste_have_a_rule_of_their_own(tmp_path):
    poste = {"siren": "356000000", "statutDiffusionEtablissement": "O"}
    import_register([write(tmp_path / "units.csv", [a_unit(1, siren="356000000", nicSiegeUniteLegale="00048")])])
    rows = [
        an_office(1, **poste, siret="35600000000048"),
        # Right by the sum of its digits, wrong by the usual check digit; then wrong by both.
        an_office(1, **poste, siret="35600000037272"),
        an_office(1, **poste, siret="35600000037273"),
    ]
    (run,) = import_register([write(tmp_path / "offices.csv", rows)])
    assert (run.created, run.rejected) == (2, 1)


def test_another_version_of_the_reader_changes_no_row(tmp_path):
    path = units(tmp_path)
    import_register([path])
    RegisterRun.objects.update(digest_probe=1)
    RegisterUnit.objects.update(row_hash=5)
    rows = [a_unit(n, **({"trancheEffectifsUniteLegale": "21"} if n == 3 else {})) for n in range(40)]
    (run,) = import_register([write(path, rows)])
    assert (run.changed, run.unchanged, run.created) == (1, 39, 0)
    # Every row has a digest of this reader again.
    (last,) = import_register([path], force=True)
    assert (last.changed, last.unchanged) == (0, 40)
    assert not RegisterUnit.objects.filter(row_hash=5).exists()
