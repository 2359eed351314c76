"""Versions of the weights: kept, tried on frozen pairs, put to use only when better."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, transaction
from django.utils import translation

from pavillon.activity.models import Entry
from pavillon.matching import actions, queries
from pavillon.matching.engine.model import Model, UnusableModel
from pavillon.matching.engine.shipped import shipped_model, shipped_pairs
from pavillon.matching.models import LabelledPair, MatchModel
from pavillon.matching.synthetic import companies

pytestmark = pytest.mark.django_db

FIRST, SECOND = "directory.company:1", "directory.company:2"

PONANT = {
    "name": "Ponant SAS",
    "address": "3 quai du Port",
    "postcode": "29200",
    "town": "Brest",
    "phone": "0298861234",
}
AGAIN = {
    "name": "SAS PONANT",
    "address": "3, quai du Port",
    "postcode": "29200",
    "town": "BREST CEDEX",
    "phone": "+33 2 98 86 12 34",
}
OTHER = {"name": "Aubrac Bétons", "address": "9 rue Haute", "postcode": "29200", "town": "Brest"}  # fmt: skip


@pytest.fixture(autouse=True)
def fresh_models():
    queries.forget_models()
    yield
    queries.forget_models()


def worse(model):
    """The same weights with the sign of the name's turned: it joins companies of different names."""
    weights = {**model.weights, "name": {level: -weight for level, weight in model.weights["name"].items()}}
    return replace(model, weights=weights)


def test_load_shipped():
    """The models that ship are in use after loading, with their trial; loading again changes nothing."""
    assert actions.load_shipped() == {"company": 1, "person": 1}
    assert actions.load_shipped() == {"company": 1, "person": 1}
    assert MatchModel.objects.count() == 2
    for row in MatchModel.objects.all():
        assert row.is_live
        assert row.metrics["pairs"] == len(shipped_pairs(row.kind)) == 2000
        assert row.metrics["precision"] > 0.98
        assert row.metrics["f1"] > 0.9
        assert queries.live_model(row.kind) == row.weights


def test_before_loading_the_model_that_ships_answers():
    assert queries.live_model("company") == shipped_model("company")
    assert queries.score_pair("company", PONANT, AGAIN).probability > 0.99


def test_add_model_and_promote_model(django_capture_on_commit_callbacks):
    """A worse version is refused; the live one stays; a better one replaces it, and the trail says so."""
    actions.load_shipped()
    live = MatchModel.objects.get(kind="company", is_live=True)
    bad = actions.add_model(kind="company", model=worse(live.weights), learnt_from="a test", by=None)
    assert bad.version == 2
    with pytest.raises(actions.NotBetter):
        actions.promote_model(version=bad, by=None)
    live.refresh_from_db()
    assert live.is_live
    MatchModel.objects.filter(pk=live.pk).update(content=worse(live.weights).content())
    good = actions.add_model(kind="company", model=shipped_model("company"), learnt_from="a test", by=None)
    with django_capture_on_commit_callbacks(execute=True):
        actions.promote_model(version=good, by=None)
    assert MatchModel.objects.get(kind="company", is_live=True) == good
    assert queries.live_model("company").version == "3"
    line = Entry.objects.about(good).get(verb="matching.model_promoted")
    assert line.facts["replaces"] == 1


def test_a_version_is_not_tried_on_nothing():
    actions.load_shipped()
    LabelledPair.objects.all().delete()
    added = actions.add_model(kind="company", model=shipped_model("company"), learnt_from="a test", by=None)
    with pytest.raises(actions.NoFrozenPairs):
        actions.promote_model(version=added, by=None)


def test_one_live_version_a_kind_says_the_database():
    actions.load_shipped()
    with pytest.raises(IntegrityError), transaction.atomic():
        MatchModel.objects.create(kind="company", version=9, content={}, learnt_from="", is_live=True)


def test_label_pair():
    """A verdict keeps levels, not values; a second one of its origin replaces the first."""
    kept = actions.label_pair(
        kind="company",
        left=("directory.company:2", PONANT),
        right=("directory.company:1", AGAIN),
        is_match=True,
        by=None,
    )
    assert (kept.left, kept.right) == (FIRST, SECOND)
    assert kept.levels["phone"] == "same"
    assert "Ponant" not in str(kept.levels)
    actions.label_pair(
        kind="company",
        left=("directory.company:1", AGAIN),
        right=("directory.company:2", PONANT),
        is_match=False,
        by=None,
    )
    assert LabelledPair.objects.get().is_match is False


def test_retrain():
    """Rows with known numbers teach; verdicts move what they taught; the new version waits to be put to use."""
    with pytest.raises(actions.NothingToLearnFrom):
        actions.retrain(kind="company", by=None)
    actions.load_shipped()
    rows = [sample.values for sample in companies(4000, seed=31)]
    first = actions.retrain(kind="company", rows=rows, by=None)
    assert first.learnt_from.startswith("identities: ")
    assert not first.is_live
    assert first.metrics["f1"] > 0.9
    for number in range(6):
        other, match = (AGAIN, True) if number % 2 else (OTHER, False)
        actions.label_pair(
            kind="company",
            left=("a:1", PONANT),
            right=(f"b:{number}", other),
            is_match=match,
            by=None,
        )
    second = actions.retrain(kind="company", by=None)
    assert second.learnt_from == "labels: 6"
    assert second.weights.weights["phone"]["same"] != shipped_model("company").weights["phone"]["same"]


def test_set_thresholds():
    actions.load_shipped()
    live = MatchModel.objects.get(kind="company", is_live=True)
    made = actions.set_thresholds(version=live, automatic=0.95, review=0.4, by=None)
    assert made.weights.thresholds.automatic == 0.95
    assert made.weights.weights == live.weights.weights


def test_score_pair_explains_itself_in_both_languages():
    score = queries.score_pair("company", {**PONANT, "siren": "552100554"}, {**AGAIN, "siren": "732829320"})
    assert score.conflict
    assert score.outcome == "distinct"
    assert score.probability < 1e-6
    assert sum(part.weight for part in score.parts) == pytest.approx(score.weight)
    with translation.override("fr"):
        words = {part.words for part in queries.score_pair("company", PONANT, AGAIN).parts}
    assert "Téléphone\N{NO-BREAK SPACE}: identique" in words
    assert "Avant toute comparaison" in words
    for kind in ("company", "person"):
        for field, levels in shipped_model(kind).weights.items():
            assert field in queries.FIELDS
            assert set(levels) <= set(queries.LEVELS)


def test_find_pairs_and_cluster():
    rows = [(70, PONANT), (12, AGAIN), (31, OTHER)]
    pairs = queries.find_pairs("company", rows)
    assert [(pair.left, pair.right) for pair in pairs] == [(12, 70)]
    assert queries.find_pairs("company", rows, only=[31]) == []
    assert queries.find_pairs("company", rows, only=[70]) == pairs
    assert queries.cluster(pairs, {}, threshold=0.9).of == {12: 12, 70: 12}
    assert queries.cluster(pairs, {12: "siren:1", 70: "siren:2"}, threshold=0.9).refused == pairs
    assert set(queries.keys("company", PONANT)) & set(queries.keys("company", AGAIN))


@pytest.mark.parametrize(
    "spoil", [{"format": 2}, {"kind": "planet"}, {"weights": {"name": {"purple": 1}}}, {"weights": {"mood": {}}}]
)
def test_a_spoilt_model_is_refused(spoil):
    with pytest.raises(UnusableModel):
        Model.from_content({**shipped_model("company").content(), **spoil})


def test_two_firms_of_one_building_are_not_one():
    where = {"address": "12 rue du Port", "postcode": "29150", "town": "Châteaulin"}
    one, other = ({"name": name, **where} for name in ("Louis Carnizac", "Terrastock Menuiserie"))
    assert queries.score_pair("company", one, other, shipped_model("company")).probability <= 0.6
