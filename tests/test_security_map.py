"""docs/security.md cites what exists, answers each control once, and counts right."""

import re
from collections import Counter
from itertools import takewhile

from tests.house import ROOT

PAGE = ROOT / "docs" / "security.md"
ANSWERS = ("yes", "partly", "no", "not applicable")
# How many controls of level 1 and 2 each chapter of ASVS 5.0.0 has, V1 to V17: 70 and 183 in all.
CONTROLS = [27, 11, 19, 10, 9, 35, 18, 7, 7, 29, 14, 9, 13, 9, 13, 16, 7]


def rows_below(title: str) -> list[list[str]]:
    """The cells of the first table below a title, without its head."""
    lines = PAGE.read_text().partition(f"## {title}")[2].split("\n")
    start = next(number for number, line in enumerate(lines) if line.startswith("|---"))
    table = takewhile(lambda line: line.startswith("|"), lines[start + 1 :])
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table]


def test_every_control_has_one_answer_and_the_summary_counts_them():
    counted = []
    listed = []
    for chapter, expected in enumerate(CONTROLS, start=1):
        controls = rows_below(f"V{chapter} ")
        answers = Counter(answer for _id, _level, _asks, answer, _shown in controls)
        assert set(answers) <= set(ANSWERS), f"V{chapter}: {set(answers) - set(ANSWERS)}"
        assert sum(answers.values()) == expected, f"V{chapter} has {len(controls)} controls instead of {expected}"
        counted.append([len(controls), *(answers[answer] for answer in ANSWERS)])
        assert all(row[0].startswith(f"{chapter}.") for row in controls)
        listed += controls
    numbers = [row[0] for row in listed]
    assert len(set(numbers)) == len(numbers)
    assert Counter(row[1] for row in listed) == {"1": 70, "2": 183}
    assert all(len(row[2].split()) <= 10 for row in listed), "what a control asks: ten words of ours at most"
    said = [[int(cell) for cell in row[1:]] for row in rows_below("Summary")]
    assert said == [*counted, [sum(column) for column in zip(*counted, strict=True)]]
    # What is not yet as it should be stands in the list of things to do, each once.
    to_do = [number for row in rows_below("What is missing") for number in row[1].split(", ")]
    assert sorted(to_do) == sorted(row[0] for row in listed if row[3] in ("partly", "no"))
    for number, _level, _asks, answer, shown in listed:
        assert answer != "yes" or "`" in shown, f"{number}: yes without a file or a test"
        assert ("Missing" in shown) == (answer == "partly"), f"{number}: partly says what is missing"


def test_every_file_and_test_that_the_page_cites_exists():
    cited = set(re.findall(r"`([^`\n]+)`", PAGE.read_text()))
    files = {name for name in cited if re.fullmatch(r"[\w.][\w./-]*/[\w./-]+|[\w-]+\.(md|py|toml)", name)}
    tests = {name for name in cited if name.startswith("test_")}
    assert len(files) > 50
    assert len(tests) > 80
    assert not sorted(name for name in files if not (ROOT / name).exists())
    rooms = ("pavillon", "tests", "launch", "keyservice")
    code = "\n".join(path.read_text() for room in rooms for path in (ROOT / room).rglob("test_*.py"))
    assert not sorted(tests - set(re.findall(r"^(?:async )?def (test_\w+)", code, re.MULTILINE)))
