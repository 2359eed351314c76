import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Notification
from pavillon.crm import actions
from pavillon.crm.models import Lead
from pavillon.crm.tests.factories import fresh, lead
from pavillon.workspace.queries import desk_of

DESK = "/desk/"


@pytest.mark.covers("LEAD-03")
def test_the_desk_shows_what_waits_for_me_and_only_that(cast, sign_in):
    mine, other = lead(cast.atelier, subject="Vers le Chili"), lead(cast.southern, subject="Vers le Pérou")
    page = sign_in(mine.adviser).get(DESK).content.decode()
    assert "Vers le Chili" in page
    assert "Vers le Pérou" not in page
    assert other.adviser == cast.theo
    assert "Vers le Pérou" in sign_in(cast.theo).get(DESK).content.decode()


def test_the_waiting_blocks_alone_answer_the_live_refresh(cast, sign_in):
    request = lead(cast.atelier)
    page = sign_in(request.adviser).get(DESK)
    assert 'hx-trigger="live:crm.lead from:body' in page.content.decode()
    piece = sign_in(request.adviser).get(DESK, headers={"HX-Request": "true"}).content.decode()
    assert "<html" not in piece
    assert request.subject in piece


def test_today_and_overdue_promises_stand_on_the_desk(cast):
    today = timezone.localdate()
    request = actions.take_charge(lead=lead(cast.atelier), by=fresh(cast.nour))
    Lead.objects.filter(pk=request.pk).update(next_action="Rappeler", next_action_on=today - datetime.timedelta(days=2))
    actions.log_interaction(
        company=cast.southern,
        kind="note",
        happened_at=timezone.now(),
        summary="x",
        next_action="Envoyer le guide",
        next_action_on=today,
        by=fresh(cast.nour),
    )
    desk = desk_of(fresh(cast.nour))
    assert [promise.what for promise in desk.overdue] == ["Rappeler"]
    assert [promise.what for promise in desk.today] == ["Envoyer le guide"]
    assert not desk_of(fresh(cast.nina)).today


@pytest.mark.covers("LEAD-03")
def test_a_manager_sees_what_is_late_in_the_team_until_somebody_takes_it(cast, sign_in):
    """An escalation gives another hour, and takes nothing off his desk, nor off the list of what is late."""
    mine, other = lead(cast.atelier), lead(cast.southern)
    Lead.objects.update(due_at=timezone.now() - datetime.timedelta(hours=1))

    def shown():
        listed = sign_in(cast.manager).get(reverse("crm:leads"), {"whose": "all", "state": "late"}).context["listing"]
        return [desk_of(fresh(cast.manager)).late, listed.rows]

    assert shown() == [[mine], [mine]]
    assert desk_of(fresh(cast.nina)).late == []
    assert actions.escalate_late_leads() == 2
    mine.refresh_from_db()
    assert (mine.escalations, mine.is_late, other.adviser) == (1, False, cast.theo)
    assert shown() == [[mine], [mine]]
    assert "Escalated" in sign_in(cast.manager).get(DESK).text
    actions.take_charge(lead=mine, by=fresh(mine.adviser))
    assert shown() == [[], []]


@pytest.mark.covers("LEAD-03")
def test_national_managers_see_what_other_teams_left_to_them(cast, sign_in, django_assert_max_num_queries):
    """After a second escalation, and after the first where the team has no manager: when they are told."""
    managed, unmanaged, own = lead(cast.atelier), lead(cast.southern), lead(cast.atelier)
    Lead.objects.filter(pk=own.pk).update(team=cast.agency)

    def shown(user=cast.henri):
        page = sign_in(user).get(DESK)
        found = page.text.partition('id="escalated-requests"')[2].partition("</section>")[0]
        rows = [one for one in (managed, unmanaged, own) if f'href="{one.get_absolute_url()}"' in found]
        assert rows == sorted(page.context["desk"].escalated, key=lambda one: one.pk)
        return rows

    def escalate():
        Lead.objects.update(due_at=timezone.now() - datetime.timedelta(minutes=1))
        actions.escalate_late_leads()

    def told():
        urls = Notification.objects.filter(recipient=cast.henri, kind="crm.lead_escalated").values_list(
            "url", flat=True
        )
        return [one for one in (managed, unmanaged) if one.get_absolute_url() in urls]

    assert shown() == told() == []
    escalate()
    assert shown() == told() == [unmanaged]
    escalate()
    assert shown() == told() == [managed, unmanaged]
    page = sign_in(cast.henri).get(DESK)
    assert "Escalated by other teams" in page.text
    assert f"{managed.company_label} · CCI Bretagne" in page.text
    assert [one.pk for one in page.context["desk"].late] == [own.pk], (
        "what is late in one's own team stands there alone"
    )
    behind = sign_in(cast.henri).get(reverse("crm:leads"), {"whose": "all", "state": "late"})
    assert {managed, unmanaged} <= set(behind.context["listing"].rows)
    for other in (cast.manager, cast.alice, cast.nour):
        assert shown(other) == []
    with django_assert_max_num_queries(18):
        sign_in(cast.henri).get(DESK)
    # While the agency has no manager, those of its showroom stand for him.
    type(cast.henri).objects.filter(pk=cast.henri.pk).update(is_active=False)
    assert shown(cast.alice) == [managed, unmanaged]
    type(cast.henri).objects.filter(pk=cast.henri.pk).update(is_active=True)
    managed.refresh_from_db()
    actions.take_charge(lead=managed, by=fresh(managed.adviser))
    assert shown() == [unmanaged]


def test_recent_records_follow_todays_rights(cast, sign_in):
    request = lead(cast.atelier, subject="Suivi Norvège")
    holder = request.adviser
    sign_in(holder).get(request.get_absolute_url())
    assert "Suivi Norvège" in sign_in(holder).get(DESK).content.decode()
    Lead.objects.filter(pk=request.pk).update(region="76", team=cast.other, adviser=cast.theo)
    assert "Suivi Norvège" not in sign_in(holder).get(DESK).content.decode()


def test_the_desk_costs_the_same_whatever_waits(cast, sign_in, django_assert_max_num_queries):
    for _ in range(12):
        lead(cast.atelier)
    client = sign_in(cast.nour)
    client.get(DESK)
    # Session, person, membership, policy, menu and side bar: eight; the desk itself: ten.
    with django_assert_max_num_queries(18):
        assert client.get(DESK).status_code == 200


@pytest.mark.parametrize("page", ["workspace:desk", "workspace:search", "workspace:palette", "workspace:saved_views"])
def test_the_desk_and_its_tools_are_the_teams(cast, sign_in, page):
    for name in ("nour", "manager", "theo", "kim", "partner", "official", "alice", "henri", "operator", "admin"):
        assert sign_in(getattr(cast, name)).get(reverse(page)).status_code == 200, name
    for name in ("claire", "seller", "tom", "stranger"):
        assert sign_in(getattr(cast, name)).get(reverse(page)).status_code == 403, name
