"""Sensitive companies: hidden from everybody but their audience, by every door (ledger SEC-16)."""

import pytest
from django.apps import apps
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from pavillon.activity.actions import notify
from pavillon.activity.models import Entry, Notification
from pavillon.core.permissions import sees
from pavillon.directory import actions
from pavillon.directory.actions import change_audience, flag_company, lift_flag, trace_sensitive_read
from pavillon.directory.models import Company, Contact, ContactRole, Establishment, GroupLink, Market, SensitiveMark
from pavillon.directory.models.sensitive import ways_to_companies
from pavillon.directory.policies import _company_columns
from pavillon.reference.tests import factories as facts
from pavillon.ui.exports import Column, answer, rows_for_files


@pytest.fixture(autouse=True)
def english():
    with translation.override("en"):
        yield


@pytest.fixture
def flagged(cast):
    """A company of Bretagne with a person, a site and a market, that Marie restricts to herself and to Nour."""
    company = cast.atelier
    actions.add_contact(company=company, by=None, last_name="Kermarrec", email="anne@atelier.example")
    actions.add_establishment(company=company, by=None, name="Cale sèche")
    actions.add_market(company=company, country=facts.make_country("DE"), by=None)
    flag_company(
        company=company,
        reason="Double usage",
        state_service="Service de l’État",
        state_contact="delegue@etat.example",
        by=cast.manager,
        people=[cast.nour],
    )
    company.refresh_from_db()
    return company


def opened(client, user, url):
    client.force_login(user)
    return client.get(url)


@pytest.mark.covers("SEC-16")
def test_a_flagged_company_is_hidden_in_lists_search_and_pages(cast, client, flagged):
    page, contact = flagged.get_absolute_url(), flagged.contacts.get()
    for person, is_reader in (
        (cast.manager, True),
        (cast.nour, True),
        (cast.security, True),
        (cast.theo, False),
        (cast.partner, False),
        (cast.official, False),
        (cast.admin, False),
    ):
        assert opened(client, person, page).status_code == (200 if is_reader else 404), person
        assert opened(client, person, contact.get_absolute_url()).status_code == (200 if is_reader else 404)
        listed = opened(client, person, reverse("directory:companies")).content.decode()
        assert ("Ateliers du Ponant" in listed) is is_reader
        assert Company.objects.visible_to(person).matching("ponant").exists() is is_reader
        for table in (Contact, ContactRole, Establishment, Market):
            assert table.objects.visible_to(person).filter(company=flagged).exists() is is_reader, (person, table)
    shown = opened(client, cast.nour, page).content.decode()
    assert "Double usage" in shown
    assert "delegue@etat.example" in shown
    assert "you are named among the readers" in shown


def test_nobody_takes_it_out_of_the_base(cast, flagged):
    seen = Company.objects.visible_to(cast.nour).order_by("name")
    request = RequestFactory().get("/", {"format": "csv"})
    request.user = cast.nour
    file = answer(request, seen, [Column("Name", lambda company: company.name)], "companies").content.decode()
    assert "Verreries du Midi" in file
    assert "Ateliers du Ponant" not in file
    assert not Company.objects.visible_to(cast.nour).exportable().filter(pk=flagged.pk).exists()
    assert not Contact.objects.visible_to(cast.nour).exportable().filter(company=flagged).exists()


def test_files_of_every_room_ask_what_stands_behind_a_sensitive_company(cast, flagged):
    """Whatever the path from a row to its company, it can be asked; rows without a company leave."""
    tables = [m for m in apps.get_models() if _company_columns(m) or m in ways_to_companies]
    assert {"crm.lead", "crm.mission", "services.exportflow", "care.offer"} <= {m._meta.label_lower for m in tables}
    for table in tables:
        list(rows_for_files(table._default_manager.all(), cast.nour)[:1])


def test_only_its_audience_is_told(cast, flagged):
    told = [cast.nour, cast.theo, cast.partner, cast.security]
    notify(told, "crm.note", title="News of a secret", about=flagged, email=False)
    assert {row.recipient for row in Notification.objects.all()} == {cast.nour, cast.security}
    notify([cast.theo], "crm.note", title="News of another", about=cast.southern, email=False)
    assert Notification.objects.filter(recipient=cast.theo).exists()


def test_each_reading_leaves_a_line_in_its_trail(cast, client, flagged):
    lines = Entry.objects.about(flagged).filter(verb="directory.sensitive_company_read")
    opened(client, cast.nour, flagged.get_absolute_url())
    opened(client, cast.theo, flagged.get_absolute_url())
    assert [(line.actor, line.facts["how"]) for line in lines] == [(cast.nour, "page")]
    trace_sensitive_read(flagged, by=cast.security, how="document")
    assert lines.all().count() == 2


def test_private_partners_are_never_named(cast, flagged):
    mark = SensitiveMark.objects.get()
    with pytest.raises(actions.NotForPartners, match="Lena"):
        change_audience(mark=mark, by=cast.manager, people=[cast.partner], organisations=[])
    with pytest.raises(actions.NotForPartners, match="Brücke"):
        change_audience(mark=mark, by=cast.manager, people=[], organisations=[cast.partner_firm])
    with pytest.raises(ValueError, match="at least one"):
        change_audience(mark=mark, by=cast.manager, people=[], organisations=[])
    change_audience(mark=mark, by=cast.manager, people=[cast.manager], organisations=[cast.other])
    assert sees(cast.theo, flagged)
    assert not sees(cast.nour, flagged)


def test_a_company_is_flagged_and_opened_again_on_screen(cast, client):
    client.force_login(cast.nour)
    url = reverse("directory:flag_company", args=[cast.southern.pk])
    assert client.get(url).status_code == 403
    client.force_login(cast.manager)
    given = {"reason": "Brevets", "state_service": "Service", "state_contact": "0102030405"}
    refused = client.post(url, {**given, "people": f"{cast.partner.email}, nobody@nowhere.example"})
    assert refused.status_code == 422
    assert "nobody@nowhere.example" in refused.content.decode()
    assert client.post(url, {**given, "people": cast.theo.email}).status_code == 302
    assert sees(cast.theo, cast.southern)
    assert not sees(cast.nour, cast.southern)
    with pytest.raises(actions.AlreadySensitive):
        flag_company(company=cast.southern, by=cast.manager, **given)
    audience = client.get(reverse("directory:change_audience", args=[cast.southern.pk])).content.decode()
    assert cast.theo.email in audience
    client.post(reverse("directory:lift_flag", args=[cast.southern.pk]), {"reason": "Published"})
    assert sees(cast.nour, cast.southern)
    mark = SensitiveMark.objects.get(company=cast.southern)
    assert (mark.lifted_by, mark.lifted_reason) == (cast.manager, "Published")
    assert not SensitiveMark.objects.standing().exists()


def test_a_link_of_a_group_does_not_betray_it(cast, client, flagged):
    actions.link_companies(parent=flagged, subsidiary=cast.southern, by=None)
    client.force_login(cast.theo)
    card = reverse("directory:company_card", args=[cast.southern.pk])
    assert "Ateliers du Ponant" not in client.get(card).content.decode()
    assert not GroupLink.objects.visible_to(cast.theo).exists()
    client.force_login(cast.nour)
    assert "Ateliers du Ponant" in client.get(card).content.decode()


def test_lifting_keeps_the_history(cast, flagged):
    lift_flag(mark=SensitiveMark.objects.get(), reason="Over", by=cast.manager)
    flagged.refresh_from_db()
    assert not flagged.is_sensitive
    verbs = set(Entry.objects.about(flagged).values_list("verb", flat=True))
    assert {"directory.company_flagged", "directory.flag_lifted"} <= verbs
