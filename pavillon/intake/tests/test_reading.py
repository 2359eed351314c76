"""A partner's file is understood as it comes, or refused with its place and its remedy."""

import zipfile

import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from pavillon.intake.reading import BadFile, open_table
from pavillon.intake.reading.headers import letter_of
from pavillon.intake.tests.factories import write_swelling_workbook

ROWS = [
    ["Raison sociale", "SIREN", "Ville"],
    ["Les Ateliers Générés", "900714213", "Guéméné"],
    ["Côté Œuvre", "", "Évran"],
]


def written(tmp_path, text, encoding="utf-8", name="file.csv"):
    path = tmp_path / name
    path.write_bytes(text.encode(encoding))
    return path


def as_text(rows, separator=";"):
    return "".join(separator.join(row) + "\r\n" for row in rows)


def workbook(tmp_path, rows, **sheets):
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for title, content in sheets.items():
        sheet = book.create_sheet(title)
        for row in content:
            sheet.append(row)
    path = tmp_path / "file.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "mac_roman", "utf-16", "utf-32"])
@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_encoding_and_separator_are_found(tmp_path, encoding, separator):
    table = open_table(written(tmp_path, as_text(ROWS, separator), encoding))
    assert table.separator == separator
    assert table.header == ROWS[0]
    assert list(table.rows()) == [(2, ROWS[1]), (3, ROWS[2])]


def test_an_accent_on_the_last_line_only_decides_the_encoding(tmp_path):
    rows = [["Nom", "Ville"], *[["Atelier", "Brest"]] * 60_000, ["Atelier", "Guérande"]]
    table = open_table(written(tmp_path, as_text(rows), "cp1252"))
    assert list(table.rows())[-1] == (60_002, ["Atelier", "Guérande"])


def test_the_euro_of_windows_and_quoted_lines_keep_their_place(tmp_path):
    text = 'Nom;Note\r\n"Deux\r\nlignes";"100 €; net"\r\nSuite;x\r\n'
    table = open_table(written(tmp_path, text, "cp1252"))
    assert list(table.rows()) == [(2, ["Deux\r\nlignes", "100 €; net"]), (4, ["Suite", "x"])]


def test_titles_above_the_header_and_empty_lines_are_passed(tmp_path):
    text = "Extraction du 12/10/2026\n;;\nRaison sociale;SIREN;Ville\n;;\nAtelier;900714213;Brest\n"
    table = open_table(written(tmp_path, text))
    assert table.header_line == 3
    assert list(table.rows()) == [(5, ["Atelier", "900714213", "Brest"])]


def test_a_chosen_header_line_is_obeyed(tmp_path):
    table = open_table(written(tmp_path, "a;b\nNom;Ville\nAtelier;Brest\n"), header_line=2)
    assert table.header == ["Nom", "Ville"]


def test_a_row_that_slid_keeps_its_cells(tmp_path):
    table = open_table(written(tmp_path, "Nom;Ville\nAtelier;du Port;Brest\nAutre;Brest;;\nCourt\n"))
    assert [cells for _line, cells in table.rows()] == [
        ["Atelier", "du Port", "Brest"],
        ["Autre", "Brest"],
        ["Court", ""],
    ]


def test_a_workbook_gives_numbers_and_dates_as_they_are_read(tmp_path):
    from datetime import date

    path = workbook(tmp_path, [["Nom", "SIREN", "Le", "CA"], ["Atelier", 900714213, date(2026, 1, 31), 0.1]])
    assert list(open_table(path).rows()) == [(2, ["Atelier", "900714213", "2026-01-31", "0.1"])]


def test_the_first_sheet_that_holds_something_is_read_unless_one_is_named(tmp_path):
    path = workbook(tmp_path, [], Clients=ROWS, Autres=[["Nom", "x"], ["a", "b"]])
    table = open_table(path)
    assert (table.sheet, table.sheets) == ("Clients", ["Sheet", "Clients", "Autres"])
    assert open_table(path, sheet="Autres").header == ["Nom", "x"]
    with pytest.raises(BadFile, match="Clients"):
        open_table(path, sheet="Prospects")


def faulty(tmp_path, fault):
    """A file with one fault."""
    text = as_text(ROWS)
    match fault:
        case "empty":
            return written(tmp_path, "")
        case "kind":
            return written(tmp_path, "%PDF-1.7 ...", name="file.csv")
        case "encoding":
            return written(tmp_path, text + "\0\0")
        case "header":
            return written(tmp_path, "1;2;3\n4;5;6\n")
        case "duplicate_header":
            return written(tmp_path, "Nom;Ville;NOM\na;b;c\n")
        case "no_rows":
            return written(tmp_path, "Nom;Ville\n")
        case "cell":
            return written(tmp_path, "Nom;Ville\n" + "x" * 10_000_000 + ";Brest\n")
        case "quotation":
            return written(tmp_path, 'Nom;Ville\nAtelier;"Brest\nAutre;Rennes\n')
        case "formula":
            return workbook(tmp_path, [["Nom", "Total"], ["Atelier", "=SUM(A1:A9)"]])
        case "workbook":
            path = workbook(tmp_path, ROWS)
            path.write_bytes(path.read_bytes()[:-200])
            return path


@pytest.mark.parametrize(
    "fault",
    ["empty", "kind", "encoding", "header", "duplicate_header", "no_rows", "cell", "quotation", "formula", "workbook"],
)
def test_a_bad_file_is_refused_with_its_fault_and_a_remedy(tmp_path, fault):
    with pytest.raises(BadFile) as told:
        list(open_table(faulty(tmp_path, fault)).rows())
    assert told.value.code == fault
    assert len(str(told.value)) > 30


def test_a_zip_that_is_no_workbook_and_one_that_would_swell_are_refused(tmp_path):
    path = tmp_path / "file.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "x")
    with pytest.raises(BadFile) as told:
        open_table(path)
    assert told.value.code == "kind"
    write_swelling_workbook(path)
    with pytest.raises(BadFile) as told:
        open_table(path)
    assert told.value.code == "size"


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.lists(st.text(alphabet=st.characters(exclude_categories=["C", "Z"]), max_size=8), min_size=3, max_size=3),
        min_size=1,
        max_size=8,
    )
)
def test_what_was_written_is_what_is_read(tmp_path_factory, rows):
    import csv

    path = tmp_path_factory.mktemp("read") / "file.csv"
    rows = [row for row in rows if any(cell.strip() for cell in row)]
    if not rows:
        return
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, delimiter=";", quoting=csv.QUOTE_ALL).writerows([["Nom", "Ville", "Note"], *rows])
    table = open_table(path, encoding="utf-8", separator=";", header_line=1)
    assert [cells for _line, cells in table.rows()] == rows


@pytest.mark.parametrize(
    ("place", "letter"), [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")]
)
def test_letters_of_columns(place, letter):
    assert letter_of(place) == letter
