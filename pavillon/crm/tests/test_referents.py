import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.crm import actions
from pavillon.crm.actions.merging import days_left
from pavillon.crm.models import Referent
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import create_company, merge_companies


def today(shift=0):
    return timezone.localdate() + datetime.timedelta(days=shift)


def referent(cast, company=None, adviser=None, starts_on=None, **more):
    adviser = fresh(adviser or cast.nour)
    return actions.set_referent(
        company=company or cast.atelier,
        adviser=adviser,
        organisation=adviser.organisation,
        by=cast.manager,
        starts_on=starts_on,
        **more,
    )


@pytest.mark.covers("LEAD-01")
def test_a_second_referent_is_refused_and_named(cast):
    referent(cast)
    with pytest.raises(actions.ReferentExists, match="Nour"):
        referent(cast, adviser=cast.nina)


@pytest.mark.covers("LEAD-01")
def test_the_database_refuses_two_at_the_same_time(cast):
    referent(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Referent.objects.create(company=cast.atelier, adviser=cast.nina, organisation=cast.chamber, starts_on=today(30))


@pytest.mark.covers("LEAD-01")
def test_a_planned_hand_over_keeps_the_history_and_tells_the_company(cast):
    first = referent(cast, starts_on=today(-100))
    second = actions.hand_over_referent(
        company=cast.atelier,
        adviser=cast.nina,
        organisation=cast.chamber,
        by=cast.nour,
        starts_on=today(10),
        reason="Changement de secteur",
    )
    first.refresh_from_db()
    assert first.ends_on == today(9)
    assert (first.is_current, second.is_planned) == (True, True)
    assert lead(cast.atelier).adviser == cast.nour, "until that day the first one answers"
    told = Notification.objects.filter(recipient=cast.claire, kind="crm.referent_changed")
    assert told.filter(title__contains="Nina").exists()
    verbs = set(Entry.objects.about(cast.atelier).values_list("verb", flat=True))
    assert {"crm.referent_set", "crm.referent_ended"} <= verbs


def test_a_hand_over_before_the_present_one_began_is_refused(cast):
    referent(cast, starts_on=today(5))
    with pytest.raises(actions.WrongPeriod):
        actions.hand_over_referent(
            company=cast.atelier,
            adviser=cast.nina,
            organisation=cast.chamber,
            by=cast.manager,
            starts_on=today(),
            reason="?",
        )


def test_a_merge_moves_everything_and_keeps_one_referent_at_a_time(cast):
    double = create_company(name="Atelier Ponant", by=None, region=cast.bretagne)
    referent(cast, starts_on=today(-20))
    referent(cast, company=double, adviser=cast.nina, starts_on=today(-90))
    request = lead(double)
    proposed = lead(company_name="Atelier du Ponant", commune=cast.quimper)
    note = actions.log_interaction(
        company=double, kind="note", happened_at=timezone.now(), summary="x", by=fresh(cast.nour)
    )
    merge_companies(kept=cast.atelier, removed=double, by=cast.manager)
    for row in (request, note):
        row.refresh_from_db()
        assert row.company == cast.atelier
    assert {match.company for match in proposed.matches.all()} == {cast.atelier}
    periods = list(
        Referent.objects.filter(company=cast.atelier).order_by("starts_on").values_list("adviser", "ends_on")
    )
    assert periods == [(cast.nina.pk, today(-21)), (cast.nour.pk, None)]
    assert not Referent.objects.filter(company=double).exists()


D = datetime.date


@pytest.mark.parametrize(
    ("period", "taken", "left"),
    [
        ((D(2026, 1, 1), None), [], [(D(2026, 1, 1), None)]),
        ((D(2026, 1, 1), None), [(D(2026, 2, 1), None)], [(D(2026, 1, 1), D(2026, 1, 31))]),
        (
            (D(2026, 1, 1), None),
            [(D(2026, 2, 1), D(2026, 2, 28))],
            [(D(2026, 1, 1), D(2026, 1, 31)), (D(2026, 3, 1), None)],
        ),
        ((D(2026, 2, 5), D(2026, 2, 10)), [(D(2026, 2, 1), D(2026, 2, 28))], []),
        ((D(2026, 2, 5), D(2026, 2, 10)), [(D(2026, 2, 10), None)], [(D(2026, 2, 5), D(2026, 2, 9))]),
        ((D(2026, 2, 5), D(2026, 2, 10)), [(D(2026, 3, 1), None)], [(D(2026, 2, 5), D(2026, 2, 10))]),
    ],
)
def test_days_left_outside_other_periods(period, taken, left):
    assert days_left(period, taken) == left


def test_records_to_complete_narrow_to_the_companies_one_answers_for(cast, client):
    referent(cast)
    client.force_login(cast.nour)
    page = reverse("curation:quality")
    mine = client.get(page, {"whose": "portfolio"})
    assert "?whose=portfolio" in mine.content.decode()
    assert {row.company_id for row in mine.context["listing"].rows} == {cast.atelier.pk}
    client.force_login(cast.nina)
    assert not client.get(page, {"whose": "portfolio"}).context["listing"].rows
