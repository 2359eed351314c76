"""A database that was put back from a backup is not served before the erasures made since are made again."""

import io

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from launch.errors import LaunchError
from launch.preparation import ledger_of, owes_erasures, replay
from pavillon.privacy import ledger
from pavillon.privacy.models import Erasure


def address():
    parts = connection.get_connection_params()
    return " ".join(f"{name}={parts[name]}" for name in ("dbname", "user", "password", "host", "port") if name in parts)


def append(tmp_path, reference):
    settings.DATA = tmp_path
    ledger.append(ledger.Line(reference, "request", "2026-11-01T10:00:00+00:00", {"crm.lead": [1]}, []))


@pytest.fixture(autouse=True)
def data_in_a_folder_of_the_test(settings, tmp_path):
    settings.DATA = tmp_path


def test_what_the_ledger_knows_and_the_database_does_not_is_owed(db, tmp_path):
    assert not owes_erasures(address(), tmp_path)
    append(tmp_path, "ER-1")
    assert ledger_of(tmp_path) == ledger.path()
    assert owes_erasures(address(), tmp_path)
    replay(lambda words: None)
    assert Erasure.objects.get().reference == "ER-1"
    call_command("replay_erasures", stdout=io.StringIO())
    assert Erasure.objects.count() == 1


def test_an_altered_ledger_stops_the_start(db, tmp_path):
    append(tmp_path, "ER-2")
    ledger.path().write_text(ledger.path().read_text().replace("ER-2", "ER-3"))
    with pytest.raises(LaunchError, match="erase-a-person"):
        replay(lambda words: None)
