"""Follow-ups in the agenda of somebody who leaves, or gives an account up: they go with it, or somebody is told."""

import datetime

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import deactivate_user, end_membership
from pavillon.accounts.tests.factories import person
from pavillon.activity.actions import record
from pavillon.activity.models import Entry as Trail
from pavillon.activity.models import Notification
from pavillon.agenda.models import Entry
from pavillon.crm import actions, tasks
from pavillon.crm.models import Interaction, Referent
from pavillon.crm.tests.factories import fresh, lead

WAITING = ("hand_promises_on", "follow_leaver", "note_in_agenda")


def work():
    """What the worker finds to do, once."""
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name__startswith="crm.")
    for job in jobs.order_by("pk"):
        name = job.task_name.removeprefix("crm.")
        if name in WAITING:
            getattr(tasks, name)(**job.args)
    jobs.delete()


def promised(company, by, what, visibility="team"):
    made = actions.log_interaction(
        company=company, by=fresh(by), kind="call", summary="Appel", visibility=visibility, next_action=what,
        next_action_on=timezone.localdate() + datetime.timedelta(days=5), happened_at=timezone.now(),
    )  # fmt: skip
    work()
    return made


def set_referent(cast, company, since=30):
    day = timezone.localdate() - datetime.timedelta(days=since)
    actions.set_referent(company=company, adviser=cast.nour, organisation=cast.chamber, by=cast.manager, starts_on=day)
    work()


def hand_over(cast, company, to, place, day=None):
    return actions.hand_over_referent(
        company=company, adviser=to, organisation=place, by=cast.manager, starts_on=day or timezone.localdate(),
        reason="Mutation",
    )  # fmt: skip


def in_agenda(interaction):
    return Entry.objects.get(origin=f"crm.promise:{interaction.pk}").owner


def told(person):
    return [str(row.title) for row in Notification.objects.filter(recipient=person, kind="crm.handed_on")]


@pytest.mark.covers("AGD-06")
def test_a_follow_up_goes_with_the_account_to_its_new_referent(cast, sign_in):
    """From one agenda to the other, with a word; the new one ends it. What he may not read stays, and that is told."""
    set_referent(cast, cast.atelier)
    shared = promised(cast.atelier, cast.nour, "Envoyer le devis")
    assert in_agenda(shared) == cast.nour
    hand_over(cast, cast.atelier, cast.nina, cast.chamber)
    work()
    assert in_agenda(shared) == cast.nina
    assert told(cast.nina) == ["Follow-ups pass to you with their accounts: 1"]
    deeds = Trail.objects.about(Entry.objects.get(origin=f"crm.promise:{shared.pk}")).order_by("pk")
    assert [one.actor for one in deeds] == [cast.nour, None], "nobody did it by hand"
    day = str(shared.next_action_on)
    assert "Envoyer le devis" in sign_in(cast.nina).get("/agenda/", {"on": day}).text
    timeline = reverse("crm:view_timeline", args=[cast.atelier.pk])
    finish = reverse("crm:finish_next_action", args=[shared.pk])
    assert finish in sign_in(cast.nina).get(timeline).text
    assert sign_in(cast.theo).post(finish).status_code == 403
    assert sign_in(cast.nina).post(finish).status_code == 302
    shared.refresh_from_db()
    assert (shared.keeper, shared.next_action_done_at is not None) == (cast.nina, True)
    # What the chamber keeps to itself is not for the bank's adviser.
    kept = promised(cast.southern, cast.nour, "Relire la note", visibility="organisation")
    set_referent(cast, cast.southern)
    hand_over(cast, cast.southern, cast.kim, cast.bank)
    work()
    assert in_agenda(kept) == cast.nour
    assert told(cast.nour) == ["Follow-ups stay with you, which the new referent may not read: 1"]
    assert told(cast.kim) == []


def test_a_planned_change_takes_the_follow_ups_along_on_its_day(cast):
    set_referent(cast, cast.atelier)
    made = promised(cast.atelier, cast.nour, "Rappeler")
    today = timezone.localdate()
    new = hand_over(cast, cast.atelier, cast.nina, cast.chamber, day=today + datetime.timedelta(days=1))
    work()
    assert in_agenda(made) == cast.nour, "not before"
    before = Referent.objects.get(company=cast.atelier, adviser=cast.nour)
    Referent.objects.filter(pk=before.pk).update(ends_on=today - datetime.timedelta(days=1))
    Referent.objects.filter(pk=new.pk).update(starts_on=today)
    tasks.follow_planned_changes(timestamp=0)
    assert in_agenda(made) == cast.nina


@pytest.mark.covers("AGD-06")
def test_what_somebody_leaves_is_told_to_the_managers_and_given_on(cast, sign_in, django_assert_max_num_queries):
    """No referent takes it over: the manager is told, finds it beside the workload, and gives it to a colleague."""
    cast.nour.memberships.update(starts_on=timezone.localdate() - datetime.timedelta(days=90))
    made = promised(cast.atelier, cast.nour, "Envoyer le guide")
    request = lead(cast.atelier)
    actions.assign_lead(lead=request, adviser=fresh(cast.nour), team=cast.chamber, by=cast.manager)
    today = timezone.localdate()
    actions.give_task(
        company=cast.atelier, what="Préparer le salon", due_on=today, to=fresh(cast.nour), organisation=cast.chamber,
        by=fresh(cast.manager),
    )  # fmt: skip
    page = reverse("crm:view_workload")
    assert "no longer here" not in sign_in(cast.manager).get(page).text
    for membership in cast.nour.memberships.current():
        end_membership(membership=membership, by=cast.admin)
    work()
    assert told(cast.manager) == [f"{cast.nour.full_name} is no longer there: give on what is left"]
    client = sign_in(cast.manager)
    client.get(page)
    with django_assert_max_num_queries(24):
        shown = client.get(page).text
    for what in ("Envoyer le guide", "Préparer le salon", request.reference):
        assert what in shown, what
    give = reverse("crm:give_on_left", args=[cast.nour.pk])
    assert sign_in(cast.nina).post(give, {"adviser": cast.nina.pk}).status_code == 403
    assert "Choose an adviser" in sign_in(cast.manager).post(give, {"adviser": cast.kim.pk}, follow=True).text
    assert ": 3." in sign_in(cast.manager).post(give, {"adviser": cast.nina.pk}, follow=True).text
    assert in_agenda(made) == cast.nina
    request.refresh_from_db()
    assert request.adviser == cast.nina
    assert cast.atelier.shared_tasks.get().given_to == cast.nina
    assert "no longer here" not in sign_in(cast.manager).get(page).text
    # Who keeps it now leaves too, with a closed account: it is left again.
    deactivate_user(user=fresh(cast.nina), by=cast.admin)
    work()
    assert sorted(told(cast.manager)) == sorted(
        f"{person.full_name} is no longer there: give on what is left" for person in (cast.nour, cast.nina)
    )
    assert Interaction.objects.get(pk=made.pk).keeper == cast.nina


@pytest.mark.covers("AGD-06")
def test_where_no_manager_is_an_administrator_gives_on_what_he_does_not_read(cast, sign_in):
    """Told how much there is, and of whom; where a manager works it is his."""
    cast.nour.memberships.update(starts_on=timezone.localdate() - datetime.timedelta(days=90))
    made = promised(cast.atelier, cast.nour, "Envoyer le guide", visibility="organisation")
    boss = person("Boss", cast.chamber, "organisation_admin")
    page, give = reverse("crm:view_left"), reverse("crm:give_on_left", args=[cast.nour.pk])
    for membership in cast.nour.memberships.current():
        end_membership(membership=membership, by=cast.admin)
    work()
    assert told(boss) == [], "managers of its own"
    assert give not in sign_in(boss).get(page).text
    assert sign_in(boss).post(give, {"adviser": cast.nina.pk}).status_code == 403
    cast.manager.memberships.update(role="adviser")
    actions.follow_leaver(person=cast.nour, organisation=cast.chamber)
    assert told(boss) == [f"{cast.nour.full_name} is no longer there: give on what is left"]
    shown = sign_in(boss).get(page).text
    assert (give in shown, "Envoyer le guide" in shown, str(cast.atelier) in shown) == (True, False, False)
    assert ": 1." in sign_in(boss).post(give, {"adviser": cast.nina.pk}, follow=True).text
    assert in_agenda(made) == cast.nina
    assert "Nobody who left" in sign_in(boss).get(page).text
    assert sign_in(cast.nina).get(page).status_code == 403
    # Kept by somebody of another organisation, who leaves his own: the one whose promise it is learns of it.
    actions.handing_on.keep_promise(Interaction.objects.get(pk=made.pk), cast.kim, by=None)
    deactivate_user(user=fresh(cast.kim), by=cast.admin)
    work()
    assert f"{cast.kim.full_name} is no longer there: give on what is left" in told(boss)


def test_nights_in_which_no_process_ran_are_made_up_for(cast):
    """Each day is followed once: those that were missed with the next one."""
    set_referent(cast, cast.atelier)
    made = promised(cast.atelier, cast.nour, "Rappeler")
    today, day = timezone.localdate(), datetime.timedelta(days=1)
    Interaction.objects.filter(pk=made.pk).update(created_at=timezone.now() - 9 * day)
    assert [actions.follow_planned_changes() for _twice in range(2)] == [1, 0]
    record("crm.planned_changes_followed", by=None, until=(today - 3 * day).isoformat())
    new = hand_over(cast, cast.atelier, cast.nina, cast.chamber, day=today + day)
    Referent.objects.filter(company=cast.atelier, adviser=cast.nour).update(ends_on=today - 2 * day)
    Referent.objects.filter(pk=new.pk).update(starts_on=today - day)
    work()
    assert (actions.follow_planned_changes(), in_agenda(made)) == (3, cast.nina)


def test_a_long_list_says_where_it_ends_and_all_of_it_is_given_on(cast, sign_in, monkeypatch):
    cast.nour.memberships.update(starts_on=timezone.localdate() - datetime.timedelta(days=90))
    made = [promised(cast.atelier, cast.nour, f"Rappeler {nth}") for nth in range(3)]
    for membership in cast.nour.memberships.current():
        end_membership(membership=membership, by=cast.admin)
    monkeypatch.setattr("pavillon.crm.queries.left.MOST", 2)
    monkeypatch.setattr("pavillon.crm.queries.left.LISTED", 1)
    client = sign_in(cast.manager)
    shown = client.get(reverse("crm:view_workload")).text
    assert "and 1 more, which goes with them" in shown
    assert ("Rappeler 0" in shown, "Rappeler 1" in shown) == (True, False)
    assert "are counted here" in shown
    client.post(reverse("crm:give_on_left", args=[cast.nour.pk]), {"adviser": cast.nina.pk})
    assert {in_agenda(promise) for promise in made} == {cast.nina}
