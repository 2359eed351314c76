"""Two different valid numbers never meet in one cluster, whatever the pairs and their order."""

from hypothesis import given, settings
from hypothesis import strategies as st

from pavillon.matching.engine.batch import Batch
from pavillon.matching.engine.clustering import Pair, cluster
from pavillon.matching.engine.comparisons import comparisons
from pavillon.matching.engine.model import score
from pavillon.matching.engine.records import COMPANY, OTHER, PERSON, prepare
from pavillon.matching.engine.shipped import shipped_model
from pavillon.matching.synthetic import companies
from pavillon.matching.synthetic_people import people

NUMBERS = st.integers(min_value=0, max_value=14)
PAIRS = st.lists(
    st.tuples(NUMBERS, NUMBERS, st.integers(min_value=1, max_value=99)).filter(lambda pair: pair[0] < pair[1]),
    max_size=40,
    unique_by=lambda pair: pair[:2],
)
IDENTITIES = st.dictionaries(NUMBERS, st.sampled_from(["siren:1", "siren:2", "siren:3", "vat:DE1", "vat:DE2"]))


def as_pairs(drawn):
    return [Pair(left, right, weight / 100, float(weight)) for left, right, weight in drawn]


@settings(max_examples=300, deadline=None)
@given(PAIRS, IDENTITIES, st.randoms())
def test_no_cluster_holds_two_identities(drawn, identities, random):
    pairs = as_pairs(drawn)
    found = cluster(pairs, identities, threshold=0.2)
    members = {}
    for number, root in found.of.items():
        members.setdefault(root, set()).add(number)
    for root, numbers in members.items():
        assert root == min(numbers)
        assert len(numbers) > 1
        for scheme in ("siren", "vat"):
            assert len({i for n, i in identities.items() if n in numbers and i.startswith(scheme)}) <= 1
    # Equal identities are together, refused pairs are apart, and the order of the pairs does not matter.
    for number, text in identities.items():
        for other, its in identities.items():
            if text == its and number != other:
                assert found.of[number] == found.of[other]
    assert all(found.of.get(p.left, p.left) != found.of.get(p.right, p.right) for p in found.refused)
    random.shuffle(pairs)
    assert cluster(pairs, identities, threshold=0.2) == found


def matched(rows, kind=COMPANY, threshold=0.5, model=None):
    """Clusters as sets of row contents' places."""
    with Batch(kind) as batch:
        batch.load(rows)
        batch.compare()
        batch.weigh(model or shipped_model(kind))
        return batch.cluster(threshold)


def test_the_order_of_rows_does_not_matter():
    rows = [sample.values for sample in companies(1500, seed=4)]
    straight, reversed_ = matched(rows).of, matched(rows[::-1]).of
    last = len(rows) - 1

    def sets(of, place):
        grouped = {}
        for number, root in of.items():
            grouped.setdefault(root, set()).add(place(number))
        return {frozenset(members) for members in grouped.values()}

    assert sets(straight, lambda n: n) == sets(reversed_, lambda n: last - n)
    assert len(sets(straight, lambda n: n)) > 200


def test_sister_companies_stay_apart():
    """One address, one phone, one domain, two SIREN: two companies, and the record without SIREN joins its own."""
    place = {"address": "3 quai du Port", "postcode": "29200", "town": "Brest", "phone": "0298861234"}
    mail = {"email": "contact@ponant.example"}
    rows = [
        {"name": "Ponant SAS", "siren": "552100554", **place, **mail},
        {"name": "Ponant Holding SAS", "siren": "732829320", **place, **mail},
        {"name": "PONANT", **place, **mail},
        {"name": "Ponant Immobilier", "siren": "552 100 554", "town": "Nice"},
    ]
    of = matched(rows).of
    assert of == {0: 0, 2: 0, 3: 0}


def test_python_and_duckdb_find_the_same_levels_and_weights():
    for kind, source in ((COMPANY, companies), (PERSON, people)):
        rows = [sample.values for sample in source(400, seed=6)]
        model = shipped_model(kind)
        with Batch(kind) as batch:
            batch.load(rows)
            batch.compare()
            batch.weigh(model)
            pairs = batch.pairs(0.0)
            told = batch.levels([(pair.left, pair.right) for pair in pairs])
        prepared = [prepare(kind, row) for row in rows]
        assert len(pairs) > 300
        for pair in pairs:
            left, right = prepared[pair.left], prepared[pair.right]
            scored = score(model, left, right)
            assert (scored.probability, scored.weight, scored.conflict) == (
                pair.probability,
                pair.weight,
                pair.conflict,
            )
            assert abs(sum(part.weight for part in scored.parts) - scored.weight) < 1e-9
            levels = dict(told[pair.left, pair.right])
            for ladder in comparisons(kind):
                code = ladder.level(left, right)
                assert levels.get(ladder.field, "missing") == ladder.names[code] or ladder.field not in levels


def test_learning_from_identities_beats_the_start():
    """F1 of clusters on invented companies, weights learnt from the rows whose numbers are known."""
    samples = list(companies(6000, seed=8))
    with Batch(COMPANY) as batch:
        batch.load([sample.values for sample in samples])
        batch.compare()
        learnt = batch.learn()
        batch.weigh(learnt.model)
        of = batch.cluster(0.5).of
    assert learnt.how == "identities"
    assert f1_of(of, [sample.entity for sample in samples]) > 0.96


def test_contacts_without_any_number_use_what_ships():
    """Learnt alone, the weights of such a file would join households."""
    samples = list(people(3000, seed=8))
    with Batch(PERSON) as batch:
        batch.load([sample.values for sample in samples])
        batch.compare()
        learnt = batch.learn()
        batch.weigh(learnt.model)
        of = batch.cluster(0.5).of
    assert learnt.how == "shipped"
    assert f1_of(of, [sample.entity for sample in samples]) > 0.85


def test_a_key_that_many_share_compares_nobody():
    with Batch(OTHER, extras=("extra_text_0",)) as batch:
        batch.load([{"extra_text_0": "toujours pareil"}] * 100)
        assert batch.compare() == 0


def f1_of(of, entities):
    def pairs(labels):
        grouped = {}
        for place, label in enumerate(labels):
            grouped.setdefault(label, []).append(place)
        return {(a, b) for group in grouped.values() for a in group for b in group if a < b}

    found, truth = pairs([of.get(place, place) for place in range(len(entities))]), pairs(entities)
    return 2 * len(found & truth) / (len(found) + len(truth))
