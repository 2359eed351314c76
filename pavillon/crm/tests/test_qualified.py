"""Qualified companies: complete a checklist, count on any day, compare with the target."""

import datetime

import pytest
from django.apps import apps
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.enums import Role
from pavillon.accounts.tests import factories as people
from pavillon.crm import actions, tasks
from pavillon.crm.models import QualifiedPeriod
from pavillon.crm.tests.factories import fresh, lead
from pavillon.directory.actions import add_contact, change_company
from pavillon.directory.models import Market
from pavillon.reference.models import Country


def follow():
    """Do what waits in the queue, as the worker would."""
    waiting = apps.get_model("procrastinate.ProcrastinateJob").objects.filter(task_name__startswith="crm.")
    for job in waiting.order_by("id"):
        name = job.task_name.removeprefix("crm.")
        if name in {"compute_profile", "compute_qualified_of", "follow_checklist"}:
            getattr(tasks, name)(**job.args)


def counted(client, day=None):
    page = client.get(reverse("crm:view_qualified"), {"on": day.isoformat()} if day else {})
    assert page.status_code == 200
    return page.context["answer"].whole.total


@pytest.mark.covers("LEAD-05", "IND-03")
def test_completing_the_checklist_counts_one_more_beside_the_target(cast, sign_in, django_assert_max_num_queries):
    """Each missing point is told; the count of a past day stays, and the curve has the target's points."""
    client, panel = sign_in(cast.nour), reverse("crm:view_qualification", args=[cast.atelier.pk])
    assert counted(client) == 0
    assert client.get(panel).context["standing"].missing == 7, "all but the region"
    country = Country.objects.get_or_create(code="DE", defaults={"name_fr": "Allemagne", "name_en": "Germany"})[0]
    change_company(company=cast.atelier, by=cast.nour, size="PME", sector=cast.sector, headcount=42)
    add_contact(company=cast.atelier, last_name="Riou", first_name="Anne", is_decision_maker=True, by=cast.nour)
    Market.objects.create(company=cast.atelier, country=country)
    member = {"member": fresh(cast.nour).acting.pk, "starts_on": timezone.localdate().isoformat()}
    assert client.post(reverse("crm:set_referent", args=[cast.atelier.pk]), member).status_code == 302
    follow()
    standing = client.get(panel).context["standing"]
    assert ([point.is_met for point in standing.points].count(False), standing.period) == (1, None)
    assert counted(client) == 0
    log = {"kind": "visit", "summary": "Tour de l’atelier", "outcome": "positive", "happened_at": timezone.now()}
    actions.log_interaction(company=cast.atelier, by=fresh(cast.nour), visibility="organisation", **log)
    follow()
    assert counted(client) == 0, "what an organisation keeps to itself is not guessed from the count"
    actions.log_interaction(company=cast.atelier, by=fresh(cast.nour), visibility="team", **log)
    follow()
    with django_assert_max_num_queries(24):
        assert counted(client) == 1
    assert client.get(panel).context["standing"].missing == 0
    today = timezone.localdate()
    # The target of the year, set on a screen.
    national = sign_in(cast.henri)
    target = {"on": (today + datetime.timedelta(days=30)).isoformat(), "count": 4}
    assert national.post(reverse("crm:set_qualified_target"), {**target, "count": 8}).status_code == 302
    assert national.post(reverse("crm:set_qualified_target"), target).status_code == 302
    page = national.get(reverse("crm:view_qualified"))
    answer = page.context["answer"]
    assert (answer.target.count, answer.percent, answer.left) == (4, 25, 3)
    assert [(line.name, line.ci, line.cai) for line in answer.regions] == [(str(cast.bretagne), 1, 0)]
    assert "Qualified SMEs and mid-caps, line chart" in page.text
    # It has been so for forty days; a stricter checklist of today leaves the days before as they were.
    since = today - datetime.timedelta(days=40)
    QualifiedPeriod.objects.update(starts_on=since)
    asked = {"fields_known": ["sector", "website"], "interview_months": 12, "needs_project": "on", "reason": "Audit"}
    assert sign_in(cast.manager).post(reverse("crm:change_checklist"), asked).status_code == 403
    assert sign_in(cast.henri).post(reverse("crm:change_checklist"), asked).status_code == 302
    follow()
    client = sign_in(cast.nour)
    assert counted(client) == 0
    assert counted(client, today - datetime.timedelta(days=1)) == 1
    assert counted(client, since - datetime.timedelta(days=1)) == 0
    # A day before anybody counted is refused on the form, and today is told.
    early = client.get(reverse("crm:view_qualified"), {"on": "0001-01-05"})
    assert (early.status_code, early.context["answer"].on, list(early.context["form"].errors)) == (200, today, ["on"])
    assert sign_in(cast.claire).get(panel).status_code == 403


def test_a_company_counts_once_in_the_network_of_its_referent(cast):
    """It passes from one network to the other with its referent, and out with who is in none."""
    change_company(company=cast.atelier, by=None, size="ETI")
    actions.change_checklist(fields=[], interview_months=24, needs_project=False, reason="Essai", by=cast.henri)
    lead(cast.atelier)
    actions.log_interaction(
        company=cast.atelier, by=fresh(cast.nour), visibility="team", kind="call", summary="Appel", outcome="neutral",
        happened_at=timezone.now(),
    )  # fmt: skip
    networks = lambda: list(QualifiedPeriod.objects.on(timezone.localdate()).values_list("network", flat=True))  # noqa: E731
    for adviser, place, expected in (
        (cast.nour, cast.chamber, ["ci"]),
        (cast.kim, cast.bank, ["cai"]),
        (people.person("Sans", cast.chamber, Role.ADVISER), cast.chamber, []),
    ):
        cast.atelier.referents.all().delete()
        actions.set_referent(company=cast.atelier, adviser=adviser, organisation=place, by=cast.henri)
        actions.compute_qualified()
        assert networks() == expected
        assert actions.compute_qualified(companies=[cast.atelier.pk]) == 0, "nothing changes twice"
    change_company(company=cast.atelier, by=None, size="GE")
    actions.compute_qualified()
    assert networks() == []
