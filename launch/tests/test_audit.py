"""Weaknesses of packages: found ones fail, accepted ones wait, and a line that is down fails nothing but is said."""

import json
from datetime import date

import pytest

from launch import audit

TODAY = date(2026, 11, 22)
PYTHON = {
    "dependencies": [
        {"name": "good", "version": "1", "vulns": []},
        {"name": "unknown", "version": "1", "skip_reason": "not found"},
        {
            "name": "weak",
            "version": "2",
            "vulns": [{"id": "PYSEC-1", "aliases": ["CVE-1"], "fix_versions": ["2.1"], "description": ""}],
        },
    ]
}
NODE = {
    "vulnerabilities": {
        "weak": {"range": "<2", "via": [{"url": "https://x/GHSA-1", "title": "It breaks"}]},
        "above": {"range": "*", "via": ["weak"]},
    }
}


@pytest.fixture
def lists(monkeypatch, tmp_path, capsys):
    """Answers of both lists; call with them, get (code, what was said)."""
    told = {}

    def ask(command, folder):
        answer = told["node" if "npm" in " ".join(command) else "python"]
        if isinstance(answer, Exception):
            raise answer
        return answer if isinstance(answer, str) else json.dumps(answer)

    def look(python, node, borne=""):
        told.update(python=python, node=node)
        (tmp_path / "accepted.txt").write_text(borne)
        monkeypatch.setattr(audit, "ACCEPTED", tmp_path / "accepted.txt")
        return audit.main(), capsys.readouterr().out

    monkeypatch.setattr(audit, "_ask", ask)
    return look


def test_a_known_weakness_fails_and_names_its_mending(lists):
    code, said = lists(PYTHON, NODE)
    assert code == 1
    assert "weak 2: PYSEC-1, mended in 2.1" in said
    assert "Not looked at: 1 of 3 packages, unknown." in said
    assert "GHSA-1, It breaks" in said
    assert lists(PYTHON, NODE, "CVE-1 9999-01-01 not called here\nGHSA-1 9999-01-01 only at build time\n")[0] == 0
    assert lists(PYTHON, NODE, "CVE-1 2020-01-01 too long ago\nGHSA-1 9999-01-01 only at build time\n")[0] == 1


def test_a_list_that_does_not_answer_is_said_and_fails_nothing(lists):
    for away in ("", "no route", {"error": {"code": "ENOTFOUND"}}, audit.NoAnswer("timeout")):
        code, said = lists(away, away)
        assert code == 0
        assert said.count("Not looked at") >= 1
    nothing_known = {"dependencies": [{"name": name, "version": "1", "skip_reason": "no"} for name in "abc"]}
    code, said = lists(nothing_known, NODE)
    assert (code, "knows 0 of 3" in said) == (1, True)


def test_a_line_of_accepted_weaknesses_says_why():
    assert audit.accepted("# note\n\nCVE-2 2026-11-22 why\n", TODAY) == {"CVE-2"}
    with pytest.raises(ValueError, match=r"."):
        audit.accepted("CVE-2 2026-11-22\n", TODAY)
    audit.accepted(audit.ACCEPTED.read_text(), TODAY)
