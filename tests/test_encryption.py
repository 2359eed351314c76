"""Encrypted columns of real tables, from the outside: what a thief of the database would hold."""

import psycopg
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.urls import reverse

from pavillon.accounts.models import PeopleImport
from pavillon.accounts.tests import factories as accounts
from pavillon.core.fields import blind_index
from pavillon.crm.models import Lead
from pavillon.directory.actions import create_company
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


@pytest.mark.covers("SEC-05")
def test_a_thief_of_the_database_reads_no_personal_field(client, db):
    """What people write through their pages is ciphertext in the raw tables, read as any other program would."""
    accounts.places()
    cast = accounts.cast()
    client.force_login(cast.nour)
    company = create_company(name="Atelier Kermarrec", by=None)
    card = {"first_name": "Yann", "last_name": "Prigent", "email": "yann@atelier.example", "phone": "02 98 86 12 34"}
    client.post(reverse("directory:add_contact", args=[company.pk]), {**card, "language": "fr"})
    request = {
        "origin": "phone", "kind": "advice", "subject": "Japon", "company_name": "Atelier", "contact_name": "Yann",
        "contact_email": "yann@atelier.example", "interest": "spontaneous", "legal_basis": "public_task",
    }  # fmt: skip
    client.post(reverse("crm:receive_lead"), request)
    people = "email;first_name;last_name;role;language;network\nmona@chambre.example;Mona;Kerdoncuff;adviser;fr;ci"
    client.force_login(cast.maud)
    upload = {"organisation": cast.chamber.pk, "file": SimpleUploadedFile("people.csv", people.encode())}
    client.post(reverse("accounts:import_people"), upload)
    assert PeopleImport.objects.get().rows[0]["values"]["email"] == "mona@chambre.example"
    assert Contact.objects.get().email == "yann@atelier.example"
    assert Lead.objects.get().contact_email == "yann@atelier.example"
    # The test's own transaction is not committed: the very connection of the test is used, without Django's fields.
    raw_connection = connection.connection
    assert isinstance(raw_connection, psycopg.Connection)
    columns = {
        "directory_contact": ["email", "phone"],
        "crm_lead": ["contact_email"],
        "accounts_peopleimport": ["rows"],
    }
    for table, names in columns.items():
        for name in names:
            (stored,) = raw_connection.execute(f"SELECT {name} FROM {table}").fetchone()
            assert stored.startswith("pv1:"), (table, name)
    for table in ("directory_contact", "crm_lead", "activity_entry", "accounts_peopleimport"):
        rows = raw_connection.execute(f"SELECT t::text FROM {table} t").fetchall()
        everything = " ".join(row for (row,) in rows)
        assert "yann@atelier" not in everything, table
        assert "86 12 34" not in everything, table
        assert "298861234" not in everything, table
        assert "mona@" not in everything, table
