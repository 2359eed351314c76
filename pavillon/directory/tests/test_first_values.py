"""The first line about a row keeps the values that it was made with; what is personal stays sealed in it."""

import pytest
from django.db import connection
from django.urls import reverse

from pavillon.accounts.actions import change_user
from pavillon.accounts.tests import factories
from pavillon.activity.models import Entry
from pavillon.core.personal_data import erase
from pavillon.directory.actions import add_contact, change_company, change_contact, create_company
from pavillon.security.models import RecordKey
from pavillon.security.record_keys import PREFIX
from pavillon.security.verification import faults_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast():
    factories.places()
    return factories.cast()


def line(row, verb):
    return Entry.objects.about(row).get(verb=verb)


def test_a_company_s_first_values_are_in_the_trail(cast):
    company = create_company(name="Forge du Léon", by=cast.nour, headcount=12)
    made = line(company, "directory.company_created")
    assert made.changes["name"] == [None, "Forge du Léon"]
    assert made.changes["headcount"] == [None, 12]
    assert made.facts["born"] == "directory.company"
    assert "id" not in made.changes
    assert "turnover" not in made.changes, "what is empty says nothing"
    assert made.is_authentic()
    assert not list(faults_of(Entry))
    # The next line tells what changed, and only that.
    change_company(company=company, by=cast.nour, headcount=13)
    assert line(company, "directory.company_changed").changes == {"headcount": [12, 13]}


def test_what_is_personal_enters_the_trail_sealed(cast):
    company = create_company(name="Forge du Léon", by=cast.nour)
    contact = add_contact(company=company, by=cast.nour, first_name="Yann", last_name="Kermorgant",
                          email="yann@forge.example", job_title="Export")  # fmt: skip
    made = line(contact, "directory.contact_added")
    for name in ("first_name", "last_name", "email"):
        assert made.changes[name][1].startswith(PREFIX)
    assert "Kermorgant" not in f"{made.changes}{made.facts}"
    assert "yann@" not in f"{made.changes}{made.facts}"
    person = factories.person("Iris")
    made = line(person, "accounts.user_created")
    assert "password" not in made.changes
    assert "Iris" not in f"{made.changes}"
    assert made.changes["language"] == [None, "en"]


def raw_trail():
    """The tables of the trail as a thief of the database reads them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(entry::text, ' ') FROM activity_entry entry")
        return cursor.fetchone()[0]


@pytest.fixture
def renamed(cast):
    """Yann Kermorgant, who became Yannick Prigent; and Iris, who became Irène."""
    company = create_company(name="Forge du Léon", by=cast.nour)
    contact = add_contact(company=company, by=cast.nour, first_name="Yann", last_name="Kermorgant", job_title="Export")
    change_contact(contact=contact, by=cast.nour, first_name="Yannick", last_name="Prigent", email="yp@forge.example")
    person = factories.person("Iris")
    change_user(user=person, by=cast.nour, first_name="Irène", phone="+33298000000")
    return contact


def test_changed_personal_values_enter_the_trail_sealed(renamed):
    """Old ones as new ones, of columns that their own tables hold in clear too."""
    trail = raw_trail()
    for word in ("Yann", "Kermorgant", "Prigent", "yp@forge", "Iris", "Ir\\u00e8ne", "Irène", "298000000"):
        assert word not in trail, word
    changes = line(renamed, "directory.contact_changed").changes
    assert {"first_name", "last_name", "email"} <= changes.keys()
    assert all(value.startswith(PREFIX) for pair in changes.values() for value in pair if value)
    assert not list(faults_of(Entry))


def test_changed_personal_values_are_shown_to_who_may_read_them(client, cast, renamed):
    address = reverse("directory:company_changes", args=[renamed.company_id])
    client.force_login(cast.nour)
    page = client.get(address).content.decode()
    assert "Kermorgant" in page
    assert "Prigent" in page
    client.force_login(cast.security, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("security:audit_record", args=["directory.contact", renamed.pk])).content.decode()
    assert "Kermorgant" in page
    assert "Prigent" in page


def test_an_erased_person_is_gone_from_the_trail(client, cast, renamed):
    """The lines stand and still verify; what they said of the person nobody reads any more."""
    erase(renamed)
    assert not RecordKey.objects.filter(subject=f"directory.contact:{renamed.pk}").exists()
    assert not list(faults_of(Entry))
    client.force_login(cast.security, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("security:audit_record", args=["directory.contact", renamed.pk])).content.decode()
    assert "Kermorgant" not in page
    assert "Prigent" not in page
    assert "erased with the person" in page or "effacé avec la personne" in page


@pytest.mark.covers("SEC-13")
def test_an_auditor_reads_the_first_values_in_words(client, cast):
    """He opens what was sealed; who may not see a field does not learn its first value either."""
    company = create_company(name="Forge du Léon", by=cast.nour, headcount=12)
    contact = add_contact(company=company, by=cast.nour, first_name="Yann", last_name="Kermorgant")
    client.force_login(cast.security, backend="allauth.account.auth_backends.AuthenticationBackend")
    page = client.get(reverse("security:audit_record", args=["directory.contact", contact.pk])).content.decode()
    assert "Kermorgant" in page
    page = client.get(reverse("security:audit_record", args=["directory.company", company.pk])).content.decode()
    assert "Forge du Léon" in page
