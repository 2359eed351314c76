"""The auditor's questions: who saw this record, who changed this field, what did this person see."""

import pytest
from django.urls import reverse
from django.utils.translation import override

from pavillon.accounts import actions as accounts
from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import Organisation, User
from pavillon.core import policy
from pavillon.core.policy import Level
from pavillon.core.reading import note_read
from pavillon.core.trace import Origin, current_origin, set_origin
from pavillon.security import actions
from pavillon.security.models import Reading
from pavillon.security.queries import changed_fields, governed_labels
from pavillon.security.tests import factories

LABEL = "accounts.organisation"


@pytest.fixture(autouse=True)
def governed(monkeypatch):
    monkeypatch.setattr(policy, "_governed", {Organisation: ("name",)})


@pytest.fixture
def nora(db):
    return factories.nora()


@pytest.fixture
def helene(db):
    return factories.helene()


@pytest.fixture
def record(helene):
    """An organisation that Hélène opened from home and saw in a list."""
    target = factories.make_organisation("Chambre de Quimper", Kind.CHAMBER)
    before = current_origin()
    set_origin(Origin("page", "192.0.2.7", "/organisations/1/"))
    note_read(helene, target, how="page")
    note_read(helene, Organisation, how="list", rows=3, ids=[target.pk, 998, 999])
    set_origin(before)
    return target


def address(record):
    return reverse("security:audit_record", args=[LABEL, record.pk])


@pytest.mark.covers("SEC-13")
def test_audit_record(client, nora, record):
    """The officer finds the record by name and reads who opened it, from where, and who saw it in a list."""
    client.force_login(nora)
    found = client.get(reverse("security:find_record"), {"q": "quimper"}).text
    assert address(record) in found
    page = client.get(address(record)).text
    assert f"Organisation {record.pk}" not in page, "the crumb names it"
    assert "Helene Test" in page
    assert "CCI Bretagne" in page
    assert "Opened the page" in page
    assert "Saw in a list (3 rows)" in page
    assert "192.0.2.7" in page


def test_the_auditors_own_reading_is_logged(client, nora, record):
    client.force_login(nora)
    client.get(address(record))
    line = Reading.objects.get(user=nora, how="audit")
    assert (line.model, line.object_id) == (LABEL, str(record.pk))
    assert "Consulted the log" in client.get(address(record)).text


def test_searching_is_logged_with_what_was_found(client, nora, record):
    client.force_login(nora)
    client.get(reverse("security:find_record"), {"q": "quimper"})
    assert Reading.objects.get(user=nora, how="search").ids == [record.pk]


def test_a_record_that_is_gone_still_has_its_log(client, nora, helene):
    client.force_login(nora)
    note_read(helene, Organisation(pk=4242), how="page")
    assert "Organisation 4242" in client.get(reverse("security:find_record"), {"q": f"{LABEL}:4242"}).text
    page = client.get(reverse("security:audit_record", args=[LABEL, 4242])).text
    assert "Helene Test" in page
    assert "may not see its content" in page


@pytest.mark.parametrize("label", ["auth.group", "no.such", "nonsense"])
def test_only_records_of_the_house_have_a_log_page(client, nora, label):
    client.force_login(nora)
    assert client.get(reverse("security:audit_record", args=[label, 1])).status_code == 404


@pytest.mark.parametrize(
    ("filters", "seen"),
    [
        ({"person": "helene"}, True),
        ({"person": "nobody"}, False),
        ({"kind": "read"}, True),
        ({"kind": "changed"}, False),
        ({"until": "2020-01-01"}, False),
        ({"since": "2020-01-01"}, True),
        ({"field": "name"}, False),
    ],
)
def test_lines_are_filtered(client, nora, record, filters, seen):
    client.force_login(nora)
    answer = client.get(address(record), filters, headers={"HX-Request": "true"})
    assert ("192.0.2.7" in answer.text) is seen
    assert "<html" not in answer.text


def test_a_period_that_ends_before_it_begins_is_explained(client, nora, record):
    client.force_login(nora)
    page = client.get(address(record), {"since": "2026-02-01", "until": "2026-01-01"}).text
    assert "choose a later day" in page


def test_older_lines_follow_without_a_gap(client, nora, record, helene, monkeypatch):
    from pavillon.security.views import logs_and_privileges as views

    monkeypatch.setattr(views, "PER_PAGE", 4)
    for _n in range(7):
        note_read(helene, record, how="api")
    client.force_login(nora)
    page = client.get(address(record), {"person": "helene"})
    assert page.text.count("Read through the API") == 4
    second = client.get(page.context["older"])
    assert second.text.count("Read through the API") == 3
    assert second.text.count("Opened the page") == 0
    assert "Opened the page" in client.get(second.context["older"]).text


def test_audit_person(client, nora, record, helene):
    """What did this person see: names of the records, only this person's lines."""
    client.force_login(nora)
    page = client.get(reverse("security:audit_person", args=[helene.pk])).text
    assert "Chambre de Quimper" in page
    assert address(record) in page
    assert Reading.objects.filter(user=nora, how="audit", model="accounts.user", object_id=helene.pk).exists()


def test_export_audit(client, nora, record):
    client.force_login(nora)
    answer = client.get(reverse("security:export_audit", args=[LABEL, record.pk]), {"kind": "read"})
    lines = answer.content.decode("utf-8-sig").splitlines()
    assert len(lines) == 3
    assert "Helene Test;CCI Bretagne" in lines[1]
    assert Reading.objects.get(user=nora, how="export").object_id == str(record.pk)


def test_who_changed_this_field(client, nora, record):
    """Old and new value of each change, with who and when; restricted when the auditor's own policy says so."""
    admin = factories.make_user("Admin", Role.PLATFORM_ADMIN)
    accounts.change_organisation(
        organisation=record, by=admin, name="Chambre de Brest", level=record.level, region=None, country=None,
        is_active=True,
    )  # fmt: skip
    client.force_login(nora)
    page = client.get(address(record), {"field": "name"}).text
    assert "Chambre de Quimper" in page
    assert "Chambre de Brest" in page
    assert "Admin Test" in page
    assert "192.0.2.7" not in page
    actions.change_policy(
        role=Role.SECURITY_OFFICER, model=LABEL, field="name", level=Level.FORBIDDEN, by=admin, reason="Need to know"
    )
    page = client.get(address(record), {"field": "name"}, headers={"HX-Request": "true"}).text
    assert "restricted" in page
    assert "Chambre de Quimper" not in page


def test_company_panel_shows_the_last_readings(client, nora, helene):
    from django.apps import apps

    if not apps.is_installed("pavillon.directory"):
        pytest.skip("no company is installed")
    company = apps.get_model("directory.company")(pk=77)
    note_read(helene, company, how="page")
    client.force_login(nora)
    page = client.get(reverse("security:company_panel", args=[77])).text
    assert "Helene Test" in page
    assert reverse("security:audit_record", args=["directory.company", 77]) in page


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.SECURITY_OFFICER, 200),
        (Role.DATA_PROTECTION_OFFICER, 200),
        (Role.PLATFORM_ADMIN, 403),
        (Role.ADVISER, 403),
        (Role.COMPANY_MANAGER, 403),
    ],
)
def test_who_may_audit_record(client, record, role, status):
    person = factories.make_user("Somebody", role, record)
    client.force_login(person)
    assert client.get(address(record)).status_code == status
    assert client.get(reverse("security:find_record")).status_code == status
    assert client.get(reverse("security:export_audit", args=[LABEL, record.pk])).status_code == status
    assert client.get(reverse("security:audit_person", args=[person.pk])).status_code == status
    assert client.get(reverse("security:company_panel", args=[1])).status_code == status


def test_audit_record_costs_few_statements(client, nora, record, helene, django_assert_max_num_queries):
    for _n in range(30):
        note_read(helene, record, how="page")
    client.force_login(nora)
    client.get(address(record))
    with django_assert_max_num_queries(18):
        client.get(address(record))
    assert User.objects.count() == 2


def test_fields_to_look_for_have_names_in_french():
    """A column that no page names is not offered under the name that a program gave it."""
    with override("fr"):
        labels = dict(changed_fields("accounts.user"))
    assert labels["first_name"] == "Prénom"
    assert labels["office_id"] == "Bureau"
    assert not {"joined_at", "suspended_until"} & set(labels)
    assert list(labels.values()) == sorted(labels.values())


def test_no_two_kinds_of_record_bear_one_name(monkeypatch):
    """The selector of the audit names kinds by their name alone, in both languages."""
    monkeypatch.undo()
    for language in ("en", "fr"):
        with override(language):
            names = [name for _label, name in governed_labels()]
            assert len(names) == len(set(names)), f"{language}: {sorted(n for n in names if names.count(n) > 1)}"
