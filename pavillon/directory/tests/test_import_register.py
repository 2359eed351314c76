"""The register's files: what comes in, what is refused, what costs nothing."""

import csv
import zipfile

import pytest
from django.core.management import CommandError, call_command
from stdnum import luhn

from pavillon.directory.actions import adopt_register_unit, change_company, create_company, register
from pavillon.directory.actions.register import import_register
from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.models import Company, RegisterEstablishment, RegisterUnit
from pavillon.directory.queries import rejects_file
from pavillon.directory.sirene import WrongFile
from pavillon.directory.sirene_rejects import REASONS
from pavillon.directory.synthetic import OFFICE_HEADER, UNIT_HEADER, Place, make_units, write_files
from pavillon.reference.models import DataSet
from pavillon.reference.tests import factories as facts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path_factory, monkeypatch):
    settings.DATA = tmp_path_factory.mktemp("data")
    # Small files remember the register too, so that every test goes through what large ones do.
    monkeypatch.setattr(register, "SKIMMED_FROM", 0)


PLACES = [Place("29026", "Châteaulin", "29150", 5200), Place("31555", "Toulouse", "31000", 511_700)]
UNIT = {
    "siren": "900714213",
    "statutDiffusionUniteLegale": "O",
    "dateCreationUniteLegale": "2004-03-01",
    "trancheEffectifsUniteLegale": "12",
    "categorieEntreprise": "PME",
    "dateDebut": "2004-03-01",
    "etatAdministratifUniteLegale": "A",
    "denominationUniteLegale": "BISCUITERIE DE L'AULNE",
    "categorieJuridiqueUniteLegale": "5710",
    "activitePrincipaleUniteLegale": "10.72Z",
    "nomenclatureActivitePrincipaleUniteLegale": "NAFRev2",
    "nicSiegeUniteLegale": "00015",
    "activitePrincipaleNAF25UniteLegale": "10.72Y",
}
OFFICE = {
    "siren": "900714213",
    "siret": "90071421300015",
    "statutDiffusionEtablissement": "O",
    "etablissementSiege": "true",
    "numeroVoieEtablissement": "12",
    "typeVoieEtablissement": "RTE",
    "libelleVoieEtablissement": "DE BREST",
    "codePostalEtablissement": "29150",
    "codeCommuneEtablissement": "29026",
    "etatAdministratifEtablissement": "A",
}
PERSON = {
    **UNIT,
    "siren": "552100554",
    "denominationUniteLegale": "",
    "prenom1UniteLegale": "JEANNE",
    "nomUniteLegale": "KERVELLA",
    "categorieJuridiqueUniteLegale": "1000",
    "trancheEffectifsUniteLegale": "NN",
}
PARTIAL = {
    **PERSON,
    "statutDiffusionUniteLegale": "P",
    "prenom1UniteLegale": "[ND]",
    "nomUniteLegale": "[ND]",
}


def write(path, header, *rows, encoding="utf-8"):
    with path.open("w", encoding=encoding, newline="") as stream:
        writer = csv.DictWriter(stream, header)
        writer.writeheader()
        writer.writerows(rows)
    return path


def units_file(folder, *rows, name="StockUniteLegale.csv", **more):
    return write(folder / name, UNIT_HEADER, *rows, **more)


def offices_file(folder, *rows):
    return write(folder / "StockEtablissement.csv", OFFICE_HEADER, *rows)


def test_both_files_make_one_entry_whatever_their_order(tmp_path):
    import_register([offices_file(tmp_path, OFFICE), units_file(tmp_path, UNIT)])
    found = RegisterUnit.objects.get()
    assert found.legal_name == "BISCUITERIE DE L'AULNE"
    assert (found.public_address, found.postal_code, found.commune_code) == ("12 ROUTE DE BREST", "29150", "29026")
    assert (found.activity_code, found.activity_code_2025) == ("10.72Z", "10.72Y")
    assert found.head_office_siret == "90071421300015"
    assert not found.is_synthetic
    data_set = DataSet.objects.get(pk="sirene-units")
    assert (data_set.publisher, data_set.rows) == ("INSEE", 1)


def test_an_unchanged_file_writes_nothing(tmp_path):
    files = [units_file(tmp_path, UNIT), offices_file(tmp_path, OFFICE)]
    import_register(files)
    before = list(RegisterUnit.objects.extra(select={"version": "xmin::text"}).values_list("siren", "version"))
    assert [report.is_same_file for report in import_register(files)] == [True, True]
    again = import_register(files, force=True)
    assert [(r.unchanged, r.created, r.changed, r.closed) for r in again] == [(1, 0, 0, 0), (1, 0, 0, 0)]
    # The row is physically the same: its version in PostgreSQL did not move.
    after = list(RegisterUnit.objects.extra(select={"version": "xmin::text"}).values_list("siren", "version"))
    assert after == before


def test_only_what_changed_is_written_and_told(tmp_path):
    import_register([units_file(tmp_path, UNIT, PERSON)])
    closed = {**PERSON, "etatAdministratifUniteLegale": "C", "dateDebut": "2026-05-31"}
    (report,) = import_register([units_file(tmp_path, {**UNIT, "trancheEffectifsUniteLegale": "21"}, closed)])
    assert (report.changed, report.closed, report.created, report.unchanged) == (1, 1, 0, 0)
    assert RegisterUnit.objects.get(pk=UNIT["siren"]).workforce_band_code == "21"
    assert str(RegisterUnit.objects.get(pk=PERSON["siren"]).closed_on) == "2026-05-31"


def test_every_refused_row_has_its_line_and_reason(tmp_path):
    rows = [
        UNIT,
        {**UNIT, "siren": "900714214"},
        {**UNIT, "siren": "12345"},
        {**UNIT, "siren": "90071421X"},
        {**UNIT, "siren": ""},
        UNIT,
        {**PERSON, "etatAdministratifUniteLegale": "X"},
        {**PERSON, "siren": "732829320", "dateCreationUniteLegale": "2020-02-31"},
        {**PERSON, "siren": "356000000", "prenom1UniteLegale": "", "nomUniteLegale": ""},
    ]
    (report,) = import_register([units_file(tmp_path, *rows)])
    told = refused(report)
    assert [(line, number) for line, number, _reason, _row in told] == [
        ("3", "900714214"),
        ("4", "12345"),
        ("5", "90071421X"),
        ("6", ""),
        ("7", "900714213"),
        ("8", "552100554"),
        ("9", "732829320"),
        ("10", "356000000"),
    ]
    reasons = [reason for _line, _number, reason, _row in told]
    codes = ["check", "length", "digits", "missing"]
    assert reasons == [str(REASONS[f"siren_{code}"]) for code in codes] + [
        str(REASONS[code]) for code in ("twice", "state", "date", "name")
    ]
    assert told[1][3].startswith("12345,")
    assert told[1][3].count(",") == len(UNIT_HEADER) - 1
    assert report.read == 9 == report.created + report.rejected
    assert RegisterUnit.objects.count() == 1


def test_purged_units_are_passed_over_and_every_establishment_is_kept(tmp_path):
    purged = {**PERSON, "unitePurgeeUniteLegale": "true", "nomUniteLegale": "", "prenom1UniteLegale": ""}
    second = {**OFFICE, "etablissementSiege": "false", "siret": "90071421300023", "etatAdministratifEtablissement": "F"}
    second |= {"dateDebut": "2025-12-31", "enseigne1Etablissement": "LE COMPTOIR"}
    units, offices = import_register([units_file(tmp_path, UNIT, purged), offices_file(tmp_path, OFFICE, second)])
    assert (units.read, units.created, units.passed, units.rejected) == (2, 1, 1, 0)
    assert (offices.created, offices.passed, offices.rejected) == (2, 0, 0)
    seat, shop = RegisterEstablishment.objects.of_unit(UNIT["siren"]).order_by("siret")
    assert (seat.is_head_office, seat.is_active, shop.is_head_office, shop.is_active) == (True, True, False, False)
    assert (str(shop.closed_on), shop.name) == ("2025-12-31", "LE COMPTOIR")
    assert RegisterUnit.objects.get().head_office == seat


def test_nn_and_the_other_bands_are_kept_as_published(tmp_path):
    import_register([units_file(tmp_path, PERSON)])
    assert RegisterUnit.objects.get().workforce_band_code == "NN"


@pytest.mark.parametrize("status", ["P", "N"])
def test_a_person_who_opposed_publication_is_not_even_stored(tmp_path, status):
    # An old file may still carry the name beside the status.
    row = {**PERSON, "statutDiffusionUniteLegale": status}
    import_register(
        [
            units_file(tmp_path, row),
            offices_file(tmp_path, {**OFFICE, "siren": row["siren"], "siret": "55210055400013"}),
        ]
    )
    found = RegisterUnit.objects.get()
    assert (found.legal_name, found.trade_name, found.public_address) == ("", "", "")
    assert "KERVELLA" not in str(found)
    assert "552100554" in str(found.public_name)


def test_nd_is_no_name(tmp_path):
    import_register([units_file(tmp_path, PARTIAL)])
    assert RegisterUnit.objects.get().legal_name == ""


def test_when_a_person_opposes_publication_later_the_base_forgets_too(tmp_path):
    facts.make_country()
    import_register(
        [
            units_file(tmp_path, PERSON),
            offices_file(tmp_path, {**OFFICE, "siren": "552100554", "siret": "55210055400013"}),
        ]
    )
    company = adopt_register_unit(siren="552100554", by=None)
    assert (company.name, company.address) == ("Jeanne Kervella", "12 ROUTE DE BREST")
    import_register([units_file(tmp_path, PARTIAL)])
    company.refresh_from_db()
    assert "KERVELLA" not in (company.name + company.legal_name).upper()
    assert company.address == ""
    assert RegisterEstablishment.objects.get().address == ""


def test_companies_of_the_base_close_with_the_register(tmp_path):
    facts.make_country()
    import_register([units_file(tmp_path, UNIT)])
    company = create_company(name="Biscuiterie", siren=UNIT["siren"], by=None)
    closed = {**UNIT, "etatAdministratifUniteLegale": "C", "dateDebut": "2026-04-30"}
    import_register([units_file(tmp_path, closed)])
    company.refresh_from_db()
    assert str(company.closed_on) == "2026-04-30"


def test_a_line_of_the_wrong_width_is_refused_and_the_others_come_in(tmp_path):
    path = units_file(tmp_path, UNIT, PERSON)
    lines = path.read_text().splitlines()
    path.write_text("\n".join([*lines, "123,too,short", ""]))
    (report,) = import_register([path])
    assert (report.read, report.created, report.rejected) == (3, 2, 1)
    assert refused(report) == [("4", "123,too,short", str(REASONS["width"]), "123,too,short")]


def test_a_file_in_another_encoding_is_refused_with_the_remedy(tmp_path):
    path = units_file(tmp_path, {**UNIT, "denominationUniteLegale": "BISCUITERIE ÉTÉ"}, encoding="cp1252")
    with pytest.raises(WrongFile, match=r"UTF-8.*iconv"):
        import_register([path])


def test_a_wrong_byte_far_into_the_file_changes_nothing(tmp_path):
    rows = [{**UNIT, "siren": luhn_siren(n)} for n in range(12000)]
    path = units_file(tmp_path, *rows)
    with path.open("ab") as stream:
        stream.write(path.read_bytes().splitlines()[1].replace(b"BISCUITERIE", b"BISCUIT\xc9RIE") + b"\r\n")
    assert path.stat().st_size > 1 << 20
    with pytest.raises(WrongFile, match="UTF-8"):
        import_register([path])
    assert not RegisterUnit.objects.exists()


def refused(run):
    """The report of refused rows: (line, number, reason, the row itself)."""
    with rejects_file(run).open(encoding="utf-8-sig", newline="") as stream:
        return [tuple(row) for row in csv.reader(stream)][1:]


def luhn_siren(number):
    digits = f"9{number:07d}"
    return digits + luhn.calc_check_digit(digits)


def test_missing_and_double_columns_are_named(tmp_path):
    header = [name for name in UNIT_HEADER if name != "nomUniteLegale"]
    row = {name: value for name, value in UNIT.items() if name in header}
    with pytest.raises(WrongFile, match="nomUniteLegale"):
        import_register([write(tmp_path / "a.csv", header, row)])
    path = tmp_path / "b.csv"
    path.write_text(",".join([*UNIT_HEADER, "siren"]) + "\n")
    with pytest.raises(WrongFile, match=r"b.csv.*: siren"):
        import_register([path])


def test_a_second_file_that_is_wrong_undoes_the_first(tmp_path):
    other = tmp_path / "wrong.csv"
    other.write_text("siren,siret\n1,2\n")
    with pytest.raises(WrongFile):
        import_register([units_file(tmp_path, UNIT), other])
    assert not RegisterUnit.objects.exists()


def test_zip_and_reordered_columns_and_bom(tmp_path):
    path = write(tmp_path / "StockUniteLegale.csv", [*reversed(UNIT_HEADER)], UNIT, encoding="utf-8-sig")
    archive = tmp_path / "StockUniteLegale_utf8.zip"
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as zipped:
        zipped.write(path, path.name)
    (report,) = import_register([archive])
    assert (report.kind, report.created) == (RegisterFileKind.UNITS, 1)
    archive.write_bytes(archive.read_bytes()[:200])
    with pytest.raises(WrongFile):
        import_register([archive])


def test_the_command_tells_the_counts_and_writes_the_rejects(tmp_path, capsys):
    path = units_file(tmp_path, UNIT, {**UNIT, "siren": "900714214"})
    call_command("import_sirene", str(path))
    assert "2 rows read, 1 created" in capsys.readouterr().out
    rejects = (tmp_path / "StockUniteLegale.csv.rejects.csv").read_text(encoding="utf-8-sig").splitlines()
    assert rejects[1].startswith("3,900714214,")
    with pytest.raises(CommandError, match=r"absent.csv.*Nothing was changed"):
        call_command("import_sirene", str(tmp_path / "absent.csv"))


def test_the_invented_register_is_the_same_for_the_same_seed_and_comes_in_whole(tmp_path):
    made = list(make_units(300, PLACES, seed=7))
    assert made == list(make_units(300, PLACES, seed=7))
    assert all(luhn.is_valid(unit.siren) for unit in made)
    assert len({unit.siren for unit in made}) == 300
    names = [unit.name for unit in made if unit.legal != "1000"]
    assert len(names) == len(set(names))
    assert any(unit.closed_on for unit in made)
    assert any(unit.is_partial for unit in made)
    units, offices = import_register(list(write_files(made, tmp_path)))
    assert (units.created, units.rejected, offices.created, offices.rejected) == (300, 0, 300, 0)
    assert RegisterUnit.objects.filter(is_synthetic=True).count() == 300
    assert DataSet.objects.get(pk="sirene-units-synthetic").is_synthetic
    hidden = RegisterUnit.objects.exclude(diffusion="O").values_list("head_office_siret", flat=True)
    assert hidden
    assert not RegisterEstablishment.objects.filter(siret__in=list(hidden)).exclude(address="").exists()


def test_a_correction_of_a_person_is_not_touched_by_a_reload(tmp_path):
    facts.make_country()
    import_register([units_file(tmp_path, UNIT)])
    company = create_company(name="Biscuiterie", siren=UNIT["siren"], by=None)
    change_company(company=company, by=None, address="Autre adresse")
    import_register([units_file(tmp_path, {**UNIT, "trancheEffectifsUniteLegale": "21"})])
    assert Company.objects.get().address == "Autre adresse"
