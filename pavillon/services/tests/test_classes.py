"""Classes of companies follow services that were delivered and sales that were attested, not requests."""

import datetime
from decimal import Decimal

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from pavillon.crm.actions import compute_profiles
from pavillon.crm.models import CompanyProfile, Lead
from pavillon.crm.tasks import compute_profile, follow_thresholds
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.models import Company
from pavillon.reference.models import Country
from pavillon.services import actions
from pavillon.services.models import ServiceOrder, Survey
from pavillon.services.tests.factories import ordered


def delivered(cast, days_ago):
    order, at = ordered(cast), timezone.now() - datetime.timedelta(days=days_ago)
    ServiceOrder.objects.filter(pk=order.pk).update(proposed_at=at, ordered_at=at)
    return actions.deliver_order(order=order, delivered_on=timezone.localdate(at), by=fresh(cast.nour))


def recompute():
    """What the worker finds to do about classes, once."""
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="crm.compute_profile")
    told = [job.args for job in jobs]
    jobs.delete()
    for args in told:
        compute_profile(**args)


def profile(cast):
    return CompanyProfile.objects.get(pk=cast.atelier.pk)


@pytest.mark.covers("PLAN-13")
def test_lifecycle_follows_services_and_their_age(cast, sign_in):
    """Prospect, new, valuable; without a service for N months it becomes inactive, and the counts say so."""
    asked, now = lead(cast.atelier), timezone.now()
    done = {"taken_at": now, "take_charge_minutes": 5, "treated_at": now, "outcome": "informed"}
    Lead.objects.filter(pk=asked.pk).update(state="treated", **done)
    compute_profiles()
    treated = profile(cast)
    assert (treated.lifecycle, treated.services, treated.treated_requests) == ("prospect", 0, 1), "no service"
    first = delivered(cast, 400)
    recompute()
    assert profile(cast).lifecycle == "new", "by the delivery itself, before any night"
    assert timezone.localdate(profile(cast).last_service_at) == first.delivered_on
    delivered(cast, 300)
    delivered(cast, 200)
    ordered(cast)
    recompute()
    assert (profile(cast).lifecycle, profile(cast).services) == ("valuable", 3)
    panel = sign_in(cast.nour).get(reverse("crm:view_profile", args=[cast.atelier.pk])).text
    assert "3 services delivered, the last on" in panel
    listed = sign_in(cast.nour).get("/companies/", {"services.least": "3"}).context["listing"]
    assert [row.pk for row in listed.rows] == [cast.atelier.pk]
    url = reverse("crm:change_profile_settings")
    present = {
        "inactive_months": 5, "valuable_services": 3, "high_value": 1000, "loyal_exchanges": 4, "regular_percent": 10,
        "regular_sales": 2, "potential_score": 50, "manual_minutes": 30,
    }  # fmt: skip
    client = sign_in(cast.admin)
    assert client.post(url, {**present, "reason": ""}).status_code == 422
    client.post(url, {**present, "reason": "Décision du comité"})
    jobs = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name="crm.follow_thresholds")
    assert jobs.count() == 1, "nobody waits for the night to see what the thresholds do"
    follow_thresholds()
    assert profile(cast).lifecycle == "inactive"
    assert set(CompanyProfile.objects.values_list("lifecycle", flat=True)) == {"inactive", "prospect"}
    assert sign_in(cast.nour).post(url, {**present, "reason": "x"}).status_code == 403


@pytest.mark.covers("LEAD-02")
def test_sales_that_a_company_attests_make_it_an_exporter(cast, sign_in):
    """Told through the link of its survey: one sale makes it occasional, the third within three years regular."""
    Company.objects.filter(pk=cast.atelier.pk).update(export_class="", export_turnover=None)
    compute_profiles()
    assert profile(cast).export_class in ("not_exporter", "potential")
    germany = Country.objects.get(pk="DE")
    for sales, expected in ((1, ("occasional", "sold")), (2, ("regular", "attested"))):
        order = delivered(cast, 40 * sales)
        survey = Survey.objects.get(order=order, kind="impact")
        actions.send_survey(survey=survey)
        flows = [actions.Flow("contract", germany, Decimal("1000"), "EUR")] * sales
        flows.append(actions.Flow("agent", germany, None, "EUR"))
        actions.answer_impact(survey=survey, flows=flows, verbatim="", attested_by="Claire")
        recompute()
        assert (profile(cast).export_class, profile(cast).export_rule) == expected
    text = sign_in(cast.nour).get(reverse("crm:view_profile", args=[cast.atelier.pk])).text
    assert "attests sales abroad again and again" in text
    assert "data-copy" not in text, "a regular exporter goes to its referent, not to the diagnosis"
