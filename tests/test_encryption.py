"""Encrypted columns of real tables, from the outside: what a thief of the database would hold."""

import pytest
from django.db import connection

from pavillon.core.fields import blind_index
from pavillon.directory.models import Company, Contact
from pavillon.reference.models import Country


@pytest.fixture
def contact(db):
    Country.objects.get_or_create(code="FR", defaults={"name_fr": "France", "name_en": "France"})
    company = Company.objects.create(name="Atelier Kermarrec")
    return Contact.objects.create(company=company, last_name="Le Goff", email="claire@atelier.example")


def raw(contact, column):
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {column} FROM directory_contact WHERE id = %s", [contact.pk])
        return cursor.fetchone()[0]


def test_the_raw_table_shows_ciphertext_and_the_model_shows_the_value(contact):
    """A personal field is ciphertext in the table, the value through the model, and is found by equality."""
    stored = raw(contact, "email")
    assert stored.startswith("pv1:")
    assert "claire" not in stored
    assert "claire" not in raw(contact, "email_index")
    assert Contact.objects.get(pk=contact.pk).email == "claire@atelier.example"
    found = Contact.objects.filter(email_index=blind_index(Contact, "email_index", " CLAIRE@atelier.example"))
    assert list(found) == [contact]


def test_a_ciphertext_copied_into_another_column_does_not_open(contact):
    """Swapping encrypted columns by SQL is noticed: each value is bound to its own column."""
    from pavillon.security.keys import Unreadable

    with connection.cursor() as cursor:
        cursor.execute("UPDATE directory_contact SET phone = email WHERE id = %s", [contact.pk])
    with pytest.raises(Unreadable):
        Contact.objects.get(pk=contact.pk)
