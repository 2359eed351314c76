"""`pavillon link` as a person types it: no database, clear words, the same output each time."""

import csv
import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pavillon.matching.engine.columns import guess_layout
from pavillon.matching.link import main
from pavillon.matching.synthetic import companies
from pavillon.matching.synthetic_people import people

ROOT = Path(__file__).resolve().parents[3]
FRENCH = {
    "name": "Raison sociale", "address": "Adresse", "postcode": "CP", "town": "Ville", "siren": "N° SIREN",
    "phone": "Tél.", "email": "Courriel", "website": "Site web", "trade_name": "Enseigne",
}  # fmt: skip


def write(path, rows, *, separator=";", encoding="cp1252", header=FRENCH):
    with path.open("w", encoding=encoding, errors="replace", newline="") as file:
        writer = csv.writer(file, delimiter=separator)
        writer.writerow([*header.values(), "vérité"])
        for sample in rows:
            writer.writerow([*(sample.values[name] for name in header), sample.entity])
    return path


def read(path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture
def firms(tmp_path):
    return write(tmp_path / "firms.csv", companies(3000, seed=21))


def f1(rows, by="cluster"):
    def pairs(column):
        grouped = {}
        for place, row in enumerate(rows):
            grouped.setdefault(row[column], []).append(place)
        return {(a, b) for group in grouped.values() for a in group for b in group if a < b}

    found, truth = pairs(by), pairs("vérité")
    return 2 * len(found & truth) / (len(found) + len(truth))


def test_link_finds_the_companies_of_a_file_without_database(tmp_path, firms):
    """In a process of its own, with no settings and no database to find, before anything was started."""
    environment = {k: v for k, v in os.environ.items() if k not in ("DJANGO_SETTINGS_MODULE", "DATABASE_URL")}
    out, review = tmp_path / "clusters.csv", tmp_path / "review.csv"
    command = [sys.executable, "-P", "-m", "launch", "link", "firms.csv", "--out", str(out), "--review", str(review)]
    done = subprocess.run(
        command,
        cwd=tmp_path,
        env={**environment, "PYTHONPATH": str(ROOT), "DATABASE_URL": "postgresql://nowhere.invalid/none"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "cp1252, semicolons" in done.stderr
    assert "N° SIREN → siren" in done.stderr
    rows = read(out)
    assert len(rows) == sum(1 for _ in companies(3000, seed=21))
    assert list(rows[0])[-2:] == ["cluster", "score"]
    assert f1(rows) > 0.96
    # Two right numbers are never in one cluster.
    for cluster in {row["cluster"] for row in rows}:
        numbers = {n for r in rows if r["cluster"] == cluster if _valid(n := r["N° SIREN"].replace(" ", ""))}
        assert len(numbers) <= 1
    doubtful = read(review)
    assert doubtful
    assert {"left", "right", "match", "score", "reason", "why", "left Ville", "right Ville"} <= set(doubtful[0])


def _valid(number):
    from stdnum.fr import siren

    return siren.is_valid(number)


def test_the_same_file_gives_the_same_output(tmp_path, firms):
    outs = [tmp_path / name for name in ("one.csv", "two.csv")]
    for out, processes in zip(outs, ("1", "2"), strict=True):
        assert main([str(firms), "--out", str(out), "--quiet", "--processes", processes]) == 0
    assert outs[0].read_bytes() == outs[1].read_bytes()


def test_two_files(tmp_path):
    """Rows of one file are only linked with rows of the other; both are in the output, with their file."""
    samples = list(people(1200, seed=22))
    header = {name: name for name in samples[0].values}
    left = write(tmp_path / "left.csv", samples[::2], header=header, separator=",", encoding="utf-8")
    right = write(tmp_path / "right.csv", samples[1::2], header=header, separator="\t", encoding="utf-16")
    out = tmp_path / "out.csv"
    assert main([str(left), "--other", str(right), "--out", str(out), "--quiet"]) == 0
    rows = read(out)
    assert [row["file"] for row in rows] == ["left.csv"] * len(samples[::2]) + ["right.csv"] * len(samples[1::2])
    assert f1(rows) > 0.6


def test_labels_and_kept_weights(tmp_path):
    """Judged pairs, named by a column, change the weights; these can be kept and used on another file."""
    samples = list(people(900, seed=23))
    header = {name: name for name in samples[0].values}
    table = write(tmp_path / "people.csv", samples, header=header, separator=",", encoding="utf-8")
    lines = table.read_text().splitlines()
    table.write_text("\n".join([f"ref,{lines[0]}", *(f"P{n},{line}" for n, line in enumerate(lines[1:]))]) + "\n")
    judged = [(f"P{n}", f"P{n + 1}", int(samples[n].entity == samples[n + 1].entity)) for n in range(0, 160, 2)]
    labels = tmp_path / "labels.csv"
    labels.write_text("left,right,match\n" + "".join(f"{a},{b},{'yes' if m else 'no'}\n" for a, b, m in judged))
    out, model, again = tmp_path / "out.csv", tmp_path / "model.json", tmp_path / "again.csv"
    words = [str(table), "--quiet", "--id", "ref"]
    assert main([*words, "--out", str(out), "--labels", str(labels), "--save-model", str(model)]) == 0
    assert json.loads(model.read_text())["trained"]["how"] == "labels"
    assert main([*words, "--out", str(again), "--model", str(model)]) == 0
    assert out.read_text() == again.read_text()
    assert f1(read(out)) > 0.85


def test_any_table(tmp_path, capsys):
    """Neither companies nor people: every column that tells something is compared."""
    nouns, stuffs = ["lampe", "chaise", "table", "vase", "tapis", "miroir"], ["bois", "laiton", "verre", "lin", "cuir"]
    places = ["bureau", "salon", "jardin", "cuisine", "entrée", "chambre", "terrasse", "atelier"]
    made = [f"{noun} {stuff} pour {place}" for noun in nouns for stuff in stuffs for place in places]
    rows = [f"{n},{thing},{n * 7919 % 9000 / 10},M{n * 31 % 97}" for n, thing in enumerate(made)]
    doubles = [
        f"{1000 + n},{thing.upper().replace(' POUR', '')},{n * 7919 % 9000 / 10},M{n * 31 % 97}"
        for n, thing in enumerate(made)
        if n % 3 == 0
    ]
    table, out = tmp_path / "things.csv", tmp_path / "out.csv"
    table.write_text("id,libellé produit,prix,modèle\n" + "\n".join(rows + doubles) + "\n")
    assert main([str(table), "--out", str(out), "--explain"]) == 0
    said = capsys.readouterr()
    assert "libellé produit → text" in said.err
    assert "prix → number" in said.err
    found = read(out)
    first = {row["id"]: row["cluster"] for row in found}
    assert sum(first[str(n)] == first[str(1000 + n)] for n in range(0, 240, 3)) >= 76
    assert len({row["cluster"] for row in found}) >= 225
    assert "why" in found[0]


BAD = {
    "missing": (None, "there is no file"),
    "empty": (b"", "is empty"),
    "blank": (b"\n\n", "is empty"),
    "binary": (bytes(range(256)) * 20, "not a text file"),
    "doubled": (b"nom,nom\na,b\n", "several columns called “nom”".encode().decode()),
    "nameless": (b"nom,,ville\na,b,c\n", "column 2"),
    "no_header": (b"12,0298\n13,4455\n", "holds values"),
    "only_header": (b"nom,ville\n", "no row"),
    "long_cell": (b'nom,ville\n"' + b"x" * 10_000_000 + b'",b\n', "more than 1,000,000 characters"),
    "too_wide": (b"nom,ville\nA,B,C,D\n", "line 2"),
    "gzip": (b"\x1f\x8b\x08\0" * 9, "a compressed file"),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_one_clear_sentence(tmp_path, capsys, case):
    content, words = BAD[case]
    table = tmp_path / "bad.csv"
    if content is not None:
        table.write_bytes(content)
    assert main([str(table), "--out", str(tmp_path / "out.csv")]) == 1
    said = capsys.readouterr().err
    assert words in said
    assert "What to do: " in said
    assert "Traceback" not in said
    assert not (tmp_path / "out.csv").exists()


def test_a_spreadsheet_is_named(tmp_path, capsys):
    path = tmp_path / "book.xlsx"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr("xl/workbook.xml", "<x/>")
    assert main([str(path), "--out", str(tmp_path / "out.csv")]) == 1
    assert "a spreadsheet" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("labels", "words"),
    [
        ("gauche,droite\n1,2\n", "no column “left”"),
        ("left,right,match\n1,99999,1\n", "no row number"),
        ("left,right,match\n1,2,maybe\n", "match is “maybe”"),
        ("left,right,match\n1,1,1\n", "with itself"),
        ("left,right,match\n1,2,1\n", "all of one sort"),
    ],
)
def test_a_wrong_labels_file_is_explained(tmp_path, firms, capsys, labels, words):
    path = tmp_path / "labels.csv"
    path.write_text(labels)
    assert main([str(firms), "--out", str(tmp_path / "out.csv"), "--labels", str(path)]) == 1
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--kind", "Nope=name"], "there is no column “Nope”"),
        (["--kind", "Ville=planet"], "“planet” is no kind"),
        (["--kind", "Ville"], "--kind needs COLUMN=KIND"),
        (["--threshold", "1.5"], "between 0 and 1"),
    ],
)
def test_wrong_options_are_explained(tmp_path, firms, capsys, words, said):
    with pytest.raises(SystemExit) as left:
        raise SystemExit(main([str(firms), "--out", str(tmp_path / "out.csv"), *words]))
    assert left.value.code == 2
    assert said in capsys.readouterr().err


def test_an_input_is_never_overwritten(firms, capsys):
    before = firms.read_bytes()
    assert main([str(firms), "--out", str(firms)]) == 1
    assert "is an input" in capsys.readouterr().err
    assert firms.read_bytes() == before


def test_a_model_of_another_kind_is_refused(tmp_path, firms, capsys):
    model = tmp_path / "model.json"
    model.write_text((ROOT / "pavillon/matching/data/person.json").read_text())
    assert main([str(firms), "--out", str(tmp_path / "out.csv"), "--model", str(model)]) == 1
    assert "weighs records of kind “person”" in capsys.readouterr().err
    model.write_text('{"format": 1}')
    assert main([str(firms), "--out", str(tmp_path / "out.csv"), "--model", str(model)]) == 1
    assert "is not a model" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("header", "values", "records", "kinds"),
    [
        (
            ["siren", "denominationUniteLegale", "codePostalEtablissement", "libelleCommuneEtablissement"],
            ["552100554", "PONANT", "29200", "BREST"],
            "company",
            ["siren", "name", "postcode", "town"],
        ),
        (
            ["Prénom", "Nom", "Société", "Portable", "E-mail", "Date de création"],
            ["Marie", "Riou", "Ponant", "06 71 82 93 04", "marie@ponant.fr", "2024-01-01"],
            "person",
            ["given_name", "family_name", "company", "phone", "email", "ignore"],
        ),
        (["Nom", "Adresse"], ["Ponant SARL", "3 quai du Port"], "company", ["name", "address"]),
        (["Nom", "Adresse"], ["Marie Riou", "3 quai du Port"], "person", ["full_name", "address"]),
        (["a", "b"], ["552100554", "rouge"], "company", ["siren", "ignore"]),
    ],
)  # fmt: skip
def test_columns_are_understood(header, values, records, kinds):
    layout = guess_layout(header, [dict(zip(header, values, strict=True))] * 10)
    assert (layout.records, list(layout.kinds.values())) == (records, kinds)
