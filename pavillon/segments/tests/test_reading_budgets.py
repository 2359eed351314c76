"""Budgets of reading through the doors of a user: lists, pages, files; warned, asked for proof, refused, extended."""

import re
import threading
import time
from html import unescape
from urllib.parse import urljoin

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Notification
from pavillon.directory.models import Company
from pavillon.security.models import Reading
from pavillon.segments.enums import ExportState
from pavillon.segments.models import ExportFile
from pavillon.vigilance import actions
from pavillon.vigilance.models import Extension, Habit, Incident, Reader, ReadingLimit, Spending

LIST = "/companies/"


def many(count):
    return Company.objects.bulk_create(
        Company(name=f"Chantier {n:05}", match_name=f"CHANTIER {n:05}") for n in range(count)
    )


def limit(hourly, most, **more):
    return ReadingLimit.objects.create(hourly_rows=hourly, most_rows=most, reason="x", **more)


def prove(client):
    """What allauth keeps in the session when somebody proved who he is."""
    session = client.session
    session["account_authentication_methods"] = [{"method": "password", "at": time.time(), "reauthenticated": True}]
    session.save()


def spent(user):
    rows = Spending.objects.filter(user=user)
    return [sum(row.opened for row in rows), sum(row.listed for row in rows), sum(row.exported for row in rows)]


def test_a_piece_that_was_refused_and_then_shown_is_in_the_log_as_shown(cast, client):
    """Within the minutes in which the same piece is no new reading: what stayed in was not read before."""
    many(60)
    limit(70, 300)
    client.force_login(cast.nour)
    assert client.get(LIST, headers={"HX-Request": "true"}).status_code == 200
    second = {"path": LIST, "data": {"page": 2, "sort": "-name"}, "headers": {"HX-Request": "true"}}
    assert "HX-Redirect" in client.get(**second)
    prove(client)
    # The same piece twice: shown, and shown again.
    assert [("HX-Redirect" in client.get(**second)) for _time in range(2)] == [False, False]
    lines = list(Reading.objects.filter(user=cast.nour, how="list").order_by("pk"))
    unseen = Reading.objects.not_shown({line.pk: line.read_at for line in lines})
    assert [line.pk in unseen for line in lines] == [False, True, False]
    assert lines[1].ids == lines[2].ids


@pytest.mark.covers("SEC-10")
def test_a_reader_is_warned_asked_for_proof_refused_and_extended(cast, client):
    """Page after page of a list: at four fifths a word, at the limit the proof, beyond it nothing, then an officer."""
    many(60)
    limit(210, 300)
    client.force_login(cast.nour)
    for _page in range(3):
        assert client.get(LIST).status_code == 200
    assert spent(cast.nour) == [0, 150, 0]
    assert not Notification.objects.filter(kind="vigilance.budget_near").exists()
    company = reverse("directory:company", args=[cast.atelier.pk])
    assert client.get(company).status_code == 200
    assert spent(cast.nour) == [1, 150, 0]
    assert client.get(LIST, {"page": 2}).status_code == 200
    assert Notification.objects.get(kind="vigilance.budget_near").recipient == cast.nour
    # The limit: who sits here?
    refused = client.get(LIST)
    assert refused.status_code == 403
    assert "/account/prove/?next=%2Fcompanies%2F" in refused.content.decode()
    assert "Chantier" not in refused.content.decode()
    told = Entry.objects.get(verb="vigilance.rows_refused")
    assert (told.actor, told.facts) == (cast.nour, {"rows": 50, "reason": LIST})
    # The read log names the line of what stayed in, and the auditor reads it so.
    word = Reading.objects.get(how="refused")
    assert [*Reading.objects.filter(pk__in=word.ids).values_list("path", "rows")] == [(LIST, 50)]
    assert sum(spent(cast.nour)) <= 210, "the word itself is no reading"
    auditor = Client(headers={"accept-language": "en"})
    auditor.force_login(cast.security)
    log = auditor.get(reverse("security:audit_person", args=[cast.nour.pk])).content.decode()
    assert log.count("Saw in a list (50 rows): not shown, beyond the reading budget") == 1
    assert log.count("Saw in a list (50 rows)") == 5
    incident = Incident.objects.get(user=cast.nour)
    assert (incident.kind, incident.response, incident.state) == ("hourly_budget", "step_up", "new")
    assert Notification.objects.filter(kind="vigilance.incident", recipient=cast.security).count() == 1
    assert client.get(LIST).status_code == 403
    assert Incident.objects.count() == 1, "told once"
    prove(client)
    assert client.get(LIST).status_code == 200
    # Beyond: nothing, whoever he is; the same incident, raised.
    last = client.get(LIST)
    while last.status_code == 200:
        last = client.get(LIST)
    assert last.status_code == 429
    assert 0 < int(last["Retry-After"]) <= 3600
    text = last.content.decode()
    assert reverse("vigilance:my_reading") in text
    assert "300" in text
    assert sum(spent(cast.nour)) <= 300
    incident.refresh_from_db()
    assert (incident.response, Incident.objects.count()) == ("block", 1)
    assert Notification.objects.filter(kind="vigilance.incident", recipient=cast.security).count() == 2
    # A piece of a page leads to the words as well, and is no way around, though the log knows the very rows.
    piece = client.get(LIST, headers={"HX-Request": "true"})
    assert piece["HX-Redirect"] == reverse("vigilance:my_reading")
    mine = client.get(reverse("vigilance:my_reading"))
    assert mine.status_code == 200
    assert "Nils Test" in mine.content.decode()
    client.post(reverse("vigilance:ask_extension"), {"rows": 500, "records": 0, "reason": "Envoi de la région"})
    wish = Extension.objects.get(user=cast.nour)
    grant = reverse("vigilance:grant_extension", args=[wish.pk])
    until = timezone.localtime() + timezone.timedelta(hours=3)
    decision = {"rows": 500, "records": 0, "ends_at": until.strftime("%Y-%m-%dT%H:%M"), "decision": "Convention lue"}
    assert client.post(grant, decision).status_code == 403
    officer = Client()
    officer.force_login(cast.security)
    assert officer.post(grant, decision | {"ends_at": "2020-01-01T00:00"}).status_code == 422
    assert officer.post(grant, decision).status_code == 302
    assert client.get(LIST).status_code == 200
    verbs = set(Entry.objects.about(wish).values_list("verb", flat=True))
    assert verbs == {"vigilance.extension_asked", "vigilance.extension_granted"}
    # Its end is its end.
    Extension.objects.update(ends_at=timezone.now())
    assert client.get(LIST).status_code == 429


def test_files_lists_and_records_share_one_budget(cast, client):
    """Rows of a file are counted when it is granted, once; beyond the budget it is blocked and security decides."""
    many(40)
    limit(50, 100)
    client.force_login(cast.nour)
    ask = reverse("segments:export_list", args=["companies"])
    data = {"format": "csv", "layout": "words", "query": ""}
    assert client.post(ask, data).status_code == 302
    export = ExportFile.objects.latest("pk")
    assert (export.state, spent(cast.nour)) == (ExportState.READY, [0, 0, 42])
    # The second would cross the limit: proof first, and nothing is written meanwhile.
    assert client.post(ask, data).status_code == 403
    assert ExportFile.objects.count() == 1
    prove(client)
    assert client.post(ask, data).status_code == 302
    assert spent(cast.nour) == [0, 0, 84]
    assert client.post(ask, data).status_code == 302
    blocked = ExportFile.objects.latest("pk")
    assert blocked.state == ExportState.BLOCKED
    # What security approves neither counts in the hour nor in the seven days.
    client.post(reverse("segments:request_approval", args=[blocked.pk]), {"reason": "Envoi annuel à la région"})
    client.force_login(cast.security)
    client.post(reverse("segments:approve_export", args=[blocked.pk]), {"reason": "Convention vérifiée"})
    assert Extension.objects.in_force().get(user=cast.nour).records == 42
    # Another list's file passes the budget on its way out: the answer stays in.
    client.force_login(cast.admin)
    limit(2, 2, role="platform_admin")
    people = client.get(reverse("accounts:people"), {"format": "csv"})
    assert people.status_code in (403, 429)
    assert "attachment" not in people.get("Content-Disposition", "")


def test_the_narrowest_limit_counts(cast, client):
    limit(1, 1)
    limit(500, 500, role="adviser")
    client.force_login(cast.nour)
    assert client.get(LIST).status_code == 200
    client.force_login(cast.manager)
    assert client.get(LIST).status_code in (403, 429)
    narrow = limit(2, 2, role="adviser", organisation=cast.chamber)
    client.force_login(cast.nour)
    assert client.get(LIST).status_code in (403, 429)
    client.force_login(cast.security)
    end = reverse("vigilance:end_limit", args=[narrow.pk])
    client.post(end, {"reason": "Essai terminé, plus besoin"})
    client.force_login(cast.nour)
    assert client.get(LIST).status_code == 200


def test_a_refresh_counts_once_and_a_page_costs_one_statement(cast, client, django_assert_num_queries):
    many(10)
    client.force_login(cast.nour)
    for _time in range(3):
        client.get(LIST, headers={"HX-Request": "true"})
    assert spent(cast.nour) == [0, 12, 0]
    user = User.objects.get(pk=cast.nour.pk)
    assert user.role
    with django_assert_num_queries(1):
        actions.spend_rows(user=user, listed=50)


def test_the_window_slides(cast):
    """A row counts for an hour: what was read before no longer holds anybody back, and the page says when."""
    limit(100, 100)

    now = timezone.now()
    slot = now.replace(minute=now.minute // 5 * 5, second=0, microsecond=0)
    Spending.objects.create(user=cast.nour, slot=slot - timezone.timedelta(minutes=60), listed=90)
    assert not actions.spend_rows(user=cast.nour, listed=60).is_refusal
    Spending.objects.create(user=cast.nour, slot=slot - timezone.timedelta(minutes=55), listed=40)
    verdict = actions.spend_rows(user=cast.nour, listed=20)
    assert (verdict.outcome, verdict.spent) == ("blocked", 100)
    assert verdict.free_at == slot + timezone.timedelta(minutes=5)


@pytest.mark.django_db(transaction=True)
def test_two_requests_at_once_cannot_both_take_the_last_row(cast):
    """Ten at the same moment for a budget of four: four pass."""
    limit(4, 4)
    outcomes, start = [], threading.Barrier(10)

    def read():
        start.wait()
        try:
            outcomes.append(actions.spend_rows(user=User.objects.get(pk=cast.nour.pk), opened=1).is_refusal)
        finally:
            connection.close()

    threads = [threading.Thread(target=read) for _n in range(10)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 4 + [True] * 6
    assert spent(cast.nour) == [4, 0, 0]
    assert Incident.objects.filter(user=cast.nour).count() == 1


def test_slow_reading_over_days_is_noticed(cast, client):
    """A few pages a day: the job counts different records of seven days, against the habit and the ceiling."""
    many(60)
    limit(5000, 8000, weekly_records=100, habit_floor=20, habit_factor=3)
    client.force_login(cast.nour)
    following = re.search(r'href="([^"]*after=[^"]*)"', client.get(LIST).content.decode())[1]
    client.get(urljoin(LIST, unescape(following)))
    # Read again, the same records are no others.
    client.get(LIST)
    for weeks in (1, 2, 3):
        monday = timezone.localdate() - timezone.timedelta(weeks=weeks)
        Habit.objects.create(user=cast.nour, week_on=monday, records=10)
    assert actions.count_records() == 1
    assert Reader.objects.get(user=cast.nour).records == 62
    habit = Incident.objects.get()
    assert (habit.kind, habit.count, habit.facts["usual"]) == ("habit", 62, 10)
    # Every session proves again who sits there.
    assert client.get(LIST).url.startswith("/account/prove/")
    prove(client)
    assert client.get(LIST).status_code == 200
    ReadingLimit.objects.update(weekly_records=50)
    refused = client.get(LIST)
    assert refused.status_code == 429
    assert Incident.objects.filter(kind="weekly_budget", response="block").count() == 1
    Extension.objects.create(
        user=cast.nour, stage="granted", records=100, reason="x", starts_at=timezone.now(),
        ends_at=timezone.now() + timezone.timedelta(days=1),
    )  # fmt: skip
    assert client.get(LIST).status_code == 200


def test_change_limit_keeps_what_was_decided_before(cast, client):
    client.force_login(cast.security)
    change = reverse("vigilance:change_limit")
    data = {
        "role": "adviser", "organisation": "", "hourly_rows": 400, "most_rows": 300, "weekly_records": 9000,
        "habit_factor": 4, "habit_floor": 2000, "reason": "Après l'incident",
    }  # fmt: skip
    assert client.post(change, data).status_code == 422
    assert client.post(change, data | {"most_rows": 600}).status_code == 302
    first = ReadingLimit.objects.in_force().get()
    assert client.post(f"{change}?from={first.pk}", data | {"most_rows": 700}).status_code == 302
    assert list(ReadingLimit.objects.in_force().values_list("most_rows", flat=True)) == [700]
    page = client.get(reverse("vigilance:read_limits")).content.decode()
    assert "600" in page
    assert "700" in page
    assert Entry.objects.filter(verb="vigilance.limit_changed").latest("pk").changes["most_rows"] == [600, 700]
    client.force_login(cast.nour)
    assert client.post(change, data).status_code == 403


def test_refuse_extension_and_answer_once(cast, client):
    client.force_login(cast.nour)
    ask = reverse("vigilance:ask_extension")
    assert client.post(ask, {"rows": 0, "records": 0, "reason": "Plus"}).status_code == 422
    client.post(ask, {"rows": 10, "records": 0, "reason": "Salon de Rennes"})
    client.post(ask, {"rows": 20, "records": 0, "reason": "Salon de Nantes"})
    wish = Extension.objects.get()
    assert wish.rows == 20
    assert client.get(wish.get_absolute_url()).status_code == 200
    client.force_login(cast.theo)
    assert client.get(wish.get_absolute_url()).status_code == 404
    client.force_login(cast.security)
    refuse = reverse("vigilance:refuse_extension", args=[wish.pk])
    client.post(refuse, {"decision": "La limite suffit"})
    wish.refresh_from_db()
    assert (wish.stage, wish.decision) == ("refused", "La limite suffit")
    with pytest.raises(actions.Decided):
        actions.refuse_extension(extension=wish, decision="x", by=cast.security)
    assert Notification.objects.filter(recipient=cast.nour, kind="vigilance.budget_near").exists()


def test_an_officer_gets_no_more_by_his_own_word(cast, client):
    client.force_login(cast.security)
    client.post(reverse("vigilance:ask_extension"), {"rows": 10, "records": 0, "reason": "Pour moi"})
    wish = Extension.objects.get()
    answer = client.post(reverse("vigilance:refuse_extension", args=[wish.pk]), {"decision": "Non merci"})
    assert answer.status_code == 403


def test_a_form_that_comes_back_is_no_way_around(cast, client):
    """Sent empty on purpose, it would show record after record, unseen by the log and by the budget."""
    limit(5, 5)
    client.force_login(cast.nour)
    change = reverse("directory:change_company", args=[cast.atelier.pk])
    answers = [client.post(change, said).status_code for said in ({}, {"name": ""}) * 3]
    assert answers == [200, 422, 200, 422, 200, 429]
    read = Reading.objects.filter(user=cast.nour, model="directory.company", object_id=str(cast.atelier.pk))
    assert read.count() == 6
