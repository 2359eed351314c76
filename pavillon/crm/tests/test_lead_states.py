import datetime

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions
from pavillon.crm.models import Lead, LeadSettings
from pavillon.crm.tests.factories import fresh, lead


def log(request, by, **more):
    values = {"kind": "call", "happened_at": timezone.now(), "summary": "Premier échange."}
    return actions.log_interaction(company=request.company, lead=request, by=fresh(by), **{**values, **more})


@pytest.mark.covers("LEAD-03", "LEAD-08")
def test_take_charge_stops_the_clock_and_stores_the_delay(cast):
    request = lead(cast.atelier, requested_by=cast.claire)
    taken = actions.take_charge(lead=request, by=fresh(request.adviser))
    assert (taken.state, taken.is_late) == ("taken", False)
    assert taken.take_charge_minutes is not None
    assert [step.step for step in taken.steps.all()] == ["received", "assigned", "taken"]
    entry = Entry.objects.about(taken).get(verb="crm.lead_taken")
    assert entry.changes["state"] == ["assigned", "taken"]
    assert Notification.objects.filter(recipient=cast.claire, title__contains=str(request.adviser)).exists()


def test_two_people_cannot_take_the_same_request(cast):
    request = lead(cast.atelier)
    actions.take_charge(lead=request, by=fresh(cast.nour))
    with pytest.raises(actions.AlreadyTaken, match="Nour"):
        actions.take_charge(lead=request, by=fresh(cast.nina))


def test_a_request_is_treated_by_an_exchange_and_not_by_a_click(cast):
    request = actions.take_charge(lead=lead(cast.atelier), by=fresh(cast.nour))
    with pytest.raises(actions.NothingLogged):
        actions.treat_lead(lead=request, by=fresh(cast.nour))
    log(request, cast.nour)
    assert actions.treat_lead(lead=request, by=fresh(cast.nour)).state == "treated"


def test_the_whole_life_of_a_request_is_dated(cast):
    request = actions.take_charge(lead=lead(cast.atelier, requested_by=cast.claire), by=fresh(cast.nour))
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    log(request, cast.nour, next_action="Envoyer la liste des salons", next_action_on=tomorrow)
    request.refresh_from_db()
    assert (request.next_action, request.next_action_on) == ("Envoyer la liste des salons", tomorrow)
    actions.treat_lead(lead=request, by=fresh(cast.nour), note="Liste envoyée")
    closed = actions.close_lead(lead=request, by=fresh(cast.nour), outcome="accompanied", note="À bientôt au salon.")
    assert closed.state == "closed"
    assert closed.next_action == ""
    assert [step.step for step in closed.steps.all()] == ["received", "assigned", "taken", "treated", "closed"]
    assert Notification.objects.filter(recipient=cast.claire, body="À bientôt au salon.").exists()


def test_a_refusal_tells_its_reason(cast):
    request = actions.refuse_lead(
        lead=lead(cast.atelier, requested_by=cast.claire), by=fresh(cast.nour), reason="Voyez votre douane."
    )
    assert (request.state, request.closing_note) == ("refused", "Voyez votre douane.")
    assert Notification.objects.filter(recipient=cast.claire, body="Voyez votre douane.").exists()
    with pytest.raises(actions.WrongState):
        actions.take_charge(lead=request, by=fresh(cast.nour)) if request.is_untouched else actions.treat_lead(
            lead=request, by=fresh(cast.nour)
        )


def test_the_database_refuses_a_request_under_way_without_adviser(cast):
    request = lead(cast.atelier)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=request.pk).update(adviser=None)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=request.pk).update(state="closed")
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=request.pk).update(is_spontaneous=False)
    with pytest.raises(IntegrityError), transaction.atomic():
        Lead.objects.filter(pk=request.pk).update(next_action="Rappeler")


@pytest.mark.covers("LEAD-03")
def test_an_untouched_request_escalates_to_the_manager_then_to_the_national_team(cast):
    request = lead(cast.atelier)
    assert actions.escalate_late_leads() == 0
    Lead.objects.update(due_at=timezone.now() - datetime.timedelta(minutes=1))
    assert actions.escalate_late_leads() == 1
    request.refresh_from_db()
    assert request.escalations == 1
    assert request.due_at > timezone.now(), "the clock starts again for the next level"
    assert Notification.objects.filter(kind="crm.lead_escalated", recipient=cast.manager).count() == 1
    Lead.objects.update(due_at=timezone.now() - datetime.timedelta(minutes=1))
    assert actions.escalate_late_leads() == 1
    assert Notification.objects.filter(kind="crm.lead_escalated", recipient=cast.henri).count() == 1
    Lead.objects.update(due_at=timezone.now() - datetime.timedelta(minutes=1))
    assert actions.escalate_late_leads() == 0, "it stays visible without more noise"


def test_a_taken_request_never_escalates(cast):
    actions.take_charge(lead=lead(cast.atelier), by=fresh(cast.nour))
    Lead.objects.update(due_at=timezone.now() - datetime.timedelta(days=3))
    assert actions.escalate_late_leads() == 0


def test_the_delay_of_take_charge_is_a_figure_on_a_screen(cast):
    slow = lead(cast.atelier)
    actions.change_lead_settings(
        by=cast.henri,
        take_charge_hours=2,
        opens_at=datetime.time(0),
        closes_at=datetime.time(23, 59),
        capacity=20,
        diagnosis_path="/{language}/diagnosis/",
    )
    assert lead(cast.atelier).due_at < slow.due_at
    assert Entry.objects.about(LeadSettings.objects.get()).filter(verb="crm.lead_settings_changed").exists()


def test_a_hand_over_waits_for_its_answer(cast):
    request = actions.take_charge(lead=lead(cast.atelier, requested_by=cast.claire), by=fresh(cast.nour))
    offer = actions.hand_over_lead(
        lead=request, to=cast.theo, team=cast.other, note="Sa filiale est à Toulouse", by=fresh(cast.nour)
    )
    request.refresh_from_db()
    assert request.adviser == cast.nour, "it stays where it is until the answer"
    assert Lead.objects.visible_to(fresh(cast.theo)).filter(pk=request.pk).exists(), "who is asked may read it"
    with pytest.raises(actions.HandOverPending):
        actions.hand_over_lead(lead=request, to=cast.nina, team=cast.chamber, note="x", by=fresh(cast.nour))
    request = actions.accept_hand_over(hand_over=offer, by=fresh(cast.theo))
    assert (request.adviser, request.team) == (cast.theo, cast.other)
    assert request.routing[-1]["code"] == "handed_over"
    assert Notification.objects.filter(recipient=cast.nour, kind="crm.hand_over").exists()
    with pytest.raises(actions.HandOverAnswered):
        actions.accept_hand_over(hand_over=offer, by=fresh(cast.theo))


def test_a_declined_hand_over_comes_back_with_its_reason(cast):
    request = lead(cast.atelier)
    offer = actions.hand_over_lead(lead=request, to=cast.theo, team=cast.other, note="?", by=fresh(cast.nour))
    actions.decline_hand_over(hand_over=offer, answer="Nous ne suivons pas ce secteur", by=fresh(cast.theo))
    request.refresh_from_db()
    assert request.adviser == cast.nour
    assert Notification.objects.filter(recipient=cast.nour, body="Nous ne suivons pas ce secteur").exists()
    assert not Lead.objects.visible_to(fresh(cast.theo)).filter(pk=request.pk).exists()


def test_accepting_an_untouched_request_takes_it_in_charge(cast):
    offer = actions.hand_over_lead(
        lead=lead(cast.atelier), to=cast.nina, team=cast.chamber, note="?", by=fresh(cast.nour)
    )
    assert actions.accept_hand_over(hand_over=offer, by=fresh(cast.nina)).state == "taken"


def test_closing_a_request_withdraws_an_open_hand_over(cast):
    request = lead(cast.atelier)
    offer = actions.hand_over_lead(lead=request, to=cast.nina, team=cast.chamber, note="?", by=fresh(cast.nour))
    actions.refuse_lead(lead=request, by=fresh(cast.nour), reason="Doublon")
    offer.refresh_from_db()
    assert offer.is_accepted is False


def test_the_two_sides_write_to_each_other(cast):
    request = lead(cast.atelier, requested_by=cast.claire)
    actions.add_message(lead=request, by=fresh(cast.claire), text="Une précision : nous visons Osaka.")
    assert Notification.objects.filter(recipient=cast.nour, kind="crm.request_message").exists()
    actions.add_message(lead=request, by=fresh(cast.nour), text="Bien noté.")
    assert Notification.objects.filter(recipient=cast.claire, body="Bien noté.").exists()
