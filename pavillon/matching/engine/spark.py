"""The same engine on Spark DataFrames, for tables beyond one machine's memory. PySpark is not a dependency: bring it.

    session = SparkSession.builder.getOrCreate()
    batch = SparkBatch(session, "company")
    batch.load(session.createDataFrame(rows))          # columns: id (bigint), and one per column kind
    batch.compare()
    clusters = batch.cluster(model, 0.9)               # DataFrame: id, cluster

The same normaliser, keys, levels and whole-number weights as `batch.Batch`, hence the same clusters. Only the joining
differs: connected components by label spreading, then the constrained union inside each component, which one executor
can hold since components are small.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pavillon.matching.engine.clustering import Forest
from pavillon.matching.engine.comparisons import Comparison, comparisons
from pavillon.matching.engine.conditions import SPARK
from pavillon.matching.engine.keys import BLOCK_CAP, WEAK_RULES, keys_of
from pavillon.matching.engine.model import PROOF, Model, weight_of
from pavillon.matching.engine.records import FIELDS, LISTS, prepare

_ROUNDS = 30


class TooLongChains(RuntimeError):
    """Components did not settle: the pairs form chains longer than any real cluster. Raise the threshold."""


@dataclass
class SparkBatch:
    """One table being matched on a Spark session. Views carry its number: several live side by side."""

    session: Any
    kind: str
    extras: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        self.fields = (*FIELDS[self.kind], *self.extras)
        self._name = f"matching_{id(self):x}"
        self.session.udf.register("jaro_winkler_similarity", jaro_winkler_similarity, "double")

    @property
    def ladders(self) -> tuple[Comparison, ...]:
        return comparisons(self.kind, self.fields)

    def load(self, rows: Any) -> None:
        """Normalise a DataFrame of raw records; its column `id` is a number, the others are named by column kind."""
        columns = [name for name in rows.columns if name != "id"]
        kind, fields = self.kind, self.fields

        def prepared(part: Iterable[Any]) -> Iterator[tuple[Any, ...]]:
            for row in part:
                record = prepare(kind, {name: row[name] for name in columns})
                values = [record.get(name) for name in fields]
                yield (row["id"], *(list(v) if isinstance(v, tuple) else v for v in values), keys_of(kind, record))

        types = ", ".join(f"{name} {'array<string>' if name in LISTS else 'string'}" for name in fields)
        records = self.session.createDataFrame(
            rows.rdd.mapPartitions(prepared), f"id bigint, {types}, keys array<string>"
        ).cache()
        self._keep("records", records)

    def compare(self, *, cap: int = BLOCK_CAP) -> None:
        """Find the candidate pairs and the level of each of their fields."""
        weak = " ".join(f"WHEN '{rule}' THEN {limit}" for rule, limit in WEAK_RULES.items())
        self._keep("keys", self._sql("SELECT id, explode(keys) AS key FROM {records}"))
        self._keep(
            "blocks",
            self._sql(
                "SELECT key FROM {keys} GROUP BY key HAVING count(*) BETWEEN 2 AND "  # noqa: S608
                f"least({cap}, CASE substring(key, 1, 2) {weak} ELSE {BLOCK_CAP} END)"
            ),
        )
        self._keep("kept", self._sql("SELECT k.id, k.key FROM {keys} k LEFT SEMI JOIN {blocks} b ON k.key = b.key"))
        self._keep(
            "candidates",
            self._sql(
                "SELECT DISTINCT l.id AS a, r.id AS b FROM {kept} l JOIN {kept} r ON l.key = r.key AND l.id < r.id"
            ),
        )
        levels = ", ".join(f"{ladder.sql(SPARK)} AS v{f}" for f, ladder in enumerate(self.ladders))
        compared = self._sql(f"""
            SELECT c.a, c.b, l.mark AS mark_a, r.mark AS mark_b,
                   CASE WHEN l.identity = r.identity THEN 1
                        WHEN split(l.identity, ':')[0] = split(r.identity, ':')[0] THEN 2 ELSE 0 END AS proof, {levels}
            FROM {{candidates}} c JOIN {{records}} l ON l.id = c.a JOIN {{records}} r ON r.id = c.b
        """)  # noqa: S608
        self._keep("compared", compared.cache())

    def weigh(self, model: Model, least: float) -> Any:
        """The pairs with at least this probability: a, b, weight (whole number), mark_a, mark_b; no conflicting."""
        steps = [
            f"CASE v{f} {' '.join(f'WHEN {code} THEN {w}' for code, w in enumerate(table) if w)} ELSE 0 END"
            for f, table in enumerate(model.table(self.ladders))
            if any(table)
        ]
        total = " + ".join([str(model.bias), *steps])
        return self._sql(f"""
            SELECT a, b, weight, mark_a, mark_b FROM (
                SELECT a, b, mark_a, mark_b, proof,
                       CASE proof WHEN 1 THEN greatest({PROOF}, ({total}) + {PROOF // 2}) ELSE {total} END AS weight
                FROM {{compared}})
            WHERE proof <> 2 AND weight >= {weight_of(least)}
        """)  # noqa: S608

    def cluster(self, model: Model, threshold: float) -> Any:
        """A DataFrame (id, cluster) of the records that share a cluster; `cluster` is its smallest number."""
        edges = self.weigh(model, threshold).cache()
        self._keep("edges", edges)
        # Records of one identity are together whether or not they share another key.
        same = self._sql("""
            SELECT min(id) OVER (PARTITION BY identity) AS a, id AS b FROM {records} WHERE identity IS NOT NULL
        """)
        self._keep("links", self._sql("SELECT a, b FROM {edges}").unionByName(same.where("a <> b")).distinct().cache())
        self._keep("labels", self._components())
        facts = self._sql("SELECT r.id, r.identity, l.label FROM {labels} l JOIN {records} r ON r.id = l.id")
        inside = self._sql(
            "SELECT l.label, e.a, e.b, e.weight, e.mark_a, e.mark_b FROM {edges} e JOIN {labels} l ON l.id = e.a"
        )
        nodes = facts.rdd.map(lambda row: (row["label"], (row["id"], row["identity"])))
        pairs = inside.rdd.map(
            lambda row: (row["label"], (row["weight"], row["mark_a"], row["mark_b"], row["a"], row["b"]))
        )
        joined = nodes.groupByKey().leftOuterJoin(pairs.groupByKey()).flatMap(lambda part: joined_inside(*part[1]))
        return self.session.createDataFrame(joined, "id bigint, cluster bigint")

    def _components(self) -> Any:
        """Each linked record with the smallest number that it can be reached from."""
        labels = self._sql("SELECT a AS id, a AS label FROM {links} UNION SELECT b, b FROM {links}")
        for _ in range(_ROUNDS):
            self._keep("labels", labels)
            spread = self._sql("""
                SELECT id, min(label) AS label FROM (
                    SELECT id, label FROM {labels}
                    UNION ALL SELECT e.b, l.label FROM {links} e JOIN {labels} l ON l.id = e.a
                    UNION ALL SELECT e.a, l.label FROM {links} e JOIN {labels} l ON l.id = e.b
                ) GROUP BY id
            """).localCheckpoint()
            self._keep("spread", spread)
            moved = self._sql(
                "SELECT count(*) AS n FROM {spread} s JOIN {labels} l ON l.id = s.id AND l.label <> s.label"
            )
            labels = spread
            if moved.first()["n"] == 0:
                return labels
        raise TooLongChains(f"components still grow after {_ROUNDS} rounds")

    def _sql(self, statement: str) -> Any:
        named = {name: f"{self._name}_{name}" for name in _VIEWS}
        return self.session.sql(statement.format(**named))

    def _keep(self, name: str, frame: Any) -> None:
        frame.createOrReplaceTempView(f"{self._name}_{name}")


_VIEWS = ("records", "keys", "blocks", "kept", "candidates", "compared", "edges", "links", "labels", "spread")


def jaro_winkler_similarity(left: str | None, right: str | None) -> float | None:
    """The function of that name that Spark lacks; DuckDB's gives the same numbers."""
    from rapidfuzz.distance import JaroWinkler

    return None if left is None or right is None else JaroWinkler.similarity(left, right)


def joined_inside(
    nodes: Iterable[tuple[int, str | None]], pairs: Iterable[tuple[int, str, str, int, int]] | None
) -> list[tuple[int, int]]:
    """The constrained union of one component: (id, cluster) of those that are not alone."""
    forest = Forest({number: identity for number, identity in nodes if identity})
    ordered = sorted(pairs or (), key=lambda p: (-p[0], min(p[1], p[2]), max(p[1], p[2]), p[3], p[4]))
    for _weight, _mark_a, _mark_b, left, right in ordered:
        forest.join(left, right)
    return list(forest.sets().items())
