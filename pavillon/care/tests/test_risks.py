"""An unhappy company is marked by rules, kept before a day, and no longer marked by an act with its proof."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.care import actions
from pavillon.care.models import Criticism, RiskMark
from pavillon.care.tests.factories import LINK, asked, criticised, exchange, refer
from pavillon.crm.actions import hand_over_referent
from pavillon.crm.models import Referent, SharedTask
from pavillon.crm.tests.factories import fresh
from pavillon.directory.actions import create_company, flag_company, merge_companies
from pavillon.security.models import PolicyCell

RULES = {
    "low_score": "6", "low_days": "365", "low_level": "high", "criticism_days": "30", "criticism_level": "medium",
    "many_low": "2", "medium_task_days": "10", "high_task_days": "2", "reason": "Trop de clients perdus en silence",
}  # fmt: skip


def today(later=0):
    return timezone.localdate() + datetime.timedelta(days=later)


def listed(client, **asked_for):
    return {row.company_id for row in client.get(reverse("care:risks"), asked_for).context["listing"].rows}


@pytest.mark.covers("JOUR-10")
def test_a_low_survey_and_a_public_link_mark_the_account_and_give_a_task(cast, sign_in, client, mailoutbox):
    """The company answers badly, its adviser notes a public page: at risk, high, with a task of the referent."""
    refer(cast, cast.nour)
    survey, other = asked(cast), asked(cast)
    client.post(other.link, {"score": "9"})
    assert not RiskMark.objects.exists(), "a good answer marks nobody"
    Notification.objects.all().delete()
    mailoutbox.clear()
    client.post(survey.link, {"score": "2", "verbatim": "Rien n’était prêt."})
    mark = RiskMark.objects.get()
    assert (mark.company, mark.level, mark.referent, mark.ended_at) == (cast.atelier, "medium", cast.nour, None)
    assert (mark.task.given_to, mark.task.due_on, mark.task.done_at) == (cast.nour, today(10), None)
    told = Notification.objects.filter(kind="care.risk")
    assert {one.recipient for one in told} == {cast.nour, cast.manager}
    told = Notification.objects.all()
    assert {one.kind for one in told} >= {"care.risk", "services.low_score"}
    assert not any("of 10" in one.title or "satisf" in one.title + one.body for one in told), "no title tells the score"
    assert (mark.task.what, Entry.objects.get(verb="care.retention_asked").actor) == (
        "Look after this account: its page tells what is to be done", None
    ), "neither words nor author tell more than the page"  # fmt: skip
    page = sign_in(cast.nour).get(reverse("care:company_risk", args=[cast.atelier.pk]))
    assert "2 of 10" in page.text
    log = reverse("care:log_criticism", args=[cast.atelier.pk])
    said = {"url": LINK, "said": "Elle raconte le salon mal préparé.", "published_on": today().isoformat()}
    for wrong in (
        {"url": "ftp://avis.example/1"}, {"url": "https://user:pass@avis.example/"}, {"url": "https://localhost/x"},
        {"url": "javascript:alert(1)"}, {"said": "Mauvais"}, {"published_on": today(1).isoformat()},
        {"published_on": "1987-01-01"},
    ):  # fmt: skip
        assert client.post(log, {**said, **wrong}).status_code == 422, wrong
    assert client.post(log, said).status_code == 302
    again = client.post(log, said)
    assert (again.status_code, "already noted" in again.text) == (422, True)
    mark.refresh_from_db()
    assert (mark.level, mark.grounds.count(), RiskMark.objects.count()) == ("high", 2, 1)
    assert SharedTask.objects.get(pk=mark.task_id).due_on == today(3), "sooner, and one task only"
    assert SharedTask.objects.count() == 1
    # Corrected by who noted it, with its trace; a mark that stands does not fall.
    noted = Criticism.objects.get()
    put_right = reverse("care:correct_criticism", args=[noted.pk])
    assert put_right in client.get(mark.get_absolute_url()).text
    assert client.post(put_right, {**said, "url": "nowhere"}).status_code == 422
    assert client.post(put_right, {**said, "said": "Elle raconte l’atelier mal préparé."}).status_code == 302
    assert sign_in(cast.theo).get(put_right).status_code == 404
    line = Entry.objects.about(noted).get(verb="care.criticism_corrected")
    assert set(line.changes) == {"said"}
    assert "Corrected on" in sign_in(cast.nour).get(mark.get_absolute_url()).text
    client = sign_in(cast.nour)
    page = client.get(reverse("care:company_risk", args=[cast.atelier.pk]))
    assert "High" in page.text
    assert LINK in page.text
    assert cast.atelier.name in client.get(reverse("care:desk_risks")).text
    assert cast.atelier.name in sign_in(cast.manager).get(reverse("care:desk_risks")).text
    companies = reverse("directory:companies")
    for asked_for, found in (({"risk.in": "high"}, True), ({"risk.in": "medium"}, False), ({"at_risk.no": "1"}, False)):
        assert (cast.atelier in client.get(companies, asked_for).context["listing"].rows) is found, asked_for
    verbs = [entry.verb for entry in Entry.objects.about(mark).order_by("pk")]
    assert verbs == ["care.risk_raised", "care.retention_asked", "care.risk_confirmed"]


def test_a_mark_ends_by_an_act_with_a_proof_that_came_after(cast, sign_in):
    """No exchange, no end; one from before is refused; the task is done with it, and the history stays."""
    refer(cast, cast.nour)
    before = exchange(cast)
    criticised(cast)
    mark = RiskMark.objects.get()
    end, client = reverse("care:end_risk", args=[mark.pk]), sign_in(cast.nour)
    assert "Log it on the page of the company" in client.get(mark.get_absolute_url()).text
    said = {"end": "kept", "end_reason": "Un nouveau rendez-vous est fixé.", "proof": before.pk}
    assert client.post(end, said).status_code == 422
    with pytest.raises(actions.NoProof):
        actions.end_risk(mark=mark, end="kept", end_reason="x", proof=before, by=fresh(cast.nour))
    tried = [
        before, exchange(cast, kind="note"), exchange(cast, outcome="no_answer"), exchange(cast, company=cast.southern)
    ]  # fmt: skip
    for proof in tried:
        assert client.post(end, {**said, "proof": proof.pk}).status_code == 422
        with pytest.raises(actions.NoProof):
            actions.end_risk(mark=mark, end="kept", end_reason="x", proof=proof, by=fresh(cast.nour))
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskMark.objects.filter(pk=mark.pk).update(
                end="kept", proof=proof, ended_by=cast.nour, ended_at=timezone.now()
            )
    after = exchange(cast)
    assert sign_in(cast.nina).post(end, {**said, "proof": after.pk}).status_code == 403, "a colleague sees it only"
    client = sign_in(cast.nour)
    assert client.post(end, {**said, "end_reason": "", "proof": after.pk}).status_code == 422
    assert client.post(end, {**said, "proof": after.pk}).status_code == 302
    late = sign_in(cast.manager).post(end, {**said, "proof": after.pk})
    assert (late.status_code, "meanwhile" in late.text) == (422, True)
    mark.refresh_from_db()
    assert (mark.end, mark.proof, mark.ended_by, mark.task.done_by) == ("kept", after, cast.nour, cast.nour)
    assert Notification.objects.filter(kind="care.risk", recipient=cast.manager).count() == 2
    assert listed(client) == listed(client, state="open") == set()
    assert listed(client, state="all") == {cast.atelier.pk}
    assert "?state=ended" in client.get(reverse("care:risks")).text
    assert listed(client, state="ended") == {cast.atelier.pk}
    actions.weigh_risks()
    assert RiskMark.objects.count() == 1, "a fact counts once"
    criticised(cast, url=LINK + "1")
    assert [one.end for one in RiskMark.objects.order_by("pk")] == ["kept", ""]
    assert "satisfied again" in client.get(reverse("care:company_risk", args=[cast.atelier.pk])).text
    for column in ({"proof": None}, {"end": ""}, {"ended_by": None}):
        with pytest.raises(IntegrityError), transaction.atomic():
            RiskMark.objects.filter(pk=mark.pk).update(**column)
    actions.forget_risk(mark)
    actions.forget_criticism(Criticism.objects.first())
    assert not RiskMark.objects.filter(end_reason__gt="").exists()
    assert Criticism.objects.filter(said="").count() == 1


def test_who_sees_a_mark_and_who_keeps_it(cast, sign_in, django_assert_max_num_queries):
    """The region, the agency and who keeps it; never the company, a partner or an official; the matrix hides it all."""
    criticised(cast, by=cast.kim)
    mark = RiskMark.objects.get()
    assert (mark.referent, mark.organisation) == (cast.kim, cast.bank), "who found it, as long as nobody answers"
    for person, status in {
        cast.kim: 200, cast.nour: 200, cast.manager: 200, cast.henri: 200, cast.theo: 404, cast.claire: 404,
        cast.partner: 404, cast.official: 404,
    }.items():  # fmt: skip
        client = sign_in(person)
        assert client.get(mark.get_absolute_url()).status_code == status, person
        may_list = person not in (cast.claire, cast.partner, cast.official)
        assert client.get(reverse("care:risks")).status_code == (200 if may_list else 403), person
        if may_list:
            assert listed(client) == ({cast.atelier.pk} if status == 200 else set()), person
    company = reverse("care:company_risk", args=[cast.atelier.pk])
    assert "Nothing speaks" in sign_in(cast.theo).get(company).text
    assert sign_in(cast.partner).get(company).status_code == 403
    assert LINK not in sign_in(cast.claire).get("/my/").text
    day = today(-1)
    SharedTask.objects.filter(pk=mark.task_id).update(due_on=day)
    refer(cast, cast.nina)
    mark.refresh_from_db()
    assert (mark.referent, mark.task.given_to) == (cast.nina, cast.nina)
    task = SharedTask.objects.get()
    assert (task.pk, task.done_at, task.due_on, task.given_by) == (mark.task_id, None, day, cast.nina)
    # Whose company is closed to the new referent: a manager has the task.
    with transaction.atomic():
        known = {"by": fresh(cast.security), "reason": "Brevet", "state_service": "SISSE", "state_contact": "x"}
        flag_company(company=cast.atelier, organisations=[], people=[cast.manager, cast.nina], **known)
        last = {"by": fresh(cast.manager), "reason": "Congé", "starts_on": today()}
        Referent.objects.filter(company=cast.atelier).update(starts_on=today(-9))
        hand_over_referent(company=cast.atelier, adviser=cast.nour, organisation=cast.chamber, **last)
        task.refresh_from_db()
        assert (task.given_to, task.organisation, task.due_on) == (cast.manager, cast.chamber, day)
        transaction.set_rollback(True)
    other = create_company(name="Ponant (doublon)", by=None, region=cast.bretagne)
    criticised(cast, company=other, url=LINK + "2")
    left = RiskMark.objects.get(company=other)
    RiskMark.objects.filter(company=other).update(level="high")
    merge_companies(kept=cast.atelier, removed=other, by=fresh(cast.manager))
    mark.refresh_from_db()
    assert mark.level == "high"
    client = sign_in(cast.nina)
    assert listed(client, state="all") == {cast.atelier.pk}, "one account, one mark to work with"
    assert LINK + "2" in client.get(mark.get_absolute_url()).text, "on the grounds of both"
    assert "was merged" in sign_in(cast.manager).get(left.get_absolute_url()).text
    client = sign_in(cast.henri)
    said = {"end": "kept", "end_reason": "Les deux fiches sont apaisées.", "proof": exchange(cast).pk}
    with transaction.atomic():
        assert client.post(reverse("care:end_risk", args=[mark.pk]), said).status_code == 302
        assert [one.end for one in RiskMark.objects.all()] == ["kept", "kept"], "and both end"
        transaction.set_rollback(True)
    client = sign_in(cast.henri)
    assert "Atelier" in client.get(reverse("care:risks"), {"format": "csv", "state": "open"}).text
    with django_assert_max_num_queries(10):
        assert client.get(reverse("care:risks")).status_code == 200
    PolicyCell.objects.create(role="adviser", model="care.riskmark", field="*", level=0)
    client = sign_in(cast.nina)
    assert client.get(mark.get_absolute_url()).status_code == 404
    assert listed(client) == set()


def test_rules_are_data_that_people_read_and_change(cast, sign_in):
    """A lower bar does not take a mark away; a higher one marks what was answered before, by the job."""
    client, survey = sign_in(cast.nour), asked(cast)
    client.post(survey.link, {"score": "5"})
    sign_in(cast.claire).post(survey.link, {"score": "5"})
    assert not RiskMark.objects.exists()
    client = sign_in(cast.nour)
    assert "4 of 10" in client.get(reverse("care:view_risk_rules")).text
    change = reverse("care:change_risk_rules")
    assert client.get(change).status_code == 403
    client = sign_in(cast.henri)
    assert client.post(change, {**RULES, "reason": ""}).status_code == 422
    assert client.post(change, {**RULES, "low_score": "11"}).status_code == 422
    assert client.post(change, RULES).status_code == 302
    page = client.get(reverse("care:view_risk_rules"))
    assert "6 of 10" in page.text
    assert "Trop de clients" in page.text
    changes = Entry.objects.get(verb="care.risk_rules_changed").changes
    assert (changes["low_score"], "high_task_days" in changes, "reason" in changes) == ([4, 6], True, False)
    assert actions.weigh_risks() == 1
    mark = RiskMark.objects.get()
    assert (mark.level, mark.referent, mark.task.due_on) == ("high", cast.nour, today(2)), "who ordered keeps it"
    assert client.post(change, {**RULES, "low_score": "1"}).status_code == 302
    actions.weigh_risks()
    mark.refresh_from_db()
    assert (mark.level, mark.is_open) == ("high", True)
    assert mark.rules.low_score == 6, "the rules that marked it"
    marked = criticised(cast)
    mark.refresh_from_db()
    assert (mark.grounds.count(), mark.rules.low_score) == (2, 6), "one more ground does not change why"
    criticised(cast, company=cast.southern, published_on=today(-31))
    assert RiskMark.objects.count() == 1, "an old criticism is noted, and marks nobody"
    # Each of them is found to be put right, however many there are; by who may alone.
    for number in range(5):
        criticised(cast, company=cast.southern, published_on=today(-40), url=f"{LINK}?{number}")
        criticised(cast, company=cast.southern, by=cast.henri, published_on=today(-32), url=f"{LINK}?h{number}")
    client, panel = sign_in(cast.nour), reverse("care:company_risk", args=[cast.southern.pk])
    first = client.get(panel)
    rest = client.get(f"{panel}?skip={first.context['unmarked'].next}")
    corrected = {
        reverse("care:correct_criticism", args=[one.pk]) for one in Criticism.objects.filter(logged_by=cast.nour)
    }
    found = [link for link in corrected if link in first.text] + [link for link in corrected if link in rest.text]
    assert ("1 older criticism that" in first.text, "older criticism" in rest.text) == (True, False)
    assert set(found) == corrected - {reverse("care:correct_criticism", args=[marked.pk])}
    assert client.get(f"{panel}?skip=x9").context["unmarked"].left == 1
