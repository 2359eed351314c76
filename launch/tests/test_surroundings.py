# mypy: ignore-errors
"""The environment of the product's processes, and the outside database."""

import os
import stat

import pytest

from launch import surroundings
from launch.errors import LaunchError
from launch.folders import open_data_folder
from launch.given import given_secret
from launch.surroundings import Surroundings, check_outside, kept_secret

pytestmark = pytest.mark.launch


def test_secret_is_made_once_and_private(tmp_path):
    first = kept_secret(tmp_path / "secret-key")
    assert kept_secret(tmp_path / "secret-key") == first
    assert len(first) >= 50
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600


def test_environment_names_database_data_and_secret(tmp_path, monkeypatch):
    monkeypatch.setenv("SECRET_KEY", "from outside")
    environment = Surroundings(tmp_path, "postgresql://somewhere/else").environment()
    assert environment["DATABASE_URL"] == "postgresql://somewhere/else"
    assert environment["PAVILLON_DATA"] == str(tmp_path)
    assert environment["SECRET_KEY"] == "from outside"


def test_a_secret_comes_from_a_file_from_credentials_or_from_the_environment(tmp_path, monkeypatch):
    monkeypatch.setenv("SMTP_PASSWORD", "in the environment")
    assert given_secret("SMTP_PASSWORD") == "in the environment"
    (tmp_path / "SMTP_PASSWORD").write_text("handed over\n")
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert given_secret("SMTP_PASSWORD") == "handed over"
    (tmp_path / "mail").write_text("in a file\n")
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(tmp_path / "mail"))
    assert given_secret("SMTP_PASSWORD") == "in a file"
    monkeypatch.setenv("SMTP_PASSWORD_FILE", str(tmp_path / "nowhere"))
    with pytest.raises(FileNotFoundError):
        given_secret("SMTP_PASSWORD")


def test_unreachable_outside_database_is_said(tmp_path):
    with pytest.raises(LaunchError, match="DATABASE_URL cannot be used"):
        check_outside(f"postgresql://nobody@/nothing?host={tmp_path}&connect_timeout=2")


@pytest.mark.skipif("DATABASE_URL" not in os.environ, reason="the tests run without a database")
def test_old_outside_database_is_refused(monkeypatch):
    monkeypatch.setattr(surroundings, "OLDEST_POSTGRESQL", 99)
    with pytest.raises(LaunchError, match="Pavillon needs 99 or later"):
        check_outside(os.environ["DATABASE_URL"])


def test_full_disk_and_wrong_folder_are_said(tmp_path):
    with pytest.raises(LaunchError, match="is full"):
        open_data_folder(tmp_path / "data", free_megabytes=10**9)
    (tmp_path / "file").touch()
    with pytest.raises(LaunchError, match="a file stands in its path"):
        open_data_folder(tmp_path / "file")
