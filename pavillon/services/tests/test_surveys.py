"""What is delivered asks the company by itself; the answer is the company's alone, and its figures all may read."""

import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import Membership
from pavillon.accounts.queries import sight_of
from pavillon.activity.models import Entry, Notification
from pavillon.core import wall
from pavillon.crm.actions import make_suggestions
from pavillon.crm.models import Lead, Suggestion
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import add_contact
from pavillon.directory.models import Contact
from pavillon.metrics.queries import total
from pavillon.privacy.actions import object_for
from pavillon.privacy.management.commands.load_purposes import Command
from pavillon.security.models import PolicyCell
from pavillon.services import actions, demo, tasks
from pavillon.services.models import SIGNER, ExportFlow, ServiceOrder, Survey
from pavillon.services.queries.figures import Coverage
from pavillon.services.tests.factories import ordered, run_letters, service


def delivered(cast, what=None, **more):
    order = ordered(cast, what, **more)
    actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.ordered_by)
    run_letters()
    return order


def link_of(letter):
    """The secret address that a letter tells."""
    line = next(line for line in letter.body.splitlines() if "/survey/" in line)
    return "/survey/" + line.partition("/survey/")[2]


def days(number):
    return timezone.localdate() + datetime.timedelta(days=number)


@transaction.atomic
def deliver_behind(order, done):
    """A statement that forgets the actions, and its commit."""
    ServiceOrder.objects.filter(pk=order.pk).update(**done)
    connection.check_constraints()


@pytest.mark.covers("JOUR-02")
def test_a_delivery_asks_reminds_once_and_alerts(cast, sign_in, client, mailoutbox):
    """Marked delivered, a letter leaves with a link that needs no account; the answer stands on the service."""
    order = ordered(cast, deliverer=fresh(cast.nina))
    deliver = reverse("services:deliver_order", args=[order.pk])
    assert sign_in(cast.nina).post(deliver, {"delivered_on": timezone.localdate().isoformat()}).status_code == 302
    mailoutbox.clear()
    run_letters()
    run_letters()
    (letter,) = mailoutbox
    assert letter.to == [cast.claire.email]
    assert "opinion" in letter.subject
    survey = Survey.objects.get(order=order, kind="satisfaction")
    tasks.watch_surveys(timestamp=0)
    assert actions.watch_surveys(day=days(9)) == 0, "too early"
    assert actions.watch_surveys(day=days(10)) == 1
    run_letters()
    assert actions.watch_surveys(day=days(20)) == 0, "once"
    run_letters()
    assert [each.subject.startswith("Reminder") for each in mailoutbox] == [False, True]
    # Without an account, from the link.
    client.logout()
    link = link_of(letter)
    assert client.get(f"{link[:-2]}x/").status_code == 404
    page = client.get(link)
    assert (page.status_code, str(order.service) in page.text) == (200, True)
    wrong = client.post(link, {"score": "11"})
    assert wrong.status_code == 422
    Notification.objects.all().delete()
    answer = {"score": "3", "verbatim": "Le formateur ne connaissait pas l’Allemagne."}
    assert "Thank you" in client.post(link, answer).text
    survey.refresh_from_db()
    assert (survey.score, survey.verbatim) == (3, answer["verbatim"])
    again = client.post(link, {"score": "9"})
    assert "Thank you" in again.text
    survey.refresh_from_db()
    assert survey.score == 3, "once"
    told = Notification.objects.filter(kind="services.low_score")
    assert {one.recipient for one in told} == {cast.manager, cast.nour, cast.nina}
    coverage, sheet = reverse("services:view_coverage"), cast.training.get_absolute_url()
    pages = [order.get_absolute_url(), coverage, sheet]
    cell = PolicyCell.objects.create(role="adviser", model="services.survey", field="score", level=0)
    hidden = [sign_in(cast.nour).get(page).text for page in pages]
    assert not any(mark in text for text in hidden for mark in ("3 / 10", "Mean score")), "as the matrix says"
    cell.delete()
    seen = sign_in(cast.nour).get(order.get_absolute_url())
    assert "3 / 10" in seen.text
    assert "3 / 10" in client.get(coverage).text
    assert "formateur" in seen.text
    assert client.get(sheet).context["figures"].score == Decimal("3.0")
    line = next(
        one
        for one in client.get(reverse("crm:view_journey", args=[cast.atelier.pk])).context["journey"]
        if one.stage == "satisfaction"
    )
    assert (line.count, line.state) == (1, "current")
    good = delivered(cast, cast.vie)
    run_letters()
    client.logout()
    client.post(Survey.objects.get(order=good, kind="satisfaction").link, {"score": "9"})
    assert told.count() == 3, "a good score alerts nobody"


@pytest.mark.covers("JOUR-03")
def test_the_impact_is_attested_by_the_company_and_counted(cast, sign_in, client, mailoutbox):
    """Later, a second letter; the flows that the company tells stand on the service and in the figures of its kind."""
    settings = reverse("services:change_survey_settings")
    said = {"reminder_days": 7, "impact_days": 30, "open_days": 60, "low_score": 4}
    assert sign_in(cast.nour).post(settings, said).status_code == 403
    assert sign_in(cast.henri).post(settings, said).status_code == 302
    order = delivered(cast, cast.vie)
    survey = Survey.objects.get(order=order, kind="impact")
    assert survey.send_on == days(30)
    mailoutbox.clear()
    assert actions.watch_surveys() == 0
    assert actions.watch_surveys(day=days(30)) == 2, "and the reminder of the first one"
    run_letters()
    letter = next(one for one in mailoutbox if "bring you" in one.subject)
    client.logout()
    link = link_of(letter)
    assert link == reverse("services:answer_survey", args=[SIGNER.sign(str(survey.pk))])
    form = {"attested_by": "Claire Test, gérante", "verbatim": "Grâce au volontaire.", "result": "yes"}
    flows = {
        "flows-TOTAL_FORMS": "1", "flows-INITIAL_FORMS": "0", "flows-0-kind": "contract", "flows-0-country": "DE",
        "flows-0-amount": "", "flows-0-currency": "EUR",
    }  # fmt: skip
    empty = {**form, "flows-TOTAL_FORMS": "1", "flows-INITIAL_FORMS": "0", "flows-0-currency": "EUR"}
    assert client.post(link, empty).status_code == 422, "yes, but nothing is told"
    refused = client.post(link, {**form, **flows})
    assert (refused.status_code, "amount of the contract" in refused.text) == (422, True)
    more = client.post(link, {**form, **flows, "flows-0-amount": "125000.50", "more": "1"})
    assert len(more.context["lines"]) == 2
    assert "125000.50" in more.text
    assert not ExportFlow.objects.exists()
    second = {"flows-1-kind": "agent", "flows-1-country": "JP", "flows-1-amount": "", "flows-1-currency": "EUR"}
    both = {**form, **flows, "flows-0-amount": "125000.50", **second, "flows-TOTAL_FORMS": "2"}
    assert "Thank you" in client.post(link, both).text
    client.post(link, both)
    assert ExportFlow.objects.count() == 2
    assert total(["services.flow_attested"], company_ids=[cast.atelier.pk]) == 2
    client = sign_in(cast.nour)
    seen = client.get(order.get_absolute_url())
    assert "€125,000.50" in seen.text
    assert "Claire Test" in seen.text
    impact = reverse("services:view_impact")
    tables = {
        str(label): {line.label: (line.flows, line.amounts) for line in lines}
        for label, lines in client.get(impact).context["tables"]
    }
    assert tables["By kind of service"] == {"International volunteer (VIE)": (2, [("EUR", Decimal("125000.50"))])}
    assert tables["By country"] == {"Germany": (1, [("EUR", Decimal("125000.50"))]), "Japan": (1, [])}
    assert tables["By kind"]["Agent"] == (1, [])
    assert client.get(impact, {"country": "JP"}).context["tables"][0][1][0].label == "Japan"
    assert "125000,50" in client.get(impact, {"format": "csv"}).text
    assert sign_in(cast.theo).get(impact).context["listing"].rows == []
    # "Not yet" is an answer too.
    other = delivered(cast)
    later = Survey.objects.get(order=other, kind="impact")
    actions.send_survey(survey=later)
    client.logout()
    client.post(
        later.link, {"result": "no", "attested_by": "Claire", "flows-TOTAL_FORMS": "0", "flows-INITIAL_FORMS": "0"}
    )
    later.refresh_from_db()
    assert later.has_flows is False


@pytest.mark.covers("JOUR-04")
def test_who_delivers_neither_chooses_nor_edits(cast, sign_in, client, mailoutbox):
    """By the door: 403; in the database: refused to his sight, and kept by triggers even from the house."""
    asked = lead(cast.atelier, requested_by=cast.claire)
    # Nour writes her own address on the company's card: she is not asked about her own work.
    add_contact(
        company=cast.atelier, by=fresh(cast.nour), last_name="Nour", email=cast.nour.email, is_decision_maker=True
    )
    # A friendly clerk whom he writes on the request is not asked in the place of who manages the account either.
    clerk = add_contact(company=cast.atelier, by=fresh(cast.nour), last_name="Ami", email="ami@atelier.example")
    Lead.objects.filter(pk=asked.pk).update(contact=clerk, requested_by=None)
    order = delivered(cast, cast.vie, lead=asked)
    survey = Survey.objects.get(order=order, kind="satisfaction")
    assert (survey.user, survey.email) == (cast.claire, cast.claire.email)
    link = survey.link
    client = sign_in(cast.nour)
    assert client.get(link).status_code == 403
    assert client.post(link, {"score": "10"}).status_code == 403
    assert link not in client.get(order.get_absolute_url()).text
    client.logout()
    assert "Thank you" in client.post(link, {"score": "2", "verbatim": "Décevant"}).text
    assert sign_in(cast.nour).post(link, {"score": "10"}).status_code == 403, "edit an answer"
    with wall.standing_as(sight_of(fresh(cast.nour))), connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        if not cursor.fetchone()[0]:
            assert Survey.objects.filter(pk=survey.pk).update(score=10) == 0
            with pytest.raises(DatabaseError), transaction.atomic():
                Survey.objects.create(order=order, kind="satisfaction", send_on=timezone.localdate())
    for change in ({"score": 10}, {"verbatim": "Parfait"}, {"answered_at": timezone.now()}, {"email": "x@x.example"}):
        with pytest.raises(DatabaseError, match="stays as"), transaction.atomic():
            Survey.objects.filter(pk=survey.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        ExportFlow.objects.create(survey=survey, kind="contract", country_id="DE", amount=1)
    # A delivery that asks nobody is refused at the end of its transaction, whoever wrote it.
    other = ordered(cast)
    today = timezone.localdate()
    done = {"state": "delivered", "delivered_on": today, "delivered_at": timezone.now(), "deliverer": cast.nour}
    with pytest.raises(DatabaseError, match="nobody is asked"):
        deliver_behind(other, done)
    # Nobody with an e-mail: the delivery waits, and says what to do.
    bare = ordered(cast, company=cast.southern, by=cast.theo)
    deliver = reverse("services:deliver_order", args=[bare.pk])
    refused = sign_in(cast.theo).post(deliver, {"delivered_on": today.isoformat()})
    assert (refused.status_code, "add a person" in refused.text) == (422, True)
    boss = add_contact(company=cast.southern, by=None, last_name="Pons", email="pons@verreries.example")
    assert client.post(deliver, {"delivered_on": today.isoformat()}).status_code == 302
    run_letters()
    assert mailoutbox[-1].to == ["pons@verreries.example"]
    # Coverage by service, region and organisation, each under the reader's rights.
    page = sign_in(cast.henri).get(reverse("services:view_coverage"))
    whole = page.context["all"]
    assert (whole.delivered, whole.invited, whole.covered, whole.rate) == (2, 2, Decimal("100.0"), Decimal("50.0"))
    tables = {str(label): {line.label: line.rate for line in lines} for label, lines in page.context["tables"]}
    assert tables["By region"] == {"Brittany": Decimal("100.0"), "Occitanie": Decimal("0.0")}
    assert tables["By organisation of the adviser"] == {
        "CCI Bretagne": Decimal("100.0"),
        "CCI Occitanie": Decimal("0.0"),
    }
    assert tables["By service"] == {"VIE in your subsidiary": Decimal("100.0"), "Labelling workshop": Decimal("0.0")}
    assert sign_in(cast.theo).get(reverse("services:view_coverage")).context["all"].delivered == 1
    # Whoever objected is asked no more; the report says so instead of hiding it.
    Command().handle(verbosity=0)
    object_for(person=boss, by=None, proof={})
    last = delivered(cast, company=cast.southern, by=cast.theo)
    assert Survey.objects.get(order=last, kind="satisfaction").unasked == "objected"
    whole = sign_in(cast.henri).get(reverse("services:view_coverage")).context["all"]
    assert (whole.delivered, whole.objected, whole.covered) == (3, 1, Decimal("100.0"))
    assert Entry.objects.about(survey).filter(verb="services.survey_answered", actor=None).exists()


def test_whom_a_survey_leaves_out_counts_against_coverage_unless_all_objected(cast, sign_in, client, mailoutbox):
    """Who took the account by its public number waits; who left or objected is not reminded; nobody to ask shows."""
    Command().handle(verbosity=0)
    claimed = Membership.objects.filter(user=cast.claire)
    claimed.update(is_confirmed=False)
    add_contact(company=cast.atelier, by=None, last_name="Pons", email="pons@atelier.example")
    survey = Survey.objects.get(order=delivered(cast), kind="satisfaction")
    assert survey.email == "pons@atelier.example"
    # The letter itself leads to where she objects, without an account.
    objects = next(line for line in mailoutbox[-1].body.splitlines() if "/choices/" in line)
    objects = "/choices/" + objects.partition("/choices/")[2]
    page = client.get(objects, follow=True)
    assert "I object" in page.text
    client.post(page.request["PATH_INFO"], {"purpose": "service_survey", "answer": "no"})
    actions.send_survey(survey=survey, is_reminder=True)
    survey.refresh_from_db()
    assert (survey.reminded_at, mailoutbox[-1].subject.startswith("Reminder")) == (None, False)
    claimed.update(is_confirmed=True)
    order = ordered(cast, cast.vie)
    actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.ordered_by)
    claimed.update(is_confirmed=False)
    Contact.objects.filter(company=cast.atelier).update(email="", email_index="")
    run_letters()
    assert Survey.objects.get(order=order, kind="satisfaction").unasked == "nobody"
    whole = sign_in(cast.henri).get(reverse("services:view_coverage")).context["all"]
    assert (whole.delivered, whole.invited, whole.objected, whole.waiting) == (2, 1, 0, 1)
    assert whole.covered == Decimal("50.0")
    assert Coverage("", delivered=10_000, invited=9_999).covered == Decimal("99.9"), "100 only when nobody is missing"


def test_a_person_is_erased_from_an_answer_that_stays(cast, client):
    """Words and addresses go, the score stays: figures do not move."""
    order = delivered(cast, cast.vie)
    survey = Survey.objects.get(order=order, kind="satisfaction")
    client.post(survey.link, {"score": "8", "verbatim": "Claire au téléphone"})
    actions.forget_survey(survey)
    survey.refresh_from_db()
    assert (survey.email, survey.verbatim, survey.user, survey.score) == ("", "", None, 8)
    assert "over" in client.get(survey.link).templates[0].name


def test_a_link_is_over_after_its_time(cast, client):
    order = delivered(cast, service(cast.chamber, name_fr="Autre"))
    survey = Survey.objects.get(order=order, kind="satisfaction")
    Survey.objects.filter(pk=survey.pk).update(closes_on=timezone.localdate() - datetime.timedelta(days=1))
    assert "never too late" in client.post(survey.link, {"score": "8"}).text
    survey.refresh_from_db()
    assert survey.answered_at is None
    with pytest.raises(actions.AnswerGiven):
        actions.answer_satisfaction(survey=survey, score=1, verbatim="")


@pytest.mark.covers("BASE-16")
def test_an_unanswered_survey_is_a_next_best_action_with_its_reason(cast, sign_in, client):
    """Reminded and still silent: the adviser is told why to call; answered, the suggestion lapses by itself."""
    Membership.objects.update(starts_on=datetime.date(2020, 1, 1))
    day = timezone.now().replace(hour=10)
    with demo.on_the_day(day - datetime.timedelta(days=30)):
        order = ordered(cast)
        actions.deliver_order(order=order, delivered_on=timezone.localdate(), by=order.ordered_by)
        survey = Survey.objects.get(order=order, kind="satisfaction")
        actions.send_survey(survey=survey)
    assert make_suggestions()["survey"] == 0, "not reminded yet"
    with demo.on_the_day(day - datetime.timedelta(days=10)):
        actions.send_survey(survey=survey, is_reminder=True)
    assert make_suggestions()["survey"] == 1
    page = sign_in(cast.nour).get(reverse("crm:suggestions"), {"rule": "survey"})
    assert f"Service {order.reference}: the company was asked on" in page.text
    assert survey.link not in page.text
    assert order.reference not in sign_in(cast.theo).get(reverse("crm:suggestions")).text
    client.logout()
    client.post(survey.link, {"score": "9"})
    make_suggestions()
    assert Suggestion.objects.get(rule="survey").state == "lapsed"


def test_coverage_tells_the_impact_once_its_day_has_come(cast, sign_in):
    """Not due: nothing to cover. Due and not sent: nothing covered. The tile opens the deliveries of the period."""
    order, page = delivered(cast), reverse("services:view_coverage")
    client = sign_in(cast.nour)
    shown = client.get(page).context["all"]
    assert (shown.later_due, shown.later_covered, shown.later_rate) == (0, None, None)
    later = Survey.objects.get(order=order, kind="impact")
    Survey.objects.filter(pk=later.pk).update(send_on=timezone.localdate())
    shown = client.get(page).context["all"]
    assert (shown.later_due, shown.later_covered) == (1, Decimal("0.0"))
    actions.send_survey(survey=later)
    later.refresh_from_db()
    actions.answer_impact(survey=later, flows=[], verbatim="", attested_by="Claire")
    answer = client.get(page)
    shown = answer.context["all"]
    assert (shown.later_covered, shown.later_rate, shown.covered, shown.answered) == (100, 100, 100, 0)
    since, until = days(-364).isoformat(), days(0).isoformat()
    assert f"?state=delivered&amp;delivered_since={since}&amp;delivered_until={until}" in answer.text
    listed = reverse("services:orders")
    for bounds, found in (({"delivered_since": until}, 1), ({"delivered_until": days(-1).isoformat()}, 0)):
        assert client.get(listed, {"state": "delivered", **bounds}).context["listing"].total == found, bounds
