"""A report written without a network is stored once when it is back; what contradicts it is shown."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from pavillon.activity.models import Entry
from pavillon.agenda import actions as agenda
from pavillon.crm import actions
from pavillon.crm.models import Interaction
from pavillon.crm.queries.at_hand import companies_at_hand
from pavillon.crm.queries.on_the_way import agenda_on_the_way
from pavillon.crm.tests import factories
from pavillon.directory.actions import add_contact, create_company, merge_companies

JSON = {"Accept": "application/json"}


def report(company, **more):
    return {
        "company": company.pk,
        "kind": "visit",
        "summary": "Le stock part au Canada",
        "visibility": "organisation",
    } | more


def send(client, sent):
    """As a device sends it."""
    return client.post(reverse("crm:store_report"), sent, headers=JSON)


@pytest.fixture
def near(cast):
    """A company that Nour has dealt with."""
    company = cast.atelier
    actions.log_interaction(
        company=company, kind="call", happened_at=timezone.now(), summary="Premier appel", by=factories.fresh(cast.nour)
    )
    return company


def test_a_report_sent_again_is_stored_once(cast, near, sign_in):
    nour = sign_in(cast.nour)
    sent = report(near, token=str(uuid.uuid4()), happened_at=timezone.localtime().strftime("%Y-%m-%dT%H:%M"))
    first, again = (send(nour, sent) for _ in range(2))
    assert (first.status_code, again.status_code) == (200, 200)
    stored = Interaction.objects.get(kind="visit")
    assert first.json() == again.json() == {
        "stored": stored.pk, "company": str(near), "address": near.get_absolute_url(),
    }  # fmt: skip
    assert (stored.author_id, stored.company_id, stored.summary) == (cast.nour.pk, near.pk, "Le stock part au Canada")
    assert Entry.objects.about(stored).filter(verb="crm.interaction_logged").count() == 1
    # It is the organisation's in whose name it was written: not sent in another role.
    token = nour.get(reverse("crm:report_token")).json()
    assert (token["person"], token["role"]) == (cast.nour.pk, factories.fresh(cast.nour).acting.pk)
    written = {"token": str(uuid.uuid4()), "happened_at": "2026-03-02T08:00:00.000Z"}
    refused = send(nour, report(near, role=token["role"] + 1, **written))
    assert (refused.status_code, refused.json()["errors"][0][:28]) == (422, "Written in another of your r")
    # And at the moment that the device tells, whatever its clock.
    stored = Interaction.objects.get(pk=send(nour, report(near, role=token["role"], **written)).json()["stored"])
    assert stored.happened_at.isoformat() == "2026-03-02T08:00:00+00:00"
    # The same name given by another person's device is another report.
    assert send(sign_in(cast.nina), sent).json()["stored"] != stored.pk


def test_what_was_logged_meanwhile_is_shown_and_both_may_stay(cast, near, sign_in):
    nour = sign_in(cast.nour)
    call = report(near, token=str(uuid.uuid4()), kind="call")
    answer = send(nour, call)
    assert answer.status_code == 409
    assert answer.json()["theirs"] == "Premier appel"
    assert Interaction.objects.filter(kind="call").count() == 1
    # A colleague's call at that hour is no contradiction: he has another telephone.
    assert send(sign_in(cast.nina), call).status_code == 200
    assert send(sign_in(cast.nour), call | {"despite": "on"}).status_code == 200
    assert Interaction.objects.filter(kind="call", author=cast.nour).count() == 2


def test_a_company_merged_meanwhile_gets_the_report_of_the_other(cast, near, sign_in):
    kept = create_company(name="Ateliers du Ponant", by=None)
    merge_companies(kept=kept, removed=near, by=factories.fresh(cast.manager))
    answer = send(sign_in(cast.nour), report(near, token=str(uuid.uuid4())))
    assert answer.json()["address"] == kept.get_absolute_url()


def test_what_is_wrong_is_told_and_stores_nothing(cast, near, sign_in):
    nour = sign_in(cast.nour)
    for wrong, words in (({"summary": ""}, "What was said"), ({"happened_at": "2999-01-01T10:00"}, "When")):
        answer = send(nour, report(near, **wrong))
        assert answer.status_code == 422
        assert any(words in text for text in answer.json()["errors"])
    assert send(nour, report(near) | {"company": 10**9}).status_code == 422
    # Without a script the same form is an ordinary one.
    assert nour.post(reverse("crm:store_report"), report(near, summary="")).status_code == 422
    assert not Interaction.objects.filter(kind="visit").exists()
    assert nour.post(reverse("crm:store_report"), report(near)).url == reverse("crm:field_reports")
    assert Interaction.objects.filter(kind="visit").count() == 1
    assert send(sign_in(cast.claire), report(near)).status_code == 403


def test_the_device_keeps_no_sensitive_company(cast, near, django_assert_max_num_queries):
    nour = factories.fresh(cast.nour)
    with django_assert_max_num_queries(3):
        assert list(companies_at_hand(nour)) == [near]
    near.is_sensitive = True
    near.save()
    assert not companies_at_hand(nour).exists()
    assert not companies_at_hand(factories.fresh(cast.nina)).exists()


def visit(user, company, days=1, hour=12):
    """At noon: nothing of it lies beyond midnight."""
    noon = timezone.localtime().replace(hour=hour, minute=0, second=0, microsecond=0)
    start = noon + datetime.timedelta(days=days)
    values = {"title": "Visite de l’atelier", "kind": "visit", "place": "Quimper", "company": company}
    end = start + datetime.timedelta(hours=1)
    return agenda.create_entry(by=factories.fresh(user), starts_at=start, ends_at=end, **values)


def test_whom_one_visits_is_at_hand(cast, near):
    """The first visit of a company is when it is least known here; one that is far ahead waits."""
    met, soon, far = (create_company(name=name, by=None, region=cast.bretagne) for name in ("Hier", "Demain", "Loin"))
    for company, days in ((met, -20), (soon, 2), (far, 30)):
        visit(cast.nour, company, days=days)
    assert set(companies_at_hand(factories.fresh(cast.nour))) == {near, met, soon}
    assert not companies_at_hand(factories.fresh(cast.nina)).exists()


def test_the_next_days_lie_on_the_device_with_the_sheets_of_visits(cast, near, sign_in, django_assert_max_num_queries):
    """One's own seven days, a company's people, exchanges and requests as one may see them; nothing sensitive."""
    add_contact(company=near, first_name="Alan", last_name="Test", phone="+33298000001", by=None)
    asked = factories.lead(near)
    visit(cast.nour, near)
    visit(cast.nour, near, days=9)
    secret = create_company(name="Secrets du Large", by=None, region=cast.bretagne)
    visit(cast.nour, secret, hour=15)
    secret.is_sensitive = True
    secret.save()
    client = sign_in(cast.nour)
    page = client.get("/field/").text
    assert page.count("Visite de l’atelier") == 1, "nine days ahead is not kept"
    assert all(
        words in page for words in ("Alan Test", "tel:+33298000001", "Premier appel", asked.reference, "As it stood")
    )
    assert "Secrets du Large" not in page
    with django_assert_max_num_queries(10):
        way = agenda_on_the_way(factories.fresh(cast.nour))
    assert [sheet.company for sheet in way.sheets] == [near]
    assert "Visite de l’atelier" not in sign_in(cast.theo).get("/field/").text


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.covers("AGD-13")
def test_a_visit_written_without_network_is_stored_once(cast, near, open_page, violations):
    visit(cast.nour, near)
    first = create_company(name="Première Visite", by=None, region=cast.bretagne)
    visit(cast.nour, first, hour=15)
    page = open_page("/field/", user=factories.fresh(cast.nour), width=390)
    assert violations(page) == []
    page.locator("[data-field][data-kept=yes]").wait_for()
    page.context.set_offline(True)
    page.reload()
    expect(page.get_by_text("No network. What you write")).to_be_visible()
    expect(page.get_by_text("Visite de l’atelier").first).to_be_visible()
    page.locator("summary", has_text=str(near)).click()
    expect(page.get_by_text("Premier appel")).to_be_visible()
    lies = "caches.match('/field/').then((kept) => kept.arrayBuffer()).then((all) => new TextDecoder().decode(all))"
    assert "Visite" not in page.evaluate(lies), "sealed on the device"
    # From a sheet to its report, of a company that one has never met too.
    page.locator("summary", has_text="Première Visite").click()
    page.get_by_role("button", name="Write a report").last.click()
    expect(page.get_by_label("Company")).to_have_value(str(first.pk))
    page.get_by_label("Company").select_option(label=str(near))
    page.get_by_label("What was said").fill("Le stock part au Canada")
    page.get_by_role("button", name="Log", exact=True).click()
    item = page.locator("[data-list] li")
    expect(item).to_contain_text("Le stock part au Canada")
    # It is still there after the page was closed and opened again, without a network all the while.
    page.reload()
    expect(item).to_contain_text("Waiting for the network")
    assert violations(page) == []
    assert not Interaction.objects.filter(kind="visit").exists()
    page.context.set_offline(False)
    expect(item).to_have_count(0)
    expect(page.locator("#toasts")).to_contain_text(str(near))
    stored = Interaction.objects.get(kind="visit")
    assert (stored.summary, stored.author_id) == ("Le stock part au Canada", cast.nour.pk)
    # What contradicts is shown beside what it contradicts, and stays until somebody chooses.
    page.context.set_offline(True)
    page.get_by_label("Company").select_option(label=str(near))
    page.get_by_label("What was said").fill("La même visite, dictée")
    page.get_by_role("button", name="Log", exact=True).click()
    page.context.set_offline(False)
    expect(item).to_contain_text("You have already logged")
    expect(item).to_contain_text("Le stock part au Canada")
    assert violations(page) == []
    # What is being changed is not lost with the page.
    item.get_by_role("button", name="Change").press("Enter")
    expect(page.get_by_label("What was said")).to_have_value("La même visite, dictée")
    expect(item).to_have_count(0)
    page.reload()
    expect(item).to_contain_text("La même visite, dictée")
    item.get_by_role("button", name="Both happened").click()
    expect(item).to_have_count(0)
    assert Interaction.objects.filter(kind="visit").count() == 2
