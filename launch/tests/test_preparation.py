# mypy: ignore-errors
"""What is done to a database before the first page."""

import ast
import sys

import pytest
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from launch import bootstrap, preparation
from launch.errors import LaunchError
from launch.folders import ROOT


@pytest.mark.django_db
def test_a_database_of_another_line_of_development_is_refused_before_anything_is_written():
    recorder = MigrationRecorder(connection)
    preparation.migrate(print)  # what is up to date is left alone
    recorder.record_applied("crm", "0099_from_elsewhere")
    before = recorder.migration_qs.count()
    with pytest.raises(LaunchError, match=r"nothing here knows crm\.0099_from_elsewhere"):
        preparation.migrate(print)
    assert recorder.migration_qs.count() == before


def test_what_begins_an_installation_needs_nothing_installed():
    """`make` calls bootstrap with the machine's own Python: it and what it imports know the standard library only."""
    waiting, seen = ["launch.bootstrap"], set()
    while waiting:
        name = waiting.pop()
        if name in seen:
            continue
        seen.add(name)
        for node in ast.parse((ROOT / (name.replace(".", "/") + ".py")).read_text()).body:
            if isinstance(node, ast.Import):
                named = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                named = [node.module]
            else:
                continue
            ours = [each for each in named if each.split(".")[0] == "launch"]
            waiting += ours
            strange = {each.split(".")[0] for each in named} - sys.stdlib_module_names - {"launch"}
            assert not strange, f"{name} imports {strange}"
    assert "launch.stamps" in seen


def test_an_environment_behind_a_link_is_left_to_its_owner(tmp_path, monkeypatch):
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bin" / "tool").write_text("in use")
    ours.symlink_to(theirs)
    monkeypatch.setattr(bootstrap, "ENVIRONMENT", ours)
    bootstrap._make_environment(with_pip=False)
    assert (theirs / "bin" / "tool").read_text() == "in use"
    assert not ours.is_symlink()
    assert (ours / "bin" / "python").exists()
