"""From the rule of a programme to its repeat rate: a segment is enrolled, an order gets its discount."""

import datetime
from decimal import Decimal
from io import BytesIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from openpyxl import load_workbook

from pavillon.accounts.models import Membership, User
from pavillon.activity.models import Entry, Notification
from pavillon.crm.tests.factories import fresh, other_company
from pavillon.directory.actions import create_company
from pavillon.directory.criteria import read_rule, write_rule
from pavillon.directory.models import Company, Contact
from pavillon.loyalty import actions
from pavillon.loyalty.actions import nightly
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.loyalty.queries.repeats import Group
from pavillon.loyalty.tests.factories import programme, segment
from pavillon.privacy.actions import object_for
from pavillon.security.models import PolicyCell
from pavillon.segments.models import Segment
from pavillon.services import actions as services
from pavillon.services.models import ServiceOrder
from pavillon.services.queries.figures import totals_of
from pavillon.services.tests import factories


@pytest.fixture
def cast(db):
    return factories.stage()


@pytest.fixture
def sign_in(client):
    """The client as one person: `sign_in(cast.nour).get(…)`."""

    def enter(user):
        client.force_login(fresh(user))
        return client

    return enter


def orders(cast, company, *days_ago, is_delivered=False):
    """Services of the chamber that a company ordered so many days ago; delivered the same day, or not."""
    now = timezone.now()
    for days in days_ago:
        order = factories.ordered(cast, company=company)
        at = now - datetime.timedelta(days=days)
        if is_delivered:
            services.deliver_order(order=order, delivered_on=timezone.localdate(), by=fresh(cast.nour))
        ServiceOrder.objects.filter(pk=order.pk).update(proposed_at=at, ordered_at=at)
    return order


def companies(cast, count):
    """Companies of the region with somebody to ask."""
    made = [create_company(name=f"Voilerie {n}", by=None, region=cast.bretagne) for n in range(count)]
    for one in made:
        Contact.objects.create(company=one, last_name="Riou", email=f"riou{one.pk}@voiles.example")
    return made


def sheet(cast, **more):
    today = timezone.localdate()
    said = {
        "name": "Fidélité", "organisation": cast.chamber.pk, "min_services": "1", "within_months": "12",
        "about": "Dix pour cent", "discount": "10", "services": [cast.training.pk], "is_priority": "on",
        "starts_on": (today - datetime.timedelta(days=20)).isoformat(),
        "ends_on": (today + datetime.timedelta(days=300)).isoformat(),
    }  # fmt: skip
    return {**said, **more}


@pytest.mark.covers("JOUR-06")
def test_a_segment_is_enrolled_and_its_repeat_rate_compared_with_the_others(cast, sign_in, client):
    """The preview says whom the rule leaves out and why; the report compares enrolled, others, alike and before."""
    met, unmet, gone, shy, hidden, other = companies(cast, 6)
    for one in (met, gone, shy, hidden):
        orders(cast, one, 60, is_delivered=True)
    Company.objects.filter(pk=hidden.pk).update(is_sensitive=True)
    call_command("load_purposes", verbosity=0)
    object_for(person=shy.contacts.get(), purposes=["prospecting"], by=None, proof={})
    rule = segment(fresh(cast.manager))
    client = sign_in(cast.manager)
    create = reverse("loyalty:create_programme")
    assert client.post(create, sheet(cast, segment=rule.pk)).status_code == 302
    made = Programme.objects.get()
    Enrolment.objects.create(programme=made, company=gone, left_at=timezone.now())
    page = client.get(reverse("loyalty:enrol_segment", args=[made.pk]))
    told = page.context["preview"]
    seen = (told.members, told.enrolled, told.left, told.objecting, told.chosen)
    assert seen == (told.unmet + 3 + told.sensitive, 0, 1, 1, 1), told
    assert "Enrol 1 company" in page.text
    enrol = reverse("loyalty:enrol_segment", args=[made.pk])
    assert client.post(enrol).status_code == 302
    assert client.post(enrol).status_code == 302, "again: nobody twice"
    assert [row.company for row in Enrolment.objects.present()] == [met]
    assert Enrolment.objects.present().values_list("rule_services", "rule_months").get() == (1, 12)
    assert Entry.objects.about(made).filter(verb="loyalty.segment_enrolled").count() == 2
    # The panel of the company, the list with its file, the company's card in its own space.
    assert made.name in client.get(reverse("loyalty:company_programmes", args=[met.pk])).text
    listed = reverse("loyalty:enrolments", args=[made.pk])
    assert {row.company for row in client.get(listed, {"state": "present"}).context["listing"].rows} == {met}
    assert "Voilerie 0" in client.get(listed, {"format": "csv"}).text
    # They come back or not: in the period of the programme, and in the equal time before.
    orders(cast, met, 2, 3)
    orders(cast, other, 2)
    orders(cast, unmet, 1, 4, 5)
    orders(cast, met, 25)
    cancelled = orders(cast, other, 1)
    services.cancel_order(order=cancelled, reason="x", by=fresh(cast.nour))
    page = client.get(made.get_absolute_url())
    groups = page.context["repeats"]
    assert [(one.once, one.again) for one in groups.groups] == [(1, 1), (2, 1), (0, 0), (1, 0)]
    assert [str(one.rate) for one in groups.groups] == ["100.0", "50.0", "None", "0.0"]
    assert "Fewer than 30 companies" in page.text
    assert "100 %" in page.text
    book = load_workbook(BytesIO(client.get(made.get_absolute_url(), {"format": "xlsx"}).content))
    assert [row[5:8] for row in list(book.active.values)[1:3]] == [(1, 1, 100), (2, 1, 50)]
    wrong = client.get(made.get_absolute_url(), {"since": "2026-02-01", "until": "2026-01-01"})
    assert "The end lies before the beginning." in wrong.text
    alike = {"since": (timezone.localdate() + datetime.timedelta(days=1)).isoformat(), "until": "2149-12-31"}
    assert client.get(made.get_absolute_url(), alike).context["repeats"].alike.companies == 1, "who left is no other"


def test_the_night_enrols_and_companies_are_told(cast, sign_in, monkeypatch):
    """With the rights of who ticked it, as long as he has them; letters go to accounts that do not object."""
    client = sign_in(cast.manager)
    rule = segment(fresh(cast.manager))
    create = reverse("loyalty:create_programme")
    said = sheet(cast, segment=rule.pk, enrols_nightly="on", services=[])
    assert client.post(create, said).status_code == 302
    made = Programme.objects.get()
    assert (made.watched_by, actions.enrol_nightly()) == (cast.manager, 0)
    assert "Looks at its segment every night" in client.get(made.get_absolute_url()).text
    orders(cast, cast.atelier, 5, is_delivered=True)
    assert (actions.enrol_nightly(), actions.enrol_nightly()) == (1, 0)
    row = Enrolment.objects.get()
    assert (row.company, row.enrolled_by) == (cast.atelier, cast.manager)
    assert Notification.objects.get(kind="loyalty.enrolled_by_night").recipient == cast.manager
    traced = Entry.objects.about(made).filter(verb__startswith="loyalty.segment_enrolled").get()
    assert (traced.verb, traced.actor) == ("loyalty.segment_enrolled_by_night", None), "he slept; nobody: no line"
    # Nobody is told of a programme that is over; once it goes on, they are.
    actions.close_programme(programme=made, by=fresh(cast.manager))
    assert (actions.tell_enrolled(programme=made), Enrolment.objects.get().told_at) == (0, None)
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="loyalty.tell_enrolled")
    before = jobs.count()
    actions.reopen_programme(programme=made, by=fresh(cast.manager))
    assert jobs.count() == before + 1
    assert (actions.tell_enrolled(programme=made), actions.tell_enrolled(programme=made)) == (1, 0)
    letter = Notification.objects.get(kind="loyalty.enrolled")
    assert (letter.recipient, letter.email_state) == (cast.claire, "queued")
    assert made.name in letter.title
    # Whoever delivers finds its orders first, with the reason; whichever way the days are sorted.
    later, sooner = factories.ordered(cast), factories.ordered(cast, company=cast.southern)
    ServiceOrder.objects.filter(pk=later.pk).update(due_on=timezone.localdate() + datetime.timedelta(days=90))
    listed = reverse("services:orders")
    for sort in ("due", "-due"):
        page = client.get(listed, {"sort": sort, "state": "open"})
        assert page.context["listing"].rows[0].pk == later.pk
        assert page.context["listing"].rows[0].first_by == made.name
    assert "Served first" in page.text
    assert sooner.pk in [row.pk for row in page.context["listing"].rows]
    # A programme that fails keeps none of the others from its night.
    orders(cast, *companies(cast, 1), 5, is_delivered=True)
    other = programme(cast.chamber, cast.manager, name="Autre", segment=rule, enrols_nightly=True)
    true_enrol = nightly.enrol_segment

    def fail_once(*, programme, **more):
        if programme == made:
            raise RuntimeError("one bad row")
        return true_enrol(programme=programme, **more)

    with monkeypatch.context() as broken:
        broken.setattr(nightly, "enrol_segment", fail_once)
        assert actions.enrol_nightly() == other.enrolments.count() > 0
    # It stops where the matrix closed to him what the segment asks, and where he has but another role than then.
    big = {"all": [{"field": "turnover", "op": "above", "value": 1}]}
    Segment.objects.filter(pk=rule.pk).update(rule=write_rule(read_rule(big, Company, fresh(cast.manager))))
    closed = {"role": "team_manager", "model": "directory.company", "field": "turnover", "level": 0}
    with transaction.atomic():
        PolicyCell.objects.create(organisation=cast.chamber, **closed)
        assert actions.enrol_nightly() == 0
        assert not Programme.objects.filter(enrols_nightly=True).exists()
        transaction.set_rollback(True)
    assert Programme.objects.filter(enrols_nightly=True).count() == 2
    role = Membership.objects.get(user=cast.manager)
    Membership.objects.filter(pk=role.pk).update(role="adviser")
    Membership.objects.create(user=cast.manager, organisation=cast.chamber, role="team_manager")
    assert actions.enrol_nightly() == 0
    made.refresh_from_db()
    assert (made.enrols_nightly, made.watched_by, made.watched_as) == (False, None, None)
    assert Entry.objects.about(made).filter(verb="loyalty.watch_ended").exists()


def test_how_sure_a_rate_is():
    """Wilson's interval as published: 8 of 10 is 49.0 to 94.3; apart means that intervals do not meet."""
    today = timezone.localdate()
    assert [str(bound) for bound in Group("x", 10, 10, 8, today, today).bounds] == ["49.0", "94.3"]
    none = Group("x", 3, 0, 0, today, today)
    assert (none.rate, none.bounds, none.is_small) == (None, None, True)


@pytest.mark.covers("JOUR-06")
def test_the_benefit_is_given_on_purpose_and_told(cast, sign_in, client):
    """The adviser gives the discount upon the order; the company sees it, and leaves the programme by itself."""
    made = programme(cast.chamber, cast.manager, min_services=0, services=[cast.training])
    assert sign_in(cast.nour).post(reverse("loyalty:enrol_segment", args=[made.pk])).status_code == 403
    sign_in(cast.manager).post(reverse("loyalty:enrol_segment", args=[made.pk]))
    order, foreign = factories.ordered(cast, quantity=3), factories.ordered(cast, cast.vie)
    client = sign_in(cast.nour)
    panel = reverse("loyalty:order_programmes", args=[order.pk])
    assert panel in client.get(order.get_absolute_url()).text
    page = client.get(panel)
    assert ("Give 10 % off" in page.text, "Served first" in page.text) == (True, True)
    assert "No programme gives anything" in client.get(reverse("loyalty:order_programmes", args=[foreign.pk])).text
    assert ServiceOrder.objects.get(pk=order.pk).total == Decimal("1051.50"), "no price changes by itself"
    give = reverse("loyalty:apply_benefit", args=[order.pk])
    for asked in ("", "999999", "x"):
        assert client.post(give, {"programme": asked}).status_code == 422
    refused = client.post(reverse("loyalty:apply_benefit", args=[foreign.pk]), {"programme": made.pk})
    assert (refused.status_code, "gives no discount upon this order" in refused.text) == (422, True)
    assert client.post(give, {"programme": made.pk}).status_code == 302
    order.refresh_from_db()
    assert (order.discount_percent, order.discount_reason, order.price) == (10, made.name, Decimal("350.50"))
    assert (order.total, order.total_with_vat) == (Decimal("946.35"), Decimal("946.35"))
    assert "10 % off €1,051.50" in client.get(order.get_absolute_url()).text
    mine = ServiceOrder.objects.filter(pk=order.pk)
    assert totals_of(mine)[0].amount == order.total
    # What the company ordered does not become dearer: not by taking back, not by a smaller discount.
    back = reverse("loyalty:take_benefit_back", args=[order.pk])
    assert (back in client.get(panel).text, client.post(back).status_code) == (False, 403)
    less = programme(
        cast.chamber, cast.manager, name="Moins", segment=made.segment, min_services=0, discount=Decimal(5)
    )
    actions.enrol_segment(programme=less, by=fresh(cast.manager))
    assert "Give 5 % off" not in client.get(panel).text
    refused = client.post(give, {"programme": less.pk})
    assert (refused.status_code, "ordered with 10 % off" in refused.text) == (422, True)
    with pytest.raises(services.PriceAgreed):
        actions.take_benefit_back(order=order, by=fresh(cast.nour))
    open_one = services.order_service(company=cast.atelier, service=cast.training, by=fresh(cast.nour))
    actions.apply_benefit(order=open_one, programme=made, by=fresh(cast.nour))
    told = Notification.objects.filter(kind="loyalty.benefit_given", recipient=cast.claire)
    assert "10 %" in told.latest("pk").title
    letters = told.count()
    actions.apply_benefit(order=open_one, programme=made, by=fresh(cast.nour))
    assert told.count() == letters, "pressed twice, told once"
    # Told in numbers of her language; not told any more once she objects as an account, whatever her card says.
    User.objects.filter(pk=cast.claire.pk).update(language="fr")
    Programme.objects.filter(pk=less.pk).update(discount="7.5")
    actions.apply_benefit(order=open_one, programme=less, by=fresh(cast.nour))
    assert "7,5" in told.latest("pk").title
    User.objects.filter(pk=cast.claire.pk).update(language="en")
    call_command("load_purposes", verbosity=0)
    object_for(person=cast.claire.email, purposes=["prospecting"], by=None, proof={})
    actions.apply_benefit(order=open_one, programme=made, by=fresh(cast.nour))
    assert told.count() == letters + 1
    own = reverse("loyalty:take_benefit_back", args=[open_one.pk])
    assert own in client.get(reverse("loyalty:order_programmes", args=[open_one.pk])).text
    assert client.post(own).status_code == 302
    assert ServiceOrder.objects.get(pk=open_one.pk).discount_percent == 0
    services.deliver_order(order=order, delivered_on=timezone.localdate(), by=fresh(cast.nour))
    assert client.post(back).status_code == 403
    with pytest.raises(DatabaseError, match="keeps its discount"), transaction.atomic():
        mine.update(discount_percent=0)
    with pytest.raises(services.OrderMoved):
        actions.take_benefit_back(order=order, by=fresh(cast.nour))
    client = sign_in(cast.claire)
    assert "10 % off" in client.get(reverse("services_company:my_services")).text
    own = client.get(reverse("loyalty_company:my_programmes"))
    assert made.about in own.text
    mine = Enrolment.objects.get(company=cast.atelier, programme=made)
    leave = reverse("loyalty_company:leave_programme", args=[mine.pk])
    _armor, stranger = other_company()
    assert sign_in(stranger).post(leave).status_code == 404
    assert sign_in(cast.claire).post(leave).status_code == 302
    mine.refresh_from_db()
    assert (mine.left_at is not None, mine.left_by) == (True, cast.claire)
    assert sign_in(cast.manager).post(reverse("loyalty:enrol_segment", args=[made.pk])).status_code == 302
    assert not Enrolment.objects.present().filter(company=cast.atelier, programme=made).exists(), (
        "who left is not taken in again"
    )


def test_who_decides_and_what_is_refused(cast, sign_in, client):
    """Own services only, names are unique; closing stops the benefit; a company is taken out with a reason."""
    create, rule = reverse("loyalty:create_programme"), segment(fresh(cast.manager))
    assert sign_in(cast.nour).get(create).status_code == 403
    client = sign_in(cast.manager)
    for wrong, field in [
        ({"services": [cast.vie.pk]}, "services"), ({"discount": "101"}, "discount"),
        ({"ends_on": "2020-01-01"}, "ends_on"), ({"within_months": "0"}, "within_months"),
        ({"organisation": cast.agency.pk}, "organisation"), ({"starts_on": "0001-01-01"}, "starts_on"),
    ]:  # fmt: skip
        page = client.post(create, sheet(cast, segment=rule.pk, **wrong))
        assert (page.status_code, field in page.context["form"].errors) == (422, True), field
    page = sign_in(cast.henri).post(create, sheet(cast, segment=rule.pk, services=[cast.vie.pk]))
    assert "another organisation provides it" in page.text
    client = sign_in(cast.manager)
    assert client.post(create, sheet(cast, segment=rule.pk)).status_code == 302
    assert "choose another name" in client.post(create, sheet(cast, segment=rule.pk)).text
    made = Programme.objects.get()
    change = reverse("loyalty:change_programme", args=[made.pk])
    assert client.post(change, sheet(cast, segment=rule.pk, discount="12.5", min_services="0")).status_code == 302
    made.refresh_from_db()
    assert (made.discount, made.min_services) == (Decimal("12.5"), 0)
    assert sign_in(cast.official).post(change, sheet(cast, segment=rule.pk)).status_code == 403
    assert sign_in(cast.partner).get(made.get_absolute_url()).status_code == 404
    assert sign_in(cast.claire).get(made.get_absolute_url()).status_code == 404
    assert actions.enrol_segment(programme=made, by=fresh(cast.manager)) == 1
    row = Enrolment.objects.get()
    end = reverse("loyalty:end_enrolment", args=[row.pk])
    client = sign_in(cast.manager)
    assert client.post(end, {"reason": ""}).status_code == 422
    assert client.post(end, {"reason": "Double"}).status_code == 302
    assert client.post(end, {"reason": "Double"}).status_code == 403
    made.refresh_from_db()
    Programme.objects.filter(pk=made.pk).update(min_services=7)
    told = sign_in(cast.claire).get(reverse("loyalty_company:my_programmes")).text
    assert ("Double" in told, "every company of the segment" in told, "7 services" in told) == (True, True, False)
    row.refresh_from_db()
    line = Entry.objects.about(row).get(verb="loyalty.enrolment_ended")
    assert (line.facts, line.changes["reason"][0]) == ({}, ""), "why stands nowhere in clear"
    assert "Double" not in line.changes["reason"][1]
    actions.forget_enrolment(row)
    assert row.reason == ""
    client = sign_in(cast.manager)
    assert client.post(reverse("loyalty:close_programme", args=[made.pk])).status_code == 302
    assert client.post(reverse("loyalty:enrol_segment", args=[made.pk])).status_code == 403
    assert not Programme.objects.in_force().exists()
    assert client.post(reverse("loyalty:reopen_programme", args=[made.pk])).status_code == 302
    kept = client.post(reverse("segments:delete_segment", args=[rule.pk]), follow=True)
    assert "is used by: Fidélité" in kept.text
    listed = reverse("loyalty:programmes")
    with CaptureQueriesContext(connection) as few:
        assert len(client.get(listed).context["listing"].rows) == 1
    for number in range(9):
        programme(cast.chamber, cast.manager, name=f"P{number}", segment=rule)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(listed, {"state": "in_force", "sort": "-companies"}).context["listing"].rows) == 10
    assert len(many) <= len(few)
    assert made.looks_back_to(datetime.date(2028, 2, 29)) == datetime.date(2027, 2, 28)
