"""A service is chosen in the catalogue, ordered from a company or a request, delivered; each sees what is his."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Membership
from pavillon.accounts.tests import factories as people
from pavillon.activity.models import Entry, Notification
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.models import Company
from pavillon.metrics.queries import total
from pavillon.services import actions, demo
from pavillon.services.enums import OrderState
from pavillon.services.models import ExportFlow, Service, ServiceOrder, Survey
from pavillon.services.tests.factories import ordered, run_letters, service

SHEET = {
    "name_fr": "Mission de prospection", "name_en": "Prospecting mission", "kind": "mission", "price": "1890.50",
    "unit": "whole", "currency": "EUR", "vat": "standard", "delivery_days": "60", "about_fr": "", "about_en": "",
}  # fmt: skip


def test_the_catalogue_is_written_by_its_providers_and_the_agency(cast, sign_in):
    """A manager adds a service of his organisation only; what is retired is no longer ordered; the price is exact."""
    create = reverse("services:create_service")
    assert sign_in(cast.nour).get(create).status_code == 403
    client = sign_in(cast.manager)
    refused = client.post(create, {**SHEET, "provider": cast.agency.pk})
    assert refused.status_code == 422, "another organisation's"
    assert client.post(create, {**SHEET, "provider": cast.chamber.pk}).status_code == 302
    made = Service.objects.get(kind="mission")
    assert (made.price, made.price_with_vat) == (Decimal("1890.50"), Decimal("2268.60"))
    twice = client.post(create, {**SHEET, "provider": cast.chamber.pk})
    assert (twice.status_code, "already" in twice.text) == (422, True)
    assert client.post(reverse("services:change_service", args=[cast.vie.pk]), SHEET).status_code == 403
    changed = {**SHEET, "provider": cast.chamber.pk, "price": "1900"}
    assert sign_in(cast.henri).post(reverse("services:change_service", args=[made.pk]), changed).status_code == 302
    made.refresh_from_db()
    assert made.price == Decimal("1900")
    listed = reverse("services:catalogue")
    assert {row.pk for row in client.get(listed, {"kind": "vie"}).context["listing"].rows} == {cast.vie.pk}
    assert client.post(reverse("services:retire_service", args=[made.pk])).status_code == 302
    assert client.post(reverse("services:retire_service", args=[made.pk])).status_code == 403
    form = sign_in(cast.nour).get(reverse("services:order_service", args=[cast.atelier.pk])).context["form"]
    assert set(form.fields["service"].queryset) == {cast.vie, cast.training}
    with pytest.raises(actions.ServiceRetired):
        ordered(cast, made)
    assert sign_in(cast.henri).post(reverse("services:restore_service", args=[made.pk])).status_code == 302
    verbs = Entry.objects.about(made).order_by("pk").values_list("verb", flat=True)
    assert [verb.partition("_")[2] for verb in verbs] == ["created", "changed", "retired", "restored"]


@pytest.mark.covers("JOUR-09")
def test_a_vie_is_ordered_for_a_company_and_stands_in_its_journey(cast, sign_in, client):
    """From the request of the company: provider, price of the moment, step, delivery; its space shows it."""
    asked = lead(cast.atelier, requested_by=cast.claire)
    client = sign_in(cast.nour)
    panel = client.get(reverse("services:lead_services", args=[asked.pk]))
    url = reverse("services:order_service", args=[cast.atelier.pk])
    assert f"{url}?lead={asked.pk}" in panel.text
    assert client.get(f"{url}?lead={asked.pk}").context["lead"] == asked
    wrong = client.post(url, {"service": cast.vie.pk, "quantity": 12, "agreed": "no", "deliverer": "nobody@x.example"})
    assert (wrong.status_code, "nobody@x.example" in wrong.text) == (422, True)
    said = {"service": cast.vie.pk, "quantity": 12, "agreed": "no", "deliverer": cast.henri.email}
    assert client.post(f"{url}?lead={asked.pk}", said).status_code == 302
    order = ServiceOrder.objects.get()
    today = timezone.localdate()
    assert (order.provider, order.state, order.lead, order.region) == (cast.agency, "proposed", asked, cast.bretagne)
    assert (order.total, order.total_with_vat, order.currency) == (Decimal("28800.00"), Decimal("34560.00"), "EUR")
    assert order.due_on == today + datetime.timedelta(days=90)
    assert Notification.objects.filter(recipient=cast.henri, kind="services.delivery").exists()
    # The price of the catalogue moves on, that of the order stays.
    Service.objects.filter(pk=cast.vie.pk).update(price=Decimal("9999"))
    order.refresh_from_db()
    assert order.price == Decimal("2400.00")
    for change in ({"price": Decimal(1)}, {"service": cast.training}, {"quantity": 1}):
        with pytest.raises(DatabaseError, match="keeps its service"), transaction.atomic():
            ServiceOrder.objects.filter(pk=order.pk).update(**change)
    page = order.get_absolute_url()
    for deed in ("confirm_order", "start_delivery"):
        assert client.post(reverse(f"services:{deed}", args=[order.pk])).status_code == 302
        late = client.post(reverse(f"services:{deed}", args=[order.pk]))
        assert (late.status_code, "somebody changed it meanwhile" in late.text) == (422, True), "once"
    # The journey of the company, its timeline and its own space.
    journey = client.get(reverse("crm:view_journey", args=[cast.atelier.pk])).context["journey"]
    states = {line.stage.value: (line.count, line.state) for line in journey}
    assert states["interest"] == (1, "done")
    assert states["solution"] == (1, "current")
    assert states["delivery"] == (0, "")
    lines = client.get(reverse("crm:timeline_lines", args=[cast.atelier.pk]), {"kind": "services"})
    assert order.reference in lines.text
    assert page in client.get(reverse("services:company_services", args=[cast.atelier.pk])).text
    late = sign_in(cast.henri).post(
        reverse("services:deliver_order", args=[order.pk]), {"delivered_on": today + datetime.timedelta(days=1)}
    )
    assert late.status_code == 422
    done = {"delivered_on": today.isoformat()}
    assert client.post(reverse("services:deliver_order", args=[order.pk]), done).status_code == 302
    late = client.post(reverse("services:deliver_order", args=[order.pk]), done)
    assert (late.status_code, "somebody changed it meanwhile" in late.text) == (422, True), "once"
    journey = client.get(reverse("crm:view_journey", args=[cast.atelier.pk])).context["journey"]
    assert next(line for line in journey if line.stage == "delivery").state == "current"
    assert total(["services.order_delivered"], company_ids=[cast.atelier.pk]) == 1
    year = sign_in(cast.nour).get(reverse("directory:company_year", args=[cast.atelier.pk])).text
    assert "Services delivered" in year
    assert "Service delivered: VIE in your subsidiary" in year
    own = sign_in(cast.claire).get(reverse("services_company:my_services"))
    assert order.reference in own.text
    assert "34,560" in own.text, own.text
    assert client.get(page).status_code == 403
    for state in ("cancelled", "started"):
        with pytest.raises(DatabaseError, match="stays so"), transaction.atomic():
            ServiceOrder.objects.filter(pk=order.pk).update(state=state, cancelled_at=timezone.now())
    assert client.get(reverse("solutions_company:company_home")).text.count("stepper") >= 1


def test_who_sees_and_moves_an_order(cast, sign_in, django_assert_max_num_queries):
    """The region, the provider and the national agency; totals follow filters and rights; the list stays short."""
    mine = ordered(cast, quantity=2)
    south = ordered(cast, service(cast.bank, kind="finance", currency="USD"), company=cast.southern, by=cast.theo)
    refused = ordered(cast, cast.vie)
    reason = {"reason": "Budget reporté"}
    listed = reverse("services:orders")
    expected = {
        cast.nour: {mine, refused}, cast.manager: {mine, refused}, cast.official: {mine, refused}, cast.theo: {south},
        cast.kim: {south}, cast.henri: {mine, refused, south}, cast.partner: set(),
    }  # fmt: skip
    for person, rows in expected.items():
        client = sign_in(person)
        assert set(client.get(listed).context["listing"].rows) == rows, person
        for row in (mine, south):
            assert client.get(row.get_absolute_url()).status_code == (200 if row in rows else 404), person
    assert sign_in(cast.claire).get(listed).status_code == 403
    assert sign_in(cast.official).post(reverse("services:cancel_order", args=[refused.pk]), reason).status_code == 403
    assert sign_in(cast.nina).post(reverse("services:cancel_order", args=[refused.pk]), reason).status_code == 403
    client = sign_in(cast.manager)
    assert client.post(reverse("services:cancel_order", args=[refused.pk]), {"reason": ""}).status_code == 422
    assert client.post(reverse("services:cancel_order", args=[refused.pk]), reason).status_code == 302
    plan = {"deliverer": cast.nina.email, "due_on": "2027-01-31"}
    assert client.post(reverse("services:change_order", args=[mine.pk]), plan).status_code == 302
    mine.refresh_from_db()
    assert (mine.deliverer, mine.due_on) == (cast.nina, datetime.date(2027, 1, 31))
    with django_assert_max_num_queries(10):
        totals = client.get(listed).context["totals"]
    assert [(one.currency, one.orders, one.amount) for one in totals] == [("EUR", 1, Decimal("701.00"))]
    client = sign_in(cast.henri)
    assert {(one.currency, one.amount) for one in client.get(listed).context["totals"]} == {
        ("EUR", Decimal("701.00")), ("USD", Decimal("2400.00")),
    }  # fmt: skip
    narrowed = client.get(listed, {"region": "76"})
    assert [one.currency for one in narrowed.context["totals"]] == ["USD"]
    assert [row.pk for row in client.get(listed, {"state": "cancelled"}).context["listing"].rows] == [refused.pk]
    assert set(client.get(listed, {"q": "verreries"}).context["listing"].rows) == {south}
    sheet = client.get(listed, {"format": "csv", "kind": "finance"})
    assert "Verreries du Midi" in sheet.text
    assert "2400,00" in sheet.text
    assert "Budget" in sign_in(cast.claire).get(reverse("services_company:my_services")).text
    actions.forget_order(refused)
    refused.refresh_from_db()
    assert refused.reason == ""
    assert fresh(cast.nour).has_perm("services.order_service", cast.atelier)


def test_a_form_sent_twice_is_one_order(cast, sign_in):
    """The double press, or the page that is sent again; another page of the form is another order."""
    client, page = sign_in(cast.nour), reverse("services:order_service", args=[cast.atelier.pk])
    said = {"service": cast.training.pk, "quantity": "1", "agreed": "yes", "deliverer": "", "due_on": ""}
    tokens = [str(client.get(page).context["form"]["token"].value()) for _page in range(2)]
    urls = [client.post(page, {**said, "token": token}).url for token in (tokens[0], tokens[0], tokens[1])]
    assert (urls[0] == urls[1], urls[1] == urls[2]) == (True, False)
    assert ServiceOrder.objects.count() == 2
    assert f'value="{tokens[0]}"' not in client.get(page).text
    assert 'name="token"' in client.get(page).text
    row = ServiceOrder.objects.first()
    with pytest.raises(DatabaseError, match="service_ordered_once"), transaction.atomic():
        ServiceOrder.objects.exclude(pk=row.pk).update(token=row.token)


def test_the_provider_names_who_delivers(cast, sign_in):
    """One of its own people, who is told; the day and the rest stay with who ordered."""
    order = ordered(cast, service(cast.bank, kind="finance"))
    banker = people.person("Léa", cast.bank, Role.TEAM_MANAGER)
    client, name = sign_in(banker), reverse("services:name_deliverer", args=[order.pk])
    assert name in client.get(order.get_absolute_url()).text
    refused = client.post(name, {"deliverer": cast.nina.email})
    assert (refused.status_code, "does not work for" in refused.text) == (422, True)
    assert client.post(name, {"deliverer": ""}).status_code == 422
    assert client.post(name, {"deliverer": cast.kim.email}).status_code == 302
    due_on = order.due_on
    order.refresh_from_db()
    assert (order.deliverer, order.due_on) == (cast.kim, due_on)
    assert Notification.objects.filter(kind="services.delivery", recipient=cast.kim).exists()
    change = reverse("services:change_order", args=[order.pk])
    assert client.post(change, {"deliverer": "", "due_on": "2027-01-31"}).status_code == 403
    assert sign_in(cast.kim).post(name, {"deliverer": cast.kim.email}).status_code == 403
    actions.cancel_order(order=order, reason="Budget", by=fresh(cast.nour))
    late = sign_in(banker).post(name, {"deliverer": cast.kim.email})
    assert (late.status_code, "meanwhile" in late.text) == (422, True)


def test_a_company_finds_all_its_services_page_by_page(cast, sign_in, django_assert_max_num_queries):
    """Its space shows twenty at a time; its page shows a few, and the list all of them."""
    for _number in range(21):
        ordered(cast)
    client, mine = sign_in(cast.claire), reverse("services_company:my_services")
    client.get(mine)
    with django_assert_max_num_queries(10):
        page = client.get(mine)
    assert (len(page.context["listing"].rows), page.context["listing"].total) == (20, 21)
    assert len(client.get(mine, {"page": "2"}).context["listing"].rows) == 1
    client = sign_in(cast.nour)
    panel = client.get(reverse("services:company_services", args=[cast.atelier.pk]))
    assert len(panel.context["orders"]) == 8
    listed = client.get(panel.context["all_url"])
    assert listed.context["listing"].total == 21
    ordered(cast, company=cast.southern, by=cast.theo)
    assert client.get(panel.context["all_url"]).context["listing"].total == 21


def test_the_demonstration_is_labelled_and_planted_once(cast, mailoutbox):
    """Services at every step, surveys answered and waiting; no letter leaves for what is past."""
    places = {
        "cci_bretagne": cast.chamber,
        "cci_occitanie": cast.other,
        "partner": cast.partner_firm,
        "bank": cast.bank,
    }
    team = {"helene": cast.nour, "karim": cast.kim, "gael": cast.theo, "lars": cast.partner}
    people = {name: fresh(person) for name, person in team.items()}
    world = {"users": people, "organisations": {"agency": cast.agency, **places}}
    Service.objects.all().delete()
    Company.objects.filter(pk__in=[cast.atelier.pk, cast.southern.pk]).update(is_demo=True)
    Membership.objects.update(starts_on=datetime.date(2020, 1, 1))
    demo.seed(world)
    demo.seed(world)
    assert not Service.objects.filter(is_demo=False).exists()
    assert set(ServiceOrder.objects.values_list("state", flat=True)) == set(OrderState)
    assert Survey.objects.satisfaction().filter(score__isnull=False).exists()
    assert Survey.objects.unanswered().exists()
    assert ExportFlow.objects.exists()
    run_letters()
    assert not [letter for letter in mailoutbox if "/survey/" in letter.body]
