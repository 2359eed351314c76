# mypy: ignore-errors
"""The command line: which words lead where."""

import pytest

from launch import cli

pytestmark = pytest.mark.launch


@pytest.fixture
def started(monkeypatch):
    """The words of the processes that would have been started."""
    words = []
    monkeypatch.setattr(cli, "_run_inside", lambda command: words.append(command) or 0)
    return words


def test_the_register_is_imported_by_its_name(started):
    assert cli.main(["import", "sirene", "Stock.csv", "--good-rows"]) == 0
    assert started == [[*cli.MANAGE, "import_sirene", "Stock.csv", "--good-rows"]]


def test_help_of_the_register_is_its_own(started):
    cli.main(["import", "sirene", "--help"])
    assert started == [[*cli.MANAGE, "import_sirene", "--help"]]


@pytest.mark.parametrize("words", [[], ["Stock.csv"], ["--help"]])
def test_what_is_imported_must_be_said(started, words, capsys):
    with pytest.raises(SystemExit) as stopped:
        cli.main(["import", *words])
    assert bool(stopped.value.code) is (words == ["Stock.csv"])
    told = capsys.readouterr()
    assert "sirene" in told.out + told.err
    assert not started


@pytest.mark.parametrize("command", [command.name for command in cli.commands() if not command.own_help])
def test_help_costs_no_database(command, monkeypatch, capsys):
    """Whoever asks how a command works has not asked for a database."""
    monkeypatch.setattr("launch.surroundings.open_surroundings", None)
    with pytest.raises(SystemExit) as stopped:
        cli.main([command, "--help"])
    assert not stopped.value.code
    assert f"pavillon {command}" in capsys.readouterr().out


def test_tests_and_their_data_explain_themselves_too(monkeypatch, capsys):
    monkeypatch.setattr("launch.surroundings.open_surroundings", None)
    assert cli.main(["test", "--help"]) == 0
    with pytest.raises(SystemExit):
        cli.main(["bench-data", "--help"])
    assert "--companies" in capsys.readouterr().out
    monkeypatch.setattr(cli, "find_spec", lambda name: None)
    assert cli.main(["test"]) == 1
    assert "make test" in capsys.readouterr().err
