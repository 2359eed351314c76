"""What is promised and done with companies, in the agendas."""

import datetime
import zoneinfo

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity import models as activity
from pavillon.agenda.models import Entry, TimeSpan
from pavillon.crm import actions, tasks
from pavillon.crm.models import Absence, Interaction
from pavillon.crm.tests.factories import fresh, lead, taken
from pavillon.security.models import PolicyCell

PARIS = zoneinfo.ZoneInfo("Europe/Paris")
AGENDA = "/agenda/"


@pytest.fixture
def request_of_nour(cast):
    found = taken(lead(cast.atelier, requested_by=cast.claire, by=cast.claire))
    if found.adviser != cast.nour:
        found = actions.assign_lead(lead=found, adviser=fresh(cast.nour), team=cast.chamber, by=cast.manager)
    return found


def promise(client, row, day, hour="15:30"):
    data = {"next_action": "Envoyer le devis", "next_action_on": str(day), "next_action_at": hour}
    return client.post(reverse("crm:set_next_action", args=[row.pk]), data)


@pytest.mark.covers("AGD-06")
def test_a_follow_up_of_a_request_stands_in_the_agenda_and_is_seen_by_the_team(cast, sign_in, request_of_nour):
    """Promised on the request with a day and an hour: in the adviser’s week, and on the team’s page for a colleague."""
    day = timezone.localdate() + datetime.timedelta(days=7)
    assert promise(sign_in(cast.nour), request_of_nour, day).status_code == 302
    made = Entry.objects.get(origin=f"crm.lead:{request_of_nour.pk}")
    assert (made.owner, made.company, made.minutes) == (cast.nour, cast.atelier, 30)
    assert made.starts_at == datetime.datetime.combine(day, datetime.time(15, 30), PARIS)
    mine = sign_in(cast.nour).get(AGENDA, {"on": str(day)}).text
    assert '15:30<span class="till">–16:00</span>' in mine
    assert request_of_nour.reference in mine
    page = sign_in(cast.nour).get(made.get_absolute_url()).text
    assert "Envoyer le devis" in page
    assert request_of_nour.get_absolute_url() in page
    team = sign_in(cast.nina).get("/agenda/team/", {"on": str(day)}).text
    assert f"15:30 Envoyer le devis ({request_of_nour.reference})" in team
    assert sign_in(cast.nour).post(reverse("agenda:move_entry", args=[made.pk])).status_code == 403, "changed there"


def test_what_is_promised_is_told_to_who_may_read_it_only(cast, sign_in, request_of_nour):
    promise(sign_in(cast.nour), request_of_nour, timezone.localdate() + datetime.timedelta(days=7))
    made = Entry.objects.get(origin=f"crm.lead:{request_of_nour.pk}")
    PolicyCell.objects.create(role="adviser", model="crm.lead", field="next_action", level=0)
    page = sign_in(cast.nina).get(made.get_absolute_url())
    assert page.status_code == 200
    assert "Envoyer le devis" not in page.text


def test_it_moves_with_the_request_and_goes_with_it(cast, sign_in, request_of_nour):
    day = timezone.localdate() + datetime.timedelta(days=7)
    promise(sign_in(cast.nour), request_of_nour, day)
    promise(sign_in(cast.nour), request_of_nour, day + datetime.timedelta(days=1), hour="")
    made = Entry.objects.get(origin=f"crm.lead:{request_of_nour.pk}")
    assert (made.all_day, made.is_busy, made.first_day) == (True, False, day + datetime.timedelta(days=1))
    actions.assign_lead(lead=request_of_nour, adviser=fresh(cast.nina), team=cast.chamber, by=cast.manager)
    assert Entry.objects.get(pk=made.pk).owner == cast.nina
    actions.refuse_lead(lead=request_of_nour, by=fresh(cast.nina), reason="Hors champ")
    assert not Entry.objects.filter(pk=made.pk).exists()
    trail = activity.Entry.objects.about(made).order_by("pk").values_list("actor", flat=True)
    assert list(trail) == [cast.nour.pk, cast.nour.pk, cast.manager.pk, cast.nina.pk], "whose deed it was"


def test_a_logged_call_is_real_time_and_its_promise_stands_in_the_agenda(cast, sign_in):
    day = timezone.localdate() + datetime.timedelta(days=3)
    data = {
        "kind": "call", "summary": "Rappel", "visibility": "team", "duration_minutes": "20",
        "next_action": "Envoyer le guide", "next_action_on": str(day), "next_action_at": "09:00",
    }  # fmt: skip
    assert sign_in(cast.nour).post(reverse("crm:log_interaction", args=[cast.atelier.pk]), data).status_code == 302
    exchange = Interaction.objects.get()
    tasks.note_in_agenda(exchange.pk)
    tasks.note_in_agenda(exchange.pk)
    span = TimeSpan.objects.get()
    assert span.ended_at - span.started_at == datetime.timedelta(minutes=20)
    assert (span.owner, span.entry.kind, span.entry.company) == (cast.nour, "call", cast.atelier)
    promised = Entry.objects.get(origin=f"crm.promise:{exchange.pk}")
    assert promised.starts_at == datetime.datetime.combine(day, datetime.time(9), PARIS)
    sign_in(cast.nour).post(reverse("crm:finish_next_action", args=[exchange.pk]))
    promised.refresh_from_db()
    assert promised.done_at


def test_a_large_account_asks_for_a_second_talk_with_the_manager(cast, sign_in, request_of_nour):
    words = "Un grand compte est en cours" if cast.nour.language == "fr" else "A large account is under way"
    assert words not in sign_in(cast.nour).get(AGENDA).text
    type(cast.atelier).objects.filter(pk=cast.atelier.pk).update(headcount=300)
    assert words in sign_in(cast.nour).get(AGENDA).text


def test_who_is_away_gets_no_request(cast, sign_in):
    """One absence, planned once: the agenda shuts out visits, the routing passes the person over."""
    day = timezone.localdate() + datetime.timedelta(days=1)
    url = reverse("agenda:plan_absence")
    sign_in(cast.nour).post(url, {"reason": "leave", "starts_on": str(day), "ends_on": str(day)})
    absence = Absence.objects.get()
    assert (absence.person, absence.starts_on, absence.ends_on) == (cast.nour, day, day)
    entry = Entry.objects.get(kind="absence")
    sign_in(cast.nour).post(reverse("agenda:delete_entry", args=[entry.pk]))
    assert not Absence.objects.exists()
