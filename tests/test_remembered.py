"""Rows that many tests begin with are written again only beside the keys that sealed them."""

import pytest
from django.db import transaction

from pavillon.accounts.tests.factories import cast, places
from pavillon.core.trail import record
from pavillon.security.connecting import own_connection
from pavillon.security.keys import keyring
from pavillon.security.models import RecordKey
from tests.remembered import remembered

pytestmark = pytest.mark.django_db


def test_sealed_rows_are_not_written_again_under_other_keys():
    """What a test without a transaction does between two others: all tables are emptied, the data keys too."""

    @remembered
    def sealed():
        people = cast()
        record("accounts.user_changed", people.nour, by=people.nour, changes={"first_name": ["É", "é"]})
        return people

    for _flush in range(2):
        with own_connection() as cursor:
            cursor.execute("DELETE FROM security_datakey")
        keyring.forget()
        with transaction.atomic():
            places()
            people = sealed()
            assert RecordKey.objects.filter(subject=f"accounts.user:{people.nour.pk}").exists()
            record("accounts.user_changed", people.nour, by=people.nour, changes={"first_name": ["é", "E"]})
            transaction.set_rollback(True)
