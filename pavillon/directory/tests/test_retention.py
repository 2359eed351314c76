"""Rules of retention apply themselves: list, notice, act, certificate."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import notify
from pavillon.activity.models import Entry, Notification
from pavillon.directory.actions import add_contact, create_company
from pavillon.directory.models import Contact
from pavillon.privacy import actions, ledger, tasks
from pavillon.privacy.models import Erasure, Letter, RetentionRule, RetentionRun
from pavillon.privacy.queries import limit_of
from pavillon.privacy.tests import factories

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@pytest.fixture
def cast(db, settings, tmp_path):
    settings.DATA = tmp_path
    settings.REQUIRE_MFA = False
    return factories.stage()


@pytest.fixture
def officer(cast, client):
    client.force_login(User.objects.get(pk=cast.dpo.pk), backend=BACKEND)
    return client


def old_contact(months=37, email="jean@ancien.example"):
    company = create_company(name="Ancienne", by=None)
    contact = add_contact(company=company, by=None, first_name="Jean", last_name="Ancien", email=email)
    Contact.objects.filter(pk=contact.pk).update(changed_at=timezone.now() - timedelta(days=31 * months))
    return contact


def rule(table="directory.contact"):
    return RetentionRule.objects.get(table=table)


def days_go_by(run, days=31):
    RetentionRun.objects.filter(pk=run.pk).update(act_on=run.act_on - timedelta(days=days))


@pytest.mark.covers("GDPR-05")
def test_the_night_anonymises_an_expired_contact_after_a_notice(cast, officer, django_capture_on_commit_callbacks):
    contact = old_contact()
    fresh_one = old_contact(months=3, email="neuve@ancien.example")
    tasks.apply_retention(0)
    run = RetentionRun.objects.get(rule=rule())
    assert (run.state, run.numbers, run.told) == ("noticed", [contact.pk], 1)
    assert Letter.objects.get().to == "jean@ancien.example"
    contact.refresh_from_db()
    assert contact.last_name == "Ancien"
    days_go_by(run)
    with django_capture_on_commit_callbacks(execute=True):
        tasks.apply_retention(0)
    run.refresh_from_db()
    contact.refresh_from_db()
    fresh_one.refresh_from_db()
    assert (run.state, run.spared) == ("done", 0)
    assert (contact.email, contact.first_name) == ("", "")
    assert fresh_one.last_name == "Ancien"
    assert [line.reference for line in ledger.read()] == [run.erasure]
    page = officer.get(reverse("privacy_team:certificate", args=[run.pk]))
    assert page.content.startswith(b"%PDF")
    assert Entry.objects.about(run).filter(verb="privacy.retention_done", facts__digest=run.digest).exists()
    # What was erased is not listed again.
    Contact.objects.filter(pk=contact.pk).update(changed_at=timezone.now() - timedelta(days=2000))
    assert actions.list_rows(rule=rule()) is None


def test_whoever_comes_back_meanwhile_is_spared(cast):
    contact = old_contact()
    run = actions.list_rows(rule=rule())
    Contact.objects.filter(pk=contact.pk).update(changed_at=timezone.now())
    done = actions.act_on_run(run=run)
    assert (done.spared, done.erasure) == (1, "")
    contact.refresh_from_db()
    assert contact.last_name == "Ancien"
    with pytest.raises(actions.WrongState):
        actions.act_on_run(run=run)


def test_accounts_of_the_team_follow_their_contracts(cast):
    User.objects.filter(pk__in=[cast.claire.pk, cast.nour.pk]).update(last_login=timezone.now() - timedelta(days=2000))
    run = actions.list_rows(rule=rule("accounts.user"))
    assert run.numbers == [cast.claire.pk]


def test_a_rule_may_delete_rows_that_nothing_stands_on(cast):
    notify([cast.claire], "x", title="Vieux", email=False)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=800))
    actions.change_retention_rule(rule=rule("activity.notification"), by=cast.dpo, act="delete")
    actions.apply_retention()
    assert not Notification.objects.exists()
    assert Erasure.objects.get().why == "retention"


def test_a_night_takes_list_after_list_and_lists_wait_beside_each_other(cast, monkeypatch):
    """Each list is small and a transaction of its own; what waits for its day holds up nothing that comes after it."""
    monkeypatch.setattr("pavillon.privacy.actions.retention.MOST", 2)
    for number in range(5):
        notify([cast.claire], "x", title=f"Vieux {number}", email=False)
    Notification.objects.update(created_at=timezone.now() - timedelta(days=800))
    actions.change_retention_rule(rule=rule("activity.notification"), by=cast.dpo, act="delete")
    contacts = [old_contact(email=f"{number}@ancien.example").pk for number in range(3)]
    actions.apply_retention()
    assert not Notification.objects.exists()
    assert [len(run.numbers) for run in RetentionRun.objects.filter(rule__table="activity.notification")] == [1, 2, 2]
    waiting = RetentionRun.objects.filter(rule=rule(), state="noticed").order_by("pk")
    assert [run.numbers for run in waiting] == [contacts[:2], contacts[2:]]
    actions.apply_retention()
    assert waiting.count() == 2, "nobody is listed twice"
    monkeypatch.setattr("pavillon.privacy.actions.retention.LISTS_A_NIGHT", 1)
    late = old_contact(email="late@ancien.example")
    actions.apply_retention()
    assert waiting.last().numbers == [late.pk]


def test_the_officer_previews_changes_lists_and_stops(cast, officer):
    contact = old_contact(months=20)
    page = officer.get(rule().get_absolute_url())
    assert page.context["count"] == 0
    changed = {"months": "12", "act": "anonymise", "notice": "officers", "notice_days": "10", "is_active": "on"}
    assert officer.post(reverse("privacy_team:change_retention_rule", args=[rule().pk]), changed).status_code == 302
    wrong = {**changed, "notice_days": "0"}
    assert officer.post(reverse("privacy_team:change_retention_rule", args=[rule().pk]), wrong).status_code == 422
    assert officer.get(rule().get_absolute_url()).context["count"] == 1
    officer.post(reverse("privacy_team:list_rows", args=[rule().pk]))
    run = RetentionRun.objects.get()
    assert Notification.objects.filter(recipient=cast.dpo, kind="privacy.retention").exists()
    assert officer.get(run.get_absolute_url()).status_code == 200
    assert officer.post(reverse("privacy_team:stop_run", args=[run.pk]), {"words": "x"}).status_code == 422
    officer.post(reverse("privacy_team:stop_run", args=[run.pk]), {"words": "Litige en cours"})
    run.refresh_from_db()
    assert (run.state, run.reason) == ("stopped", "Litige en cours")
    contact.refresh_from_db()
    assert contact.last_name == "Ancien"
    assert officer.get(reverse("privacy_team:retention_rules")).status_code == 200


def test_load_retention_rules_keeps_what_the_officer_changed(cast):
    actions.change_retention_rule(rule=rule(), by=cast.dpo, months=24)
    assert actions.load_retention_rules() == 0
    assert rule().months == 24
    assert rule("crm.lead").notice == "nobody"


def test_the_limit_is_counted_in_months_of_the_calendar(cast):
    assert limit_of(rule(), on=date(2026, 11, 22)) == date(2023, 11, 22)
