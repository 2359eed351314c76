"""The search, the queue, batches: what is merged, what is asked, what is never proposed again."""

import pytest
from django.db import connection
from django.urls import reverse

from pavillon.curation import actions
from pavillon.curation.actions import batches as batch_actions
from pavillon.curation.enums import BatchState, LineState, PairState, Verdict
from pavillon.curation.models import CompanyQuality, Decision, DuplicatePair, MergeBatch, Scan
from pavillon.curation.queries import (
    Fresh,
    curve,
    dry_run,
    freshness_by_organisation,
    next_pair,
    overview_of,
    waterfall,
)
from pavillon.directory import actions as directory
from pavillon.directory.models import Company, MergeEvent
from pavillon.directory.tests.factories import ATELIER, BISCUITS, stage, unit
from pavillon.matching.models import LabelledPair


@pytest.fixture
def cast(db):
    return stage()


def company(name, commune, **fields):
    return directory.create_company(name=name, by=None, commune=commune, **fields)


@pytest.fixture
def twins(cast):
    """Two records of one company, as two sources wrote them."""
    one = company("Menuiserie Le Goff", cast.chateaulin, address="12 rue du Port", postal_code="29150",
                  website="https://legoff.example")  # fmt: skip
    other = company("MENUISERIE LE GOFF SARL", cast.chateaulin, address="12, r. du Port", postal_code="29150",
                    website="http://www.legoff.example/")  # fmt: skip
    return one, other


@pytest.fixture
def pair(twins):
    one, other = sorted(twins, key=lambda each: each.pk)
    return DuplicatePair.objects.create(left=one, right=other, probability=0.8, weight=1.4, model_version="1")


def fresh(row):
    return type(row)._base_manager.get(pk=row.pk)


def test_scan_base_merges_the_sure_ones_and_asks_about_the_others(cast, twins):
    near = company("Menuiserie Le Goff et fils", cast.chateaulin, address="40 avenue de la Gare", postal_code="29150")
    scan = actions.scan_base()
    assert scan.state == "done"
    assert scan.merged == 1
    assert [fresh(each).is_merged for each in twins].count(True) == 1
    event = MergeEvent.objects.get()
    assert event.score > 0.99
    assert event.model_version == scan.model_version
    asked = DuplicatePair.objects.filter(state=PairState.WAITING)
    assert {near.pk} <= {pk for row in asked for pk in (row.left_id, row.right_id)} or not asked
    again = actions.scan_base()
    assert (again.merged, again.proposed) == (0, 0)


def test_two_different_sirens_never_meet(cast):
    unit(ATELIER, legal_name="MENUISERIE LE GOFF")
    unit(BISCUITS, legal_name="MENUISERIE LE GOFF")
    where = {"commune": cast.chateaulin, "address": "12 rue du Port", "website": "https://legoff.example"}
    sisters = [
        directory.create_company(name="Menuiserie Le Goff", siren=s, by=None, **where) for s in (ATELIER, BISCUITS)
    ]
    actions.scan_base()
    assert not MergeEvent.objects.exists()
    assert not any(fresh(each).is_merged for each in sisters)


def test_a_scan_that_was_stopped_goes_on(cast, twins, monkeypatch):
    from pavillon.curation.actions import scanning

    monkeypatch.setattr(scanning, "SLICE", 1)
    whole = scanning._scan_slice
    calls = []

    def stop_at_the_second(scan, changed, model, **more):
        calls.append(changed)
        if len(calls) == 2:
            raise RuntimeError("power cut")
        whole(scan, changed, model, **more)

    monkeypatch.setattr(scanning, "_scan_slice", stop_at_the_second)
    with pytest.raises(RuntimeError):
        actions.scan_base()
    stopped = Scan.objects.get()
    assert (stopped.state, stopped.error) == ("failed", "power cut")
    done = actions.scan_base()
    assert done.pk == stopped.pk
    assert done.state == "done"
    assert calls[0] not in calls[1:]


def test_decide_pair_merges_labels_and_is_taken_back(cast, pair):
    decision = actions.decide_pair(pair=pair, verdict=Verdict.MERGE, by=cast.manager)
    assert fresh(pair).state == PairState.MERGED
    assert LabelledPair.objects.get(origin="person").is_match
    assert decision.event.score == 0.8
    with pytest.raises(actions.AlreadyDecided):
        actions.decide_pair(pair=pair, verdict=Verdict.DISTINCT, by=cast.alice)
    actions.undo_decision(decision=decision, by=cast.manager)
    assert fresh(pair).state == PairState.WAITING
    assert not LabelledPair.objects.filter(origin="person").exists()
    assert not Company.objects.filter(merged_into__isnull=False).exists()


def test_distinct_pairs_are_not_proposed_again(cast, pair, twins):
    actions.decide_pair(pair=pair, verdict=Verdict.DISTINCT, by=cast.manager)
    actions.scan_base()
    assert fresh(pair).state == PairState.DISTINCT
    assert not MergeEvent.objects.exists()


def test_one_pair_in_ten_is_decided_by_two_people(cast, pair):
    DuplicatePair.objects.filter(pk=pair.pk).update(is_doubled=True)
    actions.decide_pair(pair=pair, verdict=Verdict.MERGE, by=cast.manager)
    assert fresh(pair).state == PairState.SECOND
    assert next_pair(cast.manager) is None
    assert next_pair(cast.alice) == pair
    with pytest.raises(actions.OpinionGiven):
        actions.decide_pair(pair=pair, verdict=Verdict.MERGE, by=cast.manager)
    actions.decide_pair(pair=pair, verdict=Verdict.DISTINCT, by=cast.alice)
    assert fresh(pair).state == PairState.DISPUTED
    actions.decide_pair(pair=pair, verdict=Verdict.MERGE, by=cast.nour)
    assert fresh(pair).state == PairState.MERGED
    assert MergeEvent.objects.count() == 1


def test_undoing_a_merge_elsewhere_says_that_they_are_two(cast, twins):
    actions.scan_base()
    event = MergeEvent.objects.get()
    directory.undo_merge(event=event, by=cast.manager)
    assert DuplicatePair.objects.get(left__in=twins, right__in=twins).state == PairState.DISTINCT
    assert not LabelledPair.objects.get(origin="person").is_match
    actions.scan_base()
    assert not MergeEvent.objects.standing().exists()


def test_decisions_of_a_pair_follow_a_merge(cast, pair, twins):
    third = company("Autre chose", cast.rennes)
    actions.decide_pair(pair=pair, verdict=Verdict.DISTINCT, by=cast.manager)
    event = directory.merge_companies(kept=third, removed=twins[0], by=cast.manager)
    moved = fresh(pair)
    assert {moved.left_id, moved.right_id} == {third.pk, twins[1].pk}
    directory.undo_merge(event=event, by=cast.manager)
    assert {fresh(pair).left_id, fresh(pair).right_id} == {each.pk for each in twins}


@pytest.mark.covers("BASE-05")
def test_the_queue_is_decided_by_keys_from_its_pages(cast, client, pair, django_assert_max_num_queries):
    client.force_login(cast.manager)
    client.get(reverse("curation:duplicates"))
    with django_assert_max_num_queries(25):
        listed = client.get(reverse("curation:duplicates")).content.decode()
    assert pair.get_absolute_url() in listed
    assert client.get(reverse("curation:next_pair")).url == pair.get_absolute_url()
    shown = client.get(pair.get_absolute_url()).content.decode()
    for key in "mdgu":
        assert f'data-press="{key}"' in shown
    assert "waterfall" in shown
    client.post(reverse("curation:decide_pair", args=[pair.pk]), {"verdict": "merge"})
    decision = Decision.objects.get()
    assert decision.event
    assert client.post(reverse("curation:decide_pair", args=[pair.pk]), {"verdict": "merge"}).status_code in (403, 409)
    client.post(reverse("curation:undo_decision", args=[decision.pk]))
    assert fresh(pair).state == PairState.WAITING
    client.force_login(cast.official)
    assert client.get(reverse("curation:duplicates")).status_code == 403


def test_waterfall_adds_up(pair):
    chance, bars = waterfall(pair)
    assert 0 < chance <= 1
    assert all(0 <= bar.start <= 100 and bar.width <= 100.1 for bar in bars)


def test_rehearse_run_and_undo_a_batch(cast, pair, client):
    batch = actions.rehearse_batch(title="Essai", least=0.7, most=10, by=cast.manager)
    line = batch.lines.get()
    assert line.state == LineState.READY
    assert not MergeEvent.objects.exists()
    actions.run_batch(batch=batch, by=cast.manager)
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'curation.merge_batch'")
        assert cursor.fetchone()[0] == 1
    batch_actions.merge_lines(batch=fresh(batch), by=cast.manager)
    assert fresh(batch).state == BatchState.DONE
    assert MergeEvent.objects.standing().count() == 1
    client.force_login(cast.manager)
    assert client.get(batch.get_absolute_url()).status_code == 200
    client.post(reverse("curation:undo_batch", args=[batch.pk]))
    assert fresh(batch).state == BatchState.UNDONE
    assert not MergeEvent.objects.standing().exists()
    assert fresh(pair).state == PairState.WAITING


def test_batches_are_rehearsed_from_their_page(cast, pair, client):
    client.force_login(cast.manager)
    client.post(reverse("curation:rehearse_batch"), {"title": "Lot", "least": "70", "most": "5"})
    batch = MergeBatch.objects.get()
    assert batch.lines.count() == 1
    client.post(reverse("curation:run_batch", args=[batch.pk]))
    assert fresh(batch).state == BatchState.RUNNING
    assert client.get(reverse("curation:batches")).status_code == 200


def test_thresholds_are_tried_and_changed(cast, pair, client):
    for n, (is_match, name) in enumerate([(True, "same"), (False, "different")]):
        LabelledPair.objects.create(kind="company", left=f"a{n}", right=f"b{n}", levels={"name": name},
                                    is_match=is_match, origin="identity", is_frozen=True)  # fmt: skip
    assert len(curve()) > 5
    assert dry_run(0.9, 0.3, cast.manager) == {"automatic": 0, "review": 1, "distinct": 0}
    client.force_login(cast.manager)
    page = reverse("curation:thresholds")
    assert client.get(page).status_code == 200
    assert client.get(page, {"automatic": "75", "review": "20"}).context["dry_run"]["automatic"] == 1
    assert client.get(page, {"automatic": "50", "review": "60"}).status_code == 422
    client.post(reverse("curation:change_thresholds"), {"automatic": "97", "review": "40"})
    from pavillon.matching.queries import forget_models, live_model

    forget_models()
    assert live_model("company").thresholds.automatic == pytest.approx(0.97)


def test_overview_of(cast, pair):
    assert overview_of(cast.manager)["counts"] == {"waiting": 1}


def test_qualify_companies_says_what_is_missing(cast, client):
    rich = CompanyQuality.objects.get(company=cast.atelier)
    assert "siren" in rich.gaps
    before = rich.score
    directory.add_contact(company=cast.atelier, by=cast.nour, last_name="Riou", email="riou@ponant.example")
    after = fresh(rich)
    assert after.score == before + 15
    assert actions.qualify_companies() >= 0
    client.force_login(cast.nour)
    for whose in ("mine", "organisation", "all"):
        answer = client.get(reverse("curation:quality"), {"whose": whose})
        assert answer.status_code == 200
    assert client.get(reverse("curation:quality"), {"gap": "siren", "whose": "all"}).context["listing"].rows
    panel = client.get(reverse("curation:company_quality", args=[cast.atelier.pk])).content.decode()
    assert f"{after.score} / 100" in panel


@pytest.mark.covers("BASE-11")
def test_remind_people_who_worked_and_updated_nothing(cast, client):
    from pavillon.activity.actions import record
    from pavillon.activity.models import Notification

    record("crm.interaction_logged", cast.atelier, by=cast.nour)
    record("crm.interaction_logged", cast.atelier, by=cast.manager)
    directory.change_company(company=cast.atelier, by=cast.manager, website="https://ponant.example")
    assert actions.remind_people() == 1
    assert Notification.objects.get(kind="curation.nothing_updated").recipient == cast.nour
    client.force_login(cast.manager)
    people = {each.person.pk: each for each in client.get(reverse("curation:freshness")).context["people"]}
    assert people[cast.manager.pk].rate == 1
    assert people[cast.nour.pk].rate == 0


def test_freshness_by_organisation_puts_the_stalest_first(cast):
    lines = [
        Fresh(cast.nour, ("CCI",), 4, 1, None),
        Fresh(cast.manager, ("CCI", "Bank"), 2, 2, None),
        Fresh(cast.alice, ("Agency",), 0, 0, None),
    ]
    places = freshness_by_organisation(lines)
    assert [(place.name, place.people, place.rate) for place in places] == [
        ("CCI", 2, 0.625), ("Bank", 1, 1.0), ("Agency", 1, None)
    ]  # fmt: skip


def test_retrain_model_is_used_only_when_better(cast):
    assert actions.retrain_model() is None
