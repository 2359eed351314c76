"""What a company is able to do and intends, on a day; two days show which way it goes."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.care import actions
from pavillon.care.models import Assessment
from pavillon.care.queries.recommending import facts_about
from pavillon.care.tests.factories import refer
from pavillon.crm.tests.factories import fresh
from pavillon.directory.models import Market
from pavillon.reference.models import Country
from pavillon.solutions.models import Diagnosis, Questionnaire


def countries():
    for code, french, english in [
        ("DE", "Allemagne", "Germany"),
        ("BR", "Brésil", "Brazil"),
        ("ES", "Espagne", "Spain"),
    ]:
        Country.objects.get_or_create(code=code, defaults={"name_fr": french, "name_en": english})


def today(later=0):
    return timezone.localdate() + datetime.timedelta(days=later)


@pytest.mark.covers("JOUR-05")
def test_two_dated_assessments_show_what_rose_and_fell(cast, sign_in, django_assert_max_num_queries):
    """From the company's page: capacity up, horizon nearer, one country new, one gone; a line over time and a file."""
    countries()
    Market.objects.create(company=cast.atelier, country_id="DE")
    client, assess = sign_in(cast.nour), reverse("care:assess_company", args=[cast.atelier.pk])
    panel = reverse("care:company_assessments", args=[cast.atelier.pk])
    assert assess in client.get(panel).text
    assert client.get(assess).context["form"]["countries"].initial == "Germany", "begins with the markets of the card"
    first = {
        "capacity": "2", "intention": "decided", "horizon": "year", "countries": "Allemagne, espagne",
        "assessed_on": today(-200).isoformat(), "note": "Une première visite.",
    }  # fmt: skip
    assert client.post(assess, first).status_code == 302
    second = {
        "capacity": "3", "intention": "considering", "horizon": "soon", "countries": "DE; Bresil",
        "assessed_on": today().isoformat(), "note": "",
    }  # fmt: skip
    assert client.get(assess).context["form"]["countries"].initial == "Germany, Spain", "begins with what was said"
    for wrong, words in (
        ({"countries": "Allemagne, Syldavie"}, "Syldavie"), ({"assessed_on": today(1).isoformat()}, "future"),
        ({"capacity": "6"}, "capacity"), ({"intention": ""}, "intention"),
    ):  # fmt: skip
        answer = client.post(assess, {**second, **wrong})
        assert (answer.status_code, words in answer.text) == (422, True), wrong
    assert client.post(assess, second).status_code == 302
    evolution = reverse("care:view_evolution", args=[cast.atelier.pk])
    client.get(evolution)
    with django_assert_max_num_queries(14):
        page = client.get(evolution)
    now, before = page.context["steps"]
    assert (now.capacity.way, now.intention.way, now.horizon.way) == (1, -1, 1)
    assert ([one.pk for one in now.appeared], [one.pk for one in now.left]) == (["BR"], ["ES"])
    assert before.capacity.way is None
    assert "new: Brazil" in page.text
    assert "no longer: Spain" in page.text
    assert "<svg" in page.context["chart"]
    sheet = client.get(evolution, {"format": "csv"})
    assert "Brazil, Germany" in sheet.text
    assert "3 – Starting" in client.get(panel).text
    listed = reverse("directory:companies")
    for asked, found in (
        ({"capacity.least": "3"}, True), ({"capacity.most": "2"}, False), ({"intention.in": "considering"}, True),
        ({"target_country.in": "BR"}, True), ({"target_country.in": "ES"}, False), ({"horizon.in": "soon"}, True),
    ):  # fmt: skip
        assert (cast.atelier in client.get(listed, asked).context["listing"].rows) is found, asked
    with pytest.raises(actions.NotYetAssessed):
        actions.assess_company(
            company=cast.atelier, capacity=2, intention="nothing", by=fresh(cast.nour), assessed_on=today(1)
        )
    assert Entry.objects.filter(verb="care.company_assessed").count() == 2


def test_the_company_and_its_diagnosis_tell_it_too(cast, sign_in):
    """It reads what it said itself and never what its adviser thinks; a diagnosis is an assessment of its day."""
    countries()
    refer(cast, cast.nour)
    actions.assess_company(
        company=cast.atelier, capacity=1, intention="nothing", by=fresh(cast.nour), note="Trop tôt, à mon avis."
    )
    client, plans = sign_in(cast.claire), reverse("care_company:my_plans")
    assert "mon avis" not in client.get(plans).text
    said = {"capacity": "4", "intention": "engaged", "horizon": "", "countries": "Brazil", "note": ""}
    assert client.post(plans, {**said, "countries": "Brazilia"}).status_code == 422
    assert client.post(plans, said).status_code == 302
    page = client.get(plans)
    assert [step.assessment.source for step in page.context["steps"]] == ["company"]
    assert Notification.objects.filter(kind="care.assessment", recipient=cast.nour).exists()
    questionnaire = Questionnaire.objects.create(code="x", version=1, name_fr="x", name_en="x")
    passage = Diagnosis.objects.create(questionnaire=questionnaire, company=cast.atelier, user=cast.claire)
    assert actions.assess_from_diagnosis(diagnosis=passage) is None, "not finished"
    passage.score, passage.level, passage.finished_at = 30, 2, timezone.now()
    passage.save()
    made = actions.assess_from_diagnosis(diagnosis=passage)
    assert (made.capacity, made.source) == (2, "diagnosis")
    assert actions.assess_from_diagnosis(diagnosis=passage) == made, "once"
    steps = client.get(plans).context["steps"]
    assert [(step.assessment.source, step.capacity.way, step.left) for step in steps] == [
        ("diagnosis", -1, []), ("company", None, []),
    ]  # fmt: skip
    again = client.get(plans).context["form"]
    begun = {name: again[name].initial for name in ("capacity", "intention", "countries")}
    assert begun == {"capacity": 2, "intention": "engaged", "countries": "Brazil"}, "a diagnosis takes nothing away"
    team, listed = sign_in(cast.nour), reverse("directory:companies")
    assert "Is already at work" in team.get(reverse("care:company_assessments", args=[cast.atelier.pk])).text
    for asked, found in (
        ({"intention.in": "engaged"}, True), ({"target_country.in": "BR"}, True), ({"capacity.most": "2"}, True),
        ({"capacity.least": "4"}, False), ({"intention.in": "nothing"}, False),
    ):  # fmt: skip
        assert (cast.atelier in team.get(listed, asked).context["listing"].rows) is found, asked
    facts = facts_about(cast.atelier, fresh(cast.nour), [])
    assert (facts.assessment.capacity, facts.plans.intention, set(facts.countries)) == (2, "engaged", {"BR"})
    said = {**said, "capacity": "2", "intention": "decided", "countries": ""}
    client = sign_in(cast.claire)
    assert client.post(plans, said).status_code == 302
    now = client.get(plans).context["steps"][0]
    assert (now.intention.way, [one.pk for one in now.left]) == (-1, ["BR"]), "beside the last that told it"
    evolution = reverse("care:view_evolution", args=[cast.atelier.pk])
    assert client.get(evolution).status_code == 403
    assert len(sign_in(cast.official).get(evolution).context["steps"]) == 4
    assert sign_in(cast.official).get(reverse("care:assess_company", args=[cast.atelier.pk])).status_code == 403
    actions.forget_assessment(Assessment.objects.get(note__gt=""))
    assert not Assessment.objects.filter(note__gt="").exists()
