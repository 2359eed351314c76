"""A campaign from its plan to its return: costs, requests by channel, orders, attested flows, side by side."""

import datetime
from decimal import Decimal
from fractions import Fraction
from io import BytesIO

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pavillon.accounts.enums import Role
from pavillon.activity.models import Entry
from pavillon.campaigns import actions as campaigns
from pavillon.campaigns.models import Campaign, CampaignCost, CampaignSettings
from pavillon.campaigns.tests.factories import campaign
from pavillon.core.policy import Level
from pavillon.crm import actions as crm
from pavillon.crm.models import Lead, LeadTouch
from pavillon.crm.tests.factories import fresh, lead, other_company
from pavillon.directory.models import Contact
from pavillon.reference.models import Country
from pavillon.security.actions import change_policy
from pavillon.services import actions
from pavillon.services.models import ServiceOrder, Survey
from pavillon.services.tests.factories import ordered, run_letters

TODAY = timezone.localdate


def plan(**more):
    first = TODAY() - datetime.timedelta(days=5)
    said = {
        "name": "Cap sur l’Irlande", "code": "", "aim": "Faire connaître les aides", "currency": "EUR", "region": "53",
        "starts_on": first.isoformat(), "ends_on": (first + datetime.timedelta(days=60)).isoformat(),
    }  # fmt: skip
    return {**said, **more}


def asked(**more):
    """What an adviser writes down of a call."""
    said = {
        "origin": "phone", "kind": "advice", "subject": "Vendre en Irlande", "company_name": "Atelier du Ponant",
        "contact_name": "Anne Riou", "contact_email": "anne@ponant.example", "interest": "prompted",
        "legal_basis": "public_task", "region": "53",
    }  # fmt: skip
    return {**said, **more}


@pytest.fixture
def told(cast, sign_in):
    """The campaign of the chamber, planned and paid through its pages."""
    client = sign_in(cast.manager)
    assert client.post(reverse("campaigns:create_campaign"), plan(organisation=cast.chamber.pk)).status_code == 302
    made = Campaign.objects.get()
    note = reverse("campaigns:add_campaign_cost", args=[made.pk])
    for channel, planned, spent in [("web", "600", "500.00"), ("phone", "300", "250.25"), ("show", "1000", "")]:
        said = {"channel": channel, "label": f"Poste {channel}", "planned": planned, "spent": spent}
        assert client.post(note, said).status_code == 302
    return made


@pytest.mark.covers("JOUR-08")
def test_the_page_of_a_campaign_shows_cost_requests_orders_and_return(cast, sign_in, told):
    """Three requests over several channels, two orders, one attested contract: each figure and the list behind it."""
    client = sign_in(cast.nour)
    new = reverse("crm:receive_lead")
    assert client.post(new, asked()).status_code == 422, "prompted by what?"
    known = f"{new}?company={cast.atelier.pk}"
    assert client.post(known, asked(campaign=told.pk)).status_code == 302
    first = Lead.objects.get()
    assert (first.is_spontaneous, first.prompted_by, first.company) == (False, told.name, cast.atelier)
    touch = reverse("crm:add_touch", args=[first.pk])
    tomorrow = (TODAY() + datetime.timedelta(days=1)).isoformat()
    assert client.post(touch, {"origin": "mail", "touched_on": tomorrow}).status_code == 422
    for origin in ("mail", "show"):
        assert client.post(touch, {"origin": origin, "detail": ""}).status_code == 302
    # A request of the site, whose second touch turns out to be of the campaign.
    armor, _manager = other_company()
    second = lead(armor)
    later = crm.add_touch(lead=second, by=fresh(cast.nour), origin="field", detail="Tournée")
    page = client.get(second.get_absolute_url())
    url = reverse("crm:attribute_touch", args=[second.pk])
    assert url in page.text
    assert client.post(url, {"touch": later.pk, "campaign": told.pk}).status_code == 302
    later.refresh_from_db()
    assert (later.campaign, later.detail) == (told, "Tournée"), "its words stay"
    lead(armor, origin="social", channel="LinkedIn", campaign=told, subject="Deux")

    order = ordered(cast)
    ordered(cast, cast.vie, company=cast.atelier, quantity=2, by=cast.nour)
    cancelled = ordered(cast)
    actions.cancel_order(order=cancelled, reason="Reporté", by=fresh(cast.nour))
    Contact.objects.create(company=cast.atelier, last_name="Riou", email="anne@ponant.example")
    actions.deliver_order(order=order, delivered_on=TODAY(), by=fresh(cast.nour))
    run_letters()
    impact = Survey.objects.get(order=order, kind="impact")
    actions.send_survey(survey=impact)
    flows = [
        actions.Flow("contract", Country.objects.get(pk="DE"), Decimal("10000.00"), "EUR"),
        actions.Flow("contract", Country.objects.get(pk="BR"), Decimal("900.00"), "USD"),
    ]
    actions.answer_impact(survey=impact, flows=flows, verbatim="", attested_by="Anne")

    page = sign_in(cast.manager).get(told.get_absolute_url())
    by = {one.attribution: one for one in page.context["figures"]}
    combined, first_touch, last_touch = by["combined"], by["first"], by["last"]
    assert (combined.cost.planned, combined.cost.spent, combined.cost.untold) == (Decimal(1900), Decimal("750.25"), 1)
    assert "1 of 3 lines has no amount spent yet" in page.text
    assert [one.requests.exact for one in by.values()] == [Fraction(1, 3) + Fraction(1, 2) + 1, 2, 2]
    assert [one.orders.exact for one in by.values()] == [Fraction(2, 3), 2, 0]
    spent = Decimal("350.50") + 4800
    assert combined.order_amounts[0][1].exact == Fraction(spent) / 3
    assert first_touch.order_amounts == [("EUR", first_touch.order_amounts[0][1])]
    assert (first_touch.order_amounts[0][1].exact, last_touch.order_amounts) == (Fraction(spent), [])
    assert [(code, one.exact) for code, one in first_touch.flow_amounts] == [("EUR", 10000), ("USD", 900)]
    assert combined.value.exact == Fraction(10000, 3)
    assert combined.value_per_unit.exact == Fraction(10000, 3) / Fraction("750.25")
    assert first_touch.cost_per_request.value == Decimal("375.12"), "half to even, of 375.125"
    assert combined.cost_per_order.exact == Fraction("750.25") * 3 / 2
    for words in ("exactly 11/6", "1.83", "€3,333.33", "US$300"):
        assert words in page.text, words
    channels = {line.label: line for line in page.context["channels"]}
    assert [(line.touched, line.first.exact, line.last.exact, line.combined.exact) for line in channels.values()] == [
        (1, 1, 1, 1), (1, 1, 0, Fraction(1, 3)), (0, 0, 0, 0), (1, 0, 1, Fraction(1, 2)),
    ]  # fmt: skip
    assert list(channels) == ["Web", "Phone", "Shows and events", "Visits"]
    assert channels["Phone"].cost_per_request.exact == Fraction("250.25") * 3
    # Every figure opens the list that it counts.
    client = sign_in(cast.manager)

    def rows(url):
        return client.get(url).context["listing"].rows

    assert len(rows(combined.requests_url)) == page.context["told"].of("requests").touched == 3
    for one in (first_touch, last_touch):
        assert len(rows(one.requests_url)) == one.requests.exact
        assert len(rows(one.orders_url)) == one.orders.exact
        assert len(rows(one.flows_url)) == one.flows.exact
    for line in channels.values():
        assert [len(rows(url)) for url in (line.touched_url, line.first_url, line.last_url)] == [
            line.touched, line.first.exact, line.last.exact,
        ]  # fmt: skip
    # A touch counts for the orders of some time only, the same for all campaigns.
    settings = reverse("campaigns:change_campaign_settings")
    assert client.post(settings, {"window_days": "30"}).status_code == 403
    LeadTouch.objects.update(touched_at=timezone.now() - datetime.timedelta(days=40))
    ServiceOrder.objects.update(proposed_at=timezone.now())
    assert client.get(told.get_absolute_url()).context["main"].orders.exact == Fraction(2, 3)
    assert sign_in(cast.henri).post(settings, {"window_days": "30"}).status_code == 302
    assert CampaignSettings.objects.get().window_days == 30
    assert client.get(told.get_absolute_url()).context["main"].orders.exact == 0
    assert Entry.objects.about(told).filter(verb="campaigns.cost_added").count() == 3


@pytest.mark.covers("JOUR-08")
def test_campaigns_stand_beside_each_other(cast, sign_in, told):
    """Sorted by cost and return, filtered, exported with exact shares; as many statements for twelve as for two."""
    dear = campaign(cast.chamber, name="Salon", is_shared=True)
    campaigns.add_campaign_cost(
        campaign=dear, channel="show", label="Stand", planned=Decimal(9000), spent=Decimal(9000), by=None
    )
    dollars = campaign(cast.agency, name="Roadshow", currency="USD", region=None)
    request = lead(cast.atelier, campaign=told)
    crm.add_touch(lead=request, by=fresh(cast.nour), origin="show", campaign=dear)
    crm.add_touch(lead=request, by=fresh(cast.nour), origin="phone")
    client, listed = sign_in(cast.manager), reverse("campaigns:campaigns")

    def names(**query):
        return [line.campaign.name for line in client.get(listed, query).context["lines"]]

    assert names(sort="cost") == [told.name, "Salon"], "another organisation's is not seen"
    assert names(sort="-cost") == ["Salon", told.name]
    assert names(sort="-requests", attribution="first") == [told.name, "Salon"]
    assert names(channel="web") == [told.name]
    assert names(q="SALON", phase="running") == ["Salon"]
    assert names(phase="over") == []
    assert set(names(organisation=cast.chamber.pk, currency="EUR")) == {told.name, "Salon"}
    (line,) = client.get(listed, {"q": "cap", "sort": "value"}).context["lines"]
    assert line.requests.exact == Fraction(1, 3)
    assert [found.name for found in Campaign.objects.visible_to(fresh(cast.theo))] == ["Salon"], "shared"
    assert dollars in Campaign.objects.visible_to(fresh(cast.henri))
    assert sign_in(cast.partner).get(listed).status_code == 403
    book = load_workbook(BytesIO(sign_in(cast.manager).get(listed, {"format": "xlsx", "sort": "-cost"}).content))
    head, *lines = book.active.values
    shares = {row[0]: row[head.index("Requests")] for row in lines}
    assert shares == {"Salon": 0.333333, told.name: 0.333333}
    assert client.get(listed, {"format": "csv"}).text.count("750,25") == 1
    with CaptureQueriesContext(
        connection,
    ) as few:
        assert len(client.get(listed).context["lines"]) == 2
    for number in range(10):
        made = campaign(cast.chamber, name=f"Action {number}")
        lead(cast.atelier, campaign=made)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(listed, {"sort": "-requests"}).context["lines"]) == 12
    assert len(many) <= len(few) + 1
    figures = [query for query in many if "crm_leadtouch" in query["sql"]]
    assert len(figures) == 1, "costs, requests, orders and flows of all campaigns"


def test_who_plans_campaigns_and_what_is_refused(cast, sign_in, told):
    """Own campaigns for managers, all for the national agency; codes are unique; the currency stays with its costs."""
    create = reverse("campaigns:create_campaign")
    assert sign_in(cast.nour).get(create).status_code == 403
    assert sign_in(cast.theo).get(told.get_absolute_url()).status_code == 404
    client = sign_in(cast.manager)
    for wrong, field in [
        (plan(organisation=cast.agency.pk), "organisation"), (plan(ends_on="2020-01-01"), "ends_on"),
        (plan(code="un deux"), "code"), (plan(code=told.code), "code"), (plan(starts_on="0001-01-01"), "starts_on"),
    ]:  # fmt: skip
        page = client.post(create, {"organisation": cast.chamber.pk, **wrong})
        assert (page.status_code, list(page.context["form"].errors)) == (422, [field])
    assert client.post(create, plan(organisation=cast.chamber.pk)).status_code == 302
    assert set(Campaign.objects.values_list("code", flat=True)) == {"CAP-SUR-LIRLANDE", "CAP-SUR-LIRLANDE-2"}
    change = reverse("campaigns:change_campaign", args=[told.pk])
    page = client.post(change, plan(organisation=cast.chamber.pk, currency="USD", name="Autre"))
    assert (page.status_code, "Its costs are noted in EUR" in page.text) == (422, True)
    said = plan(organisation=cast.chamber.pk, name="Cap Irlande", code=told.code, is_shared="on")
    assert client.post(change, said).status_code == 302
    told.refresh_from_db()
    assert (told.name, told.is_shared) == ("Cap Irlande", True)
    assert sign_in(cast.theo).get(told.get_absolute_url()).status_code == 200
    assert client.get(change).status_code == 403
    cost = CampaignCost.objects.get(channel="show")
    edit = reverse("campaigns:change_campaign_cost", args=[cost.pk])
    said = {"channel": "show", "label": "Stand", "planned": "900", "spent": "-1"}
    assert client.post(edit, said).status_code == 403
    client = sign_in(cast.manager)
    assert client.post(edit, said).status_code == 422
    assert client.post(edit, {**said, "spent": "880.40"}).status_code == 302
    cost.refresh_from_db()
    assert (cost.label, cost.spent) == ("Stand", Decimal("880.40"))
    assert client.post(reverse("campaigns:remove_campaign_cost", args=[cost.pk])).status_code == 302
    assert not CampaignCost.objects.filter(pk=cost.pk).exists()
    deed = reverse("campaigns:close_campaign", args=[told.pk])
    assert client.post(deed).status_code == 302
    assert client.post(deed).status_code == 403
    assert told not in Campaign.objects.offered()
    assert client.post(reverse("campaigns:reopen_campaign", args=[told.pk])).status_code == 302
    assert told in Campaign.objects.offered()


def test_amounts_that_the_matrix_closes_are_nowhere(cast, sign_in, told):
    """One amount closed closes what is made of both; the other one stays on its line, and is still written."""
    cost = CampaignCost.objects.get(channel="web")
    edit, listed = reverse("campaigns:change_campaign_cost", args=[cost.pk]), reverse("campaigns:campaigns")

    def close(field):
        for each in ("planned", "spent"):
            change_policy(
                role=Role.TEAM_MANAGER, model="campaigns.campaigncost", field=each, reason="Rule", by=None,
                level=Level.FORBIDDEN if each == field else None,
            )  # fmt: skip
        return sign_in(cast.manager)

    for field, hidden, shown in [("planned", "€600", "€500"), ("spent", "€500", "€600")]:
        client = close(field)
        page = client.get(told.get_absolute_url()).text
        assert (hidden in page, shown in page, "€1,900" in page) == (False, True, False), field
        assert (hidden in (rows := client.get(listed).text), "€750.25" in rows) == (False, False)
        head = client.get(listed, {"format": "csv"}).text.splitlines()[0]
        assert ("Planned" in head, "Spent" in head, "Requests" in head) == (False, False, True)
        assert "of €0 planned" not in client.get(reverse("reporting:marketing")).text
    said = {"channel": "web", "label": "Site", "planned": "610"}
    assert client.post(edit, said).status_code == 302
    cost.refresh_from_db()
    assert (cost.label, cost.planned, cost.spent) == ("Site", 610, 500), "what one does not read stays"
    assert client.post(reverse("campaigns:add_campaign_cost", args=[told.pk]), said).status_code == 302
    assert close("planned").post(edit, said).status_code == 403


def test_requests_that_name_a_campaign_are_adopted(cast, sign_in, told):
    """What was written before stays, and points to the campaign from then on; one sees one's own requests only."""
    named = lead(cast.atelier, is_spontaneous=False, prompted_by=told.name.upper(), origin="seminar")
    lead(cast.southern, is_spontaneous=False, prompted_by=told.name)
    lead(cast.atelier, is_spontaneous=False, prompted_by="Autre")
    old = lead(cast.atelier, is_spontaneous=False, prompted_by=told.name)
    LeadTouch.objects.filter(lead=old).update(touched_at=timezone.now() - datetime.timedelta(days=400))
    panel = reverse("crm:campaign_requests", args=[told.pk])
    assert panel in sign_in(cast.manager).get(told.get_absolute_url()).text
    adopt = reverse("crm:adopt_requests", args=[told.pk])
    assert sign_in(cast.nour).post(adopt).status_code == 403
    client = sign_in(cast.manager)
    page = client.get(panel)
    assert (page.context["count"], named.reference in page.text, adopt in page.text) == (1, True, True)
    assert client.post(adopt).status_code == 302
    (touch,) = LeadTouch.objects.filter(campaign=told)
    assert (touch.lead, touch.lead.prompted_by) == (named, told.name.upper())
    assert crm.adopt_requests(campaign=told, by=fresh(cast.manager)) == 0
    assert Entry.objects.about(named).filter(verb="crm.lead_touch_attributed").exists()
    assert client.get(told.get_absolute_url()).context["main"].requests.exact == 1
    assert crm.attribute_touch(touch=touch, campaign=None, by=fresh(cast.manager)).campaign is None
    # What comes by a file, or is told to an adviser, adopts it at once: by its whole name or its code, in its days.
    told_now = {"company": cast.atelier, "origin": "phone", "legal_basis": "public_task", "is_spontaneous": False}
    days = [timezone.now(), timezone.now() - datetime.timedelta(days=400), timezone.now()]
    names = [told.code.lower(), told.name, f"{told.name} 2"]
    rows = [told_now | {"prompted_by": name, "received_at": at} for name, at in zip(names, days, strict=True)]
    brought = crm.bring_leads(rows=rows, by=fresh(cast.manager))
    assert [one.touches.get().campaign for one in brought] == [told, None, None]
    typed = lead(cast.atelier, is_spontaneous=False, prompted_by=told.name, by=fresh(cast.nour))
    assert typed.touches.get().campaign == told
