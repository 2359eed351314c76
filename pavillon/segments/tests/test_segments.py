"""Segments: a rule under a name, who is in it, who came and went; tags and target lists."""

import json
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Entry, Notification
from pavillon.directory import actions as directory
from pavillon.directory.criteria import read_rule
from pavillon.directory.models import Company
from pavillon.security.models import PolicyCell
from pavillon.segments import actions, tasks
from pavillon.segments.models import BulkAct, Segment, SegmentMove, Tagging, TargetList, TargetSize
from pavillon.segments.queries import members, moves_since, sentence_for, target_size

BIG = {"all": [{"field": "turnover", "op": "above", "value": 1_000_000}]}


@pytest.fixture
def big(cast):
    rule = read_rule(BIG, Company, cast.nour)
    return actions.create_segment(name="Grandes", subject="companies", rule=rule, by=cast.nour, sharing="organisation")


def fields(**more):
    """A builder's form: `r.0.field` is written `r_0_field`."""
    return {"r.how": "all", "r.0.field": "turnover", "r.0.op": "above", "r.0.value": "1000000", **more}


@pytest.mark.covers("BASE-06")
def test_create_segment_and_watch_a_company_enter_and_leave(cast, client):
    """Written in the builder; a company that grows enters it, one that shrinks leaves it, and both are told."""
    client.force_login(cast.nour)
    url = reverse("segments:create_segment")
    drawn = client.post(url, fields(gesture="show"), HTTP_HX_REQUEST="true")
    assert "<html" not in drawn.content.decode()
    assert drawn.context["preview"].count == 1
    client.post(url, fields(gesture="save", name="Grandes", sharing="personal"))
    segment = Segment.objects.get(name="Grandes")
    assert segment.rule == BIG
    assert [c.name for c in members(segment, cast.nour)] == ["Ateliers du Ponant"]
    began = timezone.now()
    assert moves_since(segment, cast.nour, began - timedelta(hours=1)) == {True: [], False: []}
    directory.change_company(company=cast.southern, by=cast.nour, turnover=9_000_000)
    tasks.follow_companies(company_ids=[cast.southern.pk])
    directory.change_company(company=cast.atelier, by=cast.nour, turnover=10)
    tasks.follow_companies(company_ids=[cast.atelier.pk])
    assert {c.name for c in members(segment, cast.nour)} == {"Verreries du Midi"}
    page = client.get(segment.get_absolute_url())
    assert [c.name for c in page.context["entered"]] == ["Verreries du Midi"]
    assert [c.name for c in page.context["left"]] == ["Ateliers du Ponant"]


def test_a_nightly_pass_finds_what_nobody_announced(cast, big):
    Company.objects.filter(pk=cast.southern.pk).update(turnover=5_000_000)
    tasks.refresh_segments(timestamp=0)
    assert actions.refresh_segment(segment=big) == (0, 0)
    big.refresh_from_db()
    assert big.size == 2
    assert SegmentMove.objects.get().entered
    Company.objects.update(turnover=None)
    assert actions.refresh_segment(segment=big) == (0, 2)


def test_the_builder_draws_groups_and_takes_lines_away(cast, client):
    client.force_login(cast.nour)
    url = reverse("segments:create_segment")
    tree = client.post(url, fields(gesture="group r")).context["builder"].tree
    assert [("parts" in part) for part in tree["parts"]] == [False, True]
    inner = {"r.1.how": "any", "r.1.0.field": "region", "r.1.0.op": "in", "r.1.0.value": ["53", "76"]}
    written = json.loads(client.post(url, fields(gesture="add r.1", **inner)).context["written"])
    assert written == {"all": [*BIG["all"], {"any": [{"field": "region", "op": "in", "value": ["53", "76"]}]}]}
    after = client.post(url, fields(gesture="remove r.0", **inner)).context["written"]
    assert "turnover" not in after
    wrong = client.post(url, {**fields(gesture="save", name="X"), "r.0.value": "beaucoup"})
    assert "“beaucoup”" in wrong.content.decode() or "beaucoup" in wrong.content.decode()
    assert not Segment.objects.exists()


def test_change_segment_and_delete_segment(cast, client, big):
    client.force_login(cast.nour)
    url = reverse("segments:change_segment", args=[big.pk])
    assert client.get(url).context["builder"].tree["parts"][0]["asking"].name == "turnover"
    client.post(url, {**fields(gesture="save", name="Très grandes", sharing="network"), "r.0.value": "5 M"})
    big.refresh_from_db()
    assert (big.name, big.rule["all"][0]["value"], big.size) == ("Très grandes", 5_000_000, 0)
    assert Entry.objects.about(big).filter(verb="segments.segment_changed").exists()
    client.force_login(cast.colleague)
    assert client.get(url).status_code == 403
    client.force_login(cast.nour)
    client.post(reverse("segments:delete_segment", args=[big.pk]))
    assert not Segment.objects.exists()


def test_who_finds_a_segment(cast, big):
    assert list(Segment.objects.visible_to(cast.colleague)) == [big]
    assert not Segment.objects.visible_to(cast.theo).exists()
    assert not Segment.objects.visible_to(cast.claire).exists()
    Segment.objects.update(sharing="personal")
    assert not Segment.objects.visible_to(cast.colleague).exists()


def test_a_segment_over_a_hidden_field_tells_nothing(cast, client, big):
    PolicyCell.objects.create(
        role="team_manager", model="directory.company", field="turnover", level=0, organisation=cast.chamber
    )
    assert not members(big, cast.manager).exists()
    assert "may not read" in sentence_for(big, cast.manager) or "ne pouvez pas" in sentence_for(big, cast.manager)
    client.force_login(cast.manager)
    page = client.get(big.get_absolute_url())
    assert page.context["count"] == 0
    assert page.context["entered"] == []
    assert "1000000" not in page.content.decode().replace("\u202f", "")


@pytest.mark.parametrize("name", ["segments:segments", "segments:create_segment"])
def test_pages_cost_a_bounded_number_of_statements(cast, client, big, name, django_assert_max_num_queries):
    client.force_login(cast.nour)
    client.get(reverse(name))
    with django_assert_max_num_queries(12):
        client.get(reverse(name))


@pytest.mark.covers("PLAN-08")
def test_target_size_excludes_its_bounds_and_is_changed_with_a_reason(cast, client):
    """50 and 500 are out, 51 and 499 in; the bounds are edited with a reason, which is kept."""
    for headcount in (50, 51, 499, 500):
        directory.create_company(name=f"Effectif {headcount}", by=None, headcount=headcount)
    client.force_login(cast.manager)
    page = client.get(reverse("segments:create_segment"), {"target": "1"})
    assert {str(row) for row in page.context["preview"].rows} == {"Effectif 51", "Effectif 499"}
    shown = client.get("/companies/?headcount.inside=50,500").context["listing"].rows
    assert {row.name for row in shown} == {"Effectif 51", "Effectif 499"}
    url = reverse("segments:change_target_size")
    assert client.post(url, {"above": 50, "below": 51, "reason": "Trop étroit"}).status_code == 422
    assert client.post(url, {"above": 20, "below": 300, "reason": ""}).status_code == 422
    client.post(url, {"above": 20, "below": 300, "reason": "Les PME d'abord"})
    assert (target_size().above, target_size().below) == (20, 300)
    assert TargetSize.objects.get().decided_by == cast.manager
    client.force_login(cast.nour)
    assert client.post(url, {"above": 1, "below": 9, "reason": "x"}).status_code == 403


def test_tag_companies_and_undo_bulk(cast, client):
    client.force_login(cast.nour)
    Tagging.objects.all().delete()
    actions.tag_companies(companies=[cast.atelier.pk], tag="Salon", by=cast.nour)
    url = reverse("segments:tag_companies")
    both = [cast.atelier.pk, cast.southern.pk]
    assert client.post(url, {"row": both}).context["count"] == 2
    client.post(url, {"row": both, "tag": "Salon", "go": "1"})
    assert Tagging.objects.count() == 2
    found = client.get("/companies/", {"tag.in": Tagging.objects.first().tag_id, "cols": "tags"})
    assert found.content.decode().count("Salon") >= 2
    act = BulkAct.objects.latest("pk")
    assert act.done == [cast.southern.pk]
    client.post(reverse("segments:undo_bulk", args=[act.pk]))
    assert [t.company for t in Tagging.objects.all()] == [cast.atelier]
    # Another organisation sees neither the tag nor its name.
    client.force_login(cast.theo)
    answer = client.get("/companies/", {"tag.in": Tagging.objects.first().tag_id})
    assert answer.context["listing"].rows == []
    assert "Salon" not in answer.content.decode()


def test_the_whole_list_can_be_meant(cast, client):
    client.force_login(cast.nour)
    data = {"everything": "1", "query": "region.in=53", "row": [cast.southern.pk], "tag": "Bretons", "go": "1"}
    client.post(reverse("segments:tag_companies"), data)
    assert [t.company for t in Tagging.objects.all()] == [cast.atelier]


@pytest.mark.covers("PLAN-09")
def test_target_companies_and_publish_target_list(cast, client):
    """A manager puts companies in a list of marketing and gives it to an adviser, who finds it with its origin."""
    client.force_login(cast.manager)
    sent = {
        "row": [cast.atelier.pk],
        "name": "Salon de Hanovre",
        "origin": "marketing",
        "note": "À rappeler",
        "go": "1",
    }
    client.post(reverse("segments:target_companies"), sent)
    made = TargetList.objects.get()
    assert (made.origin, made.author) == ("marketing", cast.manager)
    publish = reverse("segments:publish_target_list", args=[made.pk])
    client.post(publish, {"readers": [cast.nour.pk]})
    assert Notification.objects.filter(recipient=cast.nour, kind="segments.target_list").exists()
    client.force_login(cast.nour)
    text = client.get(reverse("segments:target_lists")).content.decode()
    assert "Salon de Hanovre" in text
    assert "Marketing" in text
    assert "Ateliers du Ponant" in client.get(made.get_absolute_url()).content.decode()
    assert client.post(publish, {"readers": [cast.nour.pk]}).status_code == 403
    client.force_login(cast.theo)
    assert client.get(made.get_absolute_url()).status_code == 404


def test_create_target_list_refuses_a_name_twice(cast):
    actions.create_target_list(name="A", origin="sales", by=cast.nour)
    with pytest.raises(actions.NameTaken):
        actions.create_target_list(name="A", origin="sales", by=cast.nour)


def test_marks_follow_a_merge(cast):
    twin = directory.create_company(name="Ateliers Ponant", by=None)
    actions.tag_companies(companies=[cast.atelier.pk, twin.pk], tag="Salon", by=cast.nour)
    made = actions.create_target_list(name="A", origin="sales", by=cast.nour)
    actions.target_companies(companies=[twin.pk], target_list=made, by=cast.nour)
    directory.merge_companies(kept=cast.atelier, removed=twin, by=cast.manager)
    assert [t.company for t in Tagging.objects.all()] == [cast.atelier]
    assert [row.company for row in made.rows.all()] == [cast.atelier]
