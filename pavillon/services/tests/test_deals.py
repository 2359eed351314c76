"""A second talk with the manager is advised when a complex deal is open, by limits that a manager sets."""

import datetime
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Notification
from pavillon.agenda.models import Entry
from pavillon.crm.models import ComplexDealRule, Lead
from pavillon.crm.tests.factories import assign_lead, fresh, lead, taken
from pavillon.reference.models import Country
from pavillon.services import actions
from pavillon.services.tests.factories import ordered, service

AGENDA = "/agenda/"
MISSING = "No one-to-one with your manager this week."
SECOND = "A second one-to-one with your manager is advised this week."
LIMITS = {"headcount": "250", "countries": "2", "services": "3", "amount": "20000"}


def plan_talks(client, cast):
    """Every week from today on, through the page."""
    today = timezone.localdate()
    later = today + datetime.timedelta(days=28)
    data = {"manager": cast.manager.pk, "day": today, "start": "23:00", "minutes": "30", "until": later}
    assert client.post(reverse("agenda:plan_one_to_one"), data).status_code == 302


@pytest.mark.covers("AGD-02")
def test_a_week_has_a_talk_and_two_when_a_complex_deal_is_open(cast, sign_in, monkeypatch):
    """The talk is deleted: alert. A complex deal is opened: a second one is advised, until it is over."""
    # A Tuesday without a holiday, whenever the test runs.
    moment = datetime.datetime(2027, 3, 2, 9, tzinfo=datetime.UTC)
    monkeypatch.setattr(timezone, "now", lambda: moment)
    client = sign_in(cast.nour)
    assert MISSING in client.get(AGENDA).text
    plan_talks(client, cast)
    page = client.get(AGENDA).text
    assert MISSING not in page
    assert SECOND not in page
    talk = Entry.objects.filter(kind="one_to_one").order_by("starts_at")[0]
    client.post(reverse("agenda:delete_entry", args=[talk.pk]))
    assert MISSING in client.get(AGENDA).text
    told = Notification.objects.filter(kind="agenda.talk_lost")
    assert {one.recipient for one in told} == {cast.nour, cast.manager}
    assert "No one-to-one is left" in sign_in(cast.nour).get(reverse("activity:inbox")).text
    plan_talks(client, cast)
    dear = service(cast.agency, price=Decimal("25000"), name_fr="Filiale", name_en="Subsidiary")
    order = ordered(cast, dear)
    page = client.get(AGENDA).text
    assert SECOND in page
    assert "Atelier du Ponant, €25,000 of services on order." in page
    assert SECOND not in sign_in(cast.theo).get(AGENDA).text, "nobody else's deal"
    actions.discount_order(order=order, percent=Decimal(50), reason="Fidèle", by=fresh(cast.manager))
    assert SECOND not in sign_in(cast.nour).get(AGENDA).text, "worth half of it"
    again = ordered(cast, dear)
    assert SECOND in sign_in(cast.nour).get(AGENDA).text
    actions.cancel_order(order=again, reason="Trop cher", by=fresh(cast.nour))
    assert SECOND not in sign_in(cast.nour).get(AGENDA).text


def test_a_manager_sets_what_is_complex_for_his_people(cast, sign_in):
    """Limits are data of an organisation: several services, several countries, large accounts."""
    page = reverse("crm:change_deal_rule")
    assert sign_in(cast.nour).get(page).status_code == 403
    client = sign_in(cast.manager)
    assert "nobody has changed them here" in client.get(page).text
    assert reverse("crm:change_deal_rule") in client.get(reverse("crm:view_workload")).text
    assert client.post(page, {**LIMITS, "services": "0"}).status_code == 422
    ordered(cast)
    ordered(cast, cast.vie)
    advised = "2 different services on order."
    assert advised not in sign_in(cast.nour).get(AGENDA).text
    assert sign_in(cast.manager).post(page, {**LIMITS, "services": "2"}).status_code == 302
    assert ComplexDealRule.objects.get().organisation == cast.chamber
    assert advised in sign_in(cast.nour).get(AGENDA).text
    sign_in(cast.manager).post(page, {**LIMITS, "services": "9"})
    assert "complex deal" not in sign_in(cast.nour).get(AGENDA).text
    for code in ("BR", "DE"):
        country, _new = Country.objects.get_or_create(code=code, defaults={"name_fr": code, "name_en": code})
        asked = lead(cast.atelier)
        if asked.adviser != cast.nour:
            asked = assign_lead(lead=asked, adviser=fresh(cast.nour), team=cast.chamber, by=fresh(cast.manager))
        Lead.objects.filter(pk=taken(asked).pk).update(country=country)
    assert "Atelier du Ponant, requests in 2 countries." in sign_in(cast.nour).get(AGENDA).text
