"""Two people at once, in real transactions: one of them is told so, and nothing is done twice or half."""

import threading
import time
from datetime import timedelta
from queue import Queue

import pytest
from allauth.usersessions.models import UserSession
from django.db import connection, transaction
from django.utils import timezone

from pavillon.accounts.actions import EmailTaken, create_user, end_session
from pavillon.accounts.models import User
from pavillon.activity.models import Entry
from pavillon.agenda.actions import create_entry
from pavillon.core.wall import house
from pavillon.correspondence.actions.sorting import count_meeting
from pavillon.correspondence.models import CopiedMail
from pavillon.crm import actions
from pavillon.crm.models import HandOver, Interaction
from pavillon.crm.tests.factories import fresh, lead, stage, taken
from pavillon.directory.actions import (
    AlreadyMerged,
    SirenTaken,
    add_contact,
    change_company,
    change_contact,
    create_company,
    gather_late_rows,
)
from pavillon.directory.actions import merge_companies as merge
from pavillon.directory.models import Company, Contact
from pavillon.directory.queries import late_merges
from pavillon.interchange.actions import QuotaExceeded, create_key, spend_call
from pavillon.interchange.models import Key, Usage

pytestmark = pytest.mark.django_db(transaction=True)
SIREN = "552100554"


def at_once(*acts):
    """Each act in a thread and a transaction of its own, begun together: what came of each, an exception's class for
    one that raised."""
    start, came = threading.Barrier(len(acts)), [None] * len(acts)

    def live(place, act):
        try:
            with house():
                connection.ensure_connection()
                start.wait(120)
                came[place] = act()
        except Exception as error:
            came[place] = type(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=live, args=pair) for pair in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert not any(thread.is_alive() for thread in threads), "they wait for each other"
    return came


def refused(came):
    return [one for one in came if isinstance(one, type)]


def test_two_at_once(client):
    """One world for all of them: making it anew for each would cost more than what is asked."""
    cast = stage()
    two_take_charge(cast)
    two_hand_over_and_two_answer(cast)
    two_create_the_same(cast)
    one_merges_while_another_edits(cast)
    two_versions_of_an_invitation_count(cast)
    many_spend_the_last_calls(cast)
    a_session_ends_while_it_reads(cast, client)


def two_take_charge(cast):
    request = lead(cast.atelier)
    came = at_once(*(lambda by=by: actions.take_charge(lead=request, by=fresh(by)) for by in (cast.nour, cast.nina)))
    assert refused(came) == [actions.AlreadyTaken]
    request.refresh_from_db()
    assert request.adviser in (cast.nour, cast.nina)
    assert Entry.objects.about(request).filter(verb="crm.lead_taken").count() == 1


def two_hand_over_and_two_answer(cast):
    request = taken(lead(cast.atelier))
    by, others = fresh(request.adviser), [p for p in (cast.nour, cast.nina, cast.theo) if p != request.adviser]

    def offer(to):
        return actions.hand_over_lead(lead=request, to=fresh(to), team=fresh(to).organisation, note="x", by=by)

    came = at_once(lambda: offer(others[0]), lambda: offer(others[1]))
    assert refused(came) == [actions.HandOverPending]
    offered = HandOver.objects.get(lead=request)
    receiver = fresh(offered.receiver)
    came = at_once(
        lambda: actions.accept_hand_over(hand_over=offered, by=receiver),
        lambda: actions.accept_hand_over(hand_over=offered, by=receiver),
        lambda: actions.decline_hand_over(hand_over=offered, answer="x", by=receiver),
    )
    assert refused(came) == [actions.HandOverAnswered] * 2
    assert Entry.objects.about(request).filter(verb__contains="handed_over").count() <= 1


def two_versions_of_an_invitation_count(cast):
    """Of the meeting to which both invited, one exchange."""
    now, nour = timezone.now(), fresh(cast.nour)
    began = now - timedelta(hours=2)
    meeting = create_entry(
        by=nour, title="Twice", kind="meeting", starts_at=began, ends_at=now - timedelta(hours=1), company=cast.atelier
    )
    filed = {
        "owner": nour, "organisation": nour.organisation, "company": cast.atelier, "state": "filed", "size": 1,
        "sent_at": began, "received_at": began, "sorted_at": now, "calendar_method": "REQUEST",
        "calendar_uid": meeting.uid, "checked": "relay",
    }  # fmt: skip
    said = {"company": cast.atelier, "kind": "mail", "happened_at": began, "summary": "x", "by": nour}
    mails = [
        CopiedMail.objects.create(key=f"version-{n}", interaction=actions.log_interaction(**said), **filed)
        for n in range(2)
    ]
    came = at_once(*(lambda mail=mail: count_meeting(mail=mail, by=fresh(cast.nour)) for mail in mails))
    assert sorted(type(each).__name__ for each in came) == ["Interaction", "NoneType"], came


def two_create_the_same(cast):
    """A form sent twice by an impatient finger: what must be one stays one, and the second is told which."""
    nour = fresh(cast.nour)
    came = at_once(*(lambda: create_company(name="Double", siren=SIREN, by=nour) for _n in range(2)))
    assert refused(came) == [SirenTaken]
    assert Company.objects.filter(siren=SIREN).count() == 1
    person = {"email": "twice@example.org", "first_name": "A", "last_name": "B", "language": "fr"}
    came = at_once(*(lambda: create_user(**person, by=nour) for _n in range(2)))
    assert refused(came) == [EmailTaken]
    assert User.objects.filter(email="twice@example.org").count() == 1


def one_merges_while_another_edits(cast):
    """The edit is in what is kept, or its author is told; no contact and no exchange stays behind."""
    for number in range(3):
        removed = create_company(name=f"Twin {number}", by=None)
        nour = fresh(cast.nour)

        def log(removed=removed, nour=nour):
            return actions.log_interaction(
                company=removed, kind="call", happened_at=timezone.now() - timedelta(hours=1), summary="x", by=nour
            )

        came = at_once(
            lambda removed=removed: merge(kept=cast.atelier, removed=removed, by=None),
            lambda removed=removed, nour=nour: change_company(company=removed, by=nour, website="https://a.example"),
            lambda removed=removed, nour=nour: add_contact(company=removed, by=nour, last_name="Riou"),
            log,
        )
        assert set(refused(came)) <= {AlreadyMerged}, came
        removed.refresh_from_db()
        assert removed.is_merged
        # What was written while the merge ran follows by the nightly job.
        for event in late_merges():
            gather_late_rows(event)
        for model in (Contact, Interaction):
            assert not model.objects.filter(company=removed).exists(), f"{model.__name__} stays at what is merged"


def many_spend_the_last_calls(cast):
    nour = fresh(cast.nour)
    key, _secret = create_key(name="x", membership=nour.acting, scopes=["directory"], by=nour)
    Key.objects.filter(pk=key.pk).update(hourly_quota=3)
    key.refresh_from_db()
    came = at_once(*(lambda: spend_call(key=key) for _n in range(6)))
    spent = list(Usage.objects.filter(key=key).values_list("calls", flat=True))
    # Two hours when the clock strikes meanwhile: no hour has more than its three.
    assert max(spent) <= 3
    assert sum(spent) == 6 - len(refused(came))
    assert set(refused(came)) <= {QuotaExceeded}


def a_session_ends_while_it_reads(cast, client):
    """From the moment that ending it returns, no page of the session opens, whatever ran before."""
    client.force_login(cast.nour)
    ended, late = threading.Event(), []

    def read():
        for _n in range(200):
            was_over = ended.is_set()
            status = client.get("/leads/").status_code
            if was_over:
                late.append(status)
                return

    def end():
        for session in list(UserSession.objects.filter(user=cast.nour)):
            end_session(session=session, by=fresh(cast.nour))
        ended.set()

    assert client.get("/leads/").status_code == 200
    key = client.session.session_key
    UserSession.objects.create(user=cast.nour, session_key=key, ip="192.0.2.1", user_agent="x")
    assert not refused(at_once(read, end))
    assert late == [302]


def wait_for_lock(pid):
    """Until that session waits for a row of somebody else."""
    ends = time.monotonic() + 120
    with connection.cursor() as cursor:
        while time.monotonic() < ends:
            cursor.execute("SELECT cardinality(pg_blocking_pids(%s))", [pid])
            if cursor.fetchone()[0]:
                return
            time.sleep(0.01)
    raise AssertionError("it waits for nobody")


def test_contacts_that_change_places_do_not_wait_for_each_other():
    """The order that made both wait: the second company is held back until each mover stands before it."""
    cast = stage()
    there = create_company(name="Forge du Léon", by=None)
    anna = add_contact(company=cast.atelier, first_name="Anna", last_name="Le Goff", by=None)
    yann = add_contact(company=there, first_name="Yann", last_name="Le Goff", by=None)
    pids, came = Queue(), []

    def move(person, place):
        try:
            with house(), connection.cursor() as cursor:
                cursor.execute("SELECT pg_backend_pid()")
                pids.put(cursor.fetchone()[0])
                change_contact(contact=person, company=place, by=None)
            came.append("moved")
        except Exception as error:
            came.append(type(error))
        finally:
            connection.close()

    threads = [threading.Thread(target=move, args=pair) for pair in ((yann, cast.atelier), (anna, there))]
    with transaction.atomic():
        Company.objects.select_for_update(of=("self",)).get(pk=there.pk)
        for thread in threads:
            thread.start()
            wait_for_lock(pids.get(timeout=120))
    for thread in threads:
        thread.join(120)
    assert came == ["moved", "moved"]
    assert [Contact.objects.get(pk=person.pk).company for person in (anna, yann)] == [there, cast.atelier]
