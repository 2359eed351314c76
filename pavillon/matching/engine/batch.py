"""The engine on a whole table: DuckDB blocks, compares and weighs; one machine's memory is enough for millions of rows.

    with Batch("company") as batch:
        batch.load(rows)                # raw records, numbered from 0
        batch.compare()                 # candidate pairs, and the level of each of their fields
        learnt = batch.learn()          # or a model that was kept
        batch.weigh(learnt.model)
        clusters = batch.cluster(0.9)

What comes out depends neither on the order of the rows nor on the number of processors.
"""

import tempfile
from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import islice
from multiprocessing import get_context
from types import TracebackType
from typing import Any, Self

import duckdb
import numpy as np

from pavillon.matching.engine.clustering import Clusters, Forest, Pair
from pavillon.matching.engine.comparisons import Comparison, comparisons
from pavillon.matching.engine.conditions import DUCKDB
from pavillon.matching.engine.keys import BLOCK_CAP, WEAK_RULES, keys_of
from pavillon.matching.engine.model import PROOF, Model, Thresholds, probability, weight_of
from pavillon.matching.engine.records import EXTRA, FIELDS, LISTS, Raw, prepare
from pavillon.matching.engine.shipped import shipped_model
from pavillon.matching.engine.training import Patterns, TooFewPairs, as_model, learn_alone, learn_from_labels

CHUNK = 20_000
ENOUGH_PROOFS = 200
"""Pairs of each class with two identities from which weights are learnt from these alone."""
ENOUGH_PAIRS = 300
"""Candidate pairs from which learning without labels is better than a model that ships."""
_JOINER = "\x1f"
_WEAK = " ".join(f"WHEN '{rule}' THEN {cap}" for rule, cap in WEAK_RULES.items())
_CAP_OF_KEY = f"CASE left(key, 2) {_WEAK} ELSE {BLOCK_CAP} END"
_NOT_COMPARED = frozenset({"identity", "mark"})

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Learnt:
    """A model, and how it came to be: "identities", "labels", "alone" or "shipped"."""

    model: Model
    how: str


class Batch:
    """One table being matched. `sides`: 1 looks for duplicates in it, 2 only links rows of different files."""

    def __init__(
        self, kind: str, *, extras: Sequence[str] = (), sides: int = 1, tell: Tell = lambda text: None
    ) -> None:
        self.kind = kind
        self.fields = (*FIELDS[kind], *extras)
        self.sides = sides
        self.size = 0
        self._tell = tell
        self._folder = tempfile.TemporaryDirectory(prefix="pavillon-link-")
        self._db = duckdb.connect()
        self._db.execute(f"SET temp_directory = '{self._folder.name}'")
        self._db.execute("SET preserve_insertion_order = false")
        columns = ", ".join(f"{name} {'VARCHAR[]' if name in LISTS else 'VARCHAR'}" for name in self.fields)
        self._db.execute(f"CREATE TABLE records (id INTEGER, side TINYINT, {columns})")
        self._db.execute("CREATE TABLE keys (id INTEGER, side TINYINT, key UBIGINT, is_identity BOOLEAN, cap TINYINT)")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._db.close()
        self._folder.cleanup()

    def load(self, rows: Iterable[Raw], *, side: int = 0, processes: int = 1) -> None:
        """Normalise raw records and number them, going on from the last. Call once per file, then `compare`."""
        chunks = iter(lambda source=iter(rows): list(islice(source, CHUNK)), [])  # type: ignore[misc]
        for columns in _prepared(self.kind, self.fields, chunks, processes):
            self._add(columns, side)
            self._tell(f"{self.size:,} rows read and cleaned")

    def _add(self, columns: "_Columns", side: int) -> None:
        count = len(columns.keys)
        names = [f"c{place}" for place in range(len(self.fields))]
        table = {name: np.array(values, dtype=object) for name, values in zip(names, columns.values, strict=True)}
        table["keys"] = np.array(columns.keys, dtype=object)
        table["id"] = np.arange(self.size, self.size + count, dtype=np.int32)
        self._db.register("chunk", table)
        read = ", ".join(
            f"string_split({short}, chr(31))" if name in LISTS else short
            for name, short in zip(self.fields, names, strict=True)
        )
        self._db.execute(f"INSERT INTO records SELECT id, {side}, {read} FROM chunk")  # noqa: S608
        self._db.execute(f"""
            INSERT INTO keys
            SELECT id, {side}, hash(key), starts_with(key, 'id'), {_CAP_OF_KEY}
            FROM (SELECT id, unnest(string_split(keys, chr(31))) AS key FROM chunk WHERE keys IS NOT NULL)
        """)  # noqa: S608
        self._db.unregister("chunk")
        self.size += count

    @cached_property
    def filled(self) -> tuple[str, ...]:
        """The fields that some record has."""
        asked = ", ".join(f"count({name})" for name in self.fields)
        counts = self._one(f"SELECT {asked} FROM records")  # noqa: S608
        return tuple(name for name, count in zip(self.fields, counts, strict=True) if count)

    @cached_property
    def ladders(self) -> tuple[Comparison, ...]:
        """The comparisons that this table can feed."""
        usable = [name for name in self.filled if name not in _NOT_COMPARED]
        found = comparisons(self.kind, usable)
        # A ladder stands on its first column; the others only help.
        return tuple(ladder for ladder in found if _feeds(ladder, usable))

    def compare(
        self, *, only: Collection[int] | None = None, also: Collection[tuple[int, int]] = (), cap: int = BLOCK_CAP
    ) -> int:
        """Find the candidate pairs and the level of each of their fields. Returns how many pairs.

        `cap`: a key that more records share is left out. `only`: pairs without one of these records are left out.
        `also`: pairs that are compared whether or not they share a key.
        """
        restriction = ""
        both = "AND min(side) <> max(side)" if self.sides == 2 else ""
        named = sorted({(min(pair), max(pair)) for pair in also})
        self._db.register("named", _two_columns(named))
        if only is not None:
            self._db.register("chosen", {"id": np.array(sorted(only), dtype=np.int32)})
            restriction = "AND (l.id IN (SELECT id FROM chosen) OR r.id IN (SELECT id FROM chosen))"
        self._db.execute(f"""
            CREATE OR REPLACE TABLE candidates AS
            WITH blocks AS (
                SELECT key FROM keys GROUP BY key
                HAVING count(*) BETWEEN 2 AND least({cap}, min(cap)) {both}
            ), kept AS (SELECT keys.* FROM keys SEMI JOIN blocks USING (key))
            SELECT a, b, bool_and(is_identity) AS by_identity_only
            FROM (
                SELECT l.id AS a, r.id AS b, l.is_identity
                FROM kept l JOIN kept r ON l.key = r.key AND l.id < r.id
                WHERE {"l.side <> r.side" if self.sides == 2 else "true"} {restriction}
                UNION ALL SELECT a, b, false FROM named
            )
            GROUP BY a, b
        """)  # noqa: S608
        self._tell(f"{self._count('candidates'):,} pairs share a key")
        levels = ", ".join(f"CAST({ladder.sql(DUCKDB)} AS TINYINT) AS v{f}" for f, ladder in enumerate(self.ladders))
        self._db.execute(f"""
            CREATE OR REPLACE TABLE compared AS
            SELECT c.a, c.b, c.by_identity_only,
                   CASE WHEN l.identity = r.identity THEN 1
                        WHEN split_part(l.identity, ':', 1) = split_part(r.identity, ':', 1) THEN 2
                        ELSE 0 END::TINYINT AS proof
                   {", " if levels else ""}{levels}
            FROM candidates c JOIN records l ON l.id = c.a JOIN records r ON r.id = c.b
        """)  # noqa: S608
        self._db.execute("DROP TABLE candidates")
        found = self._count("compared")
        self._tell(f"{found:,} pairs compared, field by field")
        return found

    def learn(self, labels: Collection[tuple[int, int, bool]] = (), *, alone: bool = False) -> Learnt:
        """The best model that this table allows.

        With enough pairs whose identities are both known, these are exact labels. Else the start is what the table
        shows by itself where most rows have a date of birth or a national number (and always if `alone`), or the model
        that ships; `labels` (left, right, whether they match) move that start. Raises TooFewPairs when the table is too
        small and no model ships for its kind.
        """
        if not labels and not alone:
            equal, different = self._patterns("proof = 1 AND NOT by_identity_only"), self._patterns("proof = 2")
            if min(equal.counts.sum(), different.counts.sum()) >= ENOUGH_PROOFS:
                bias, tables = learn_from_labels(self.ladders, equal, different)
                return Learnt(self._as_model(bias, tables, "identities", equal, different), "identities")
        everything = self._patterns("proof <> 2")
        shipped = shipped_model(self.kind)
        enough = everything.counts.sum() >= ENOUGH_PAIRS and (alone or self._tells_people_apart())
        if enough or shipped is None:
            bias, tables = learn_alone(self.ladders, everything)
            learnt = Learnt(self._as_model(bias, tables, "alone", everything), "alone")
        else:
            learnt = Learnt(shipped, "shipped")
        return self._learn_labels(learnt.model, labels) if labels else learnt

    def _tells_people_apart(self) -> bool:
        """Whether most rows have what no two members of a household share.

        Without it the mixture finds households instead of people: F1 of 0.51 on invented contacts, where the model
        that ships has 0.93 (docs/decisions/0017).
        """
        told = [name for name in ("birth", "nid") if name in self.fields]
        return any(self._one(f"SELECT count({name}) FROM records")[0] * 2 > self.size for name in told)  # noqa: S608

    def _learn_labels(self, start: Model, labels: Collection[tuple[int, int, bool]]) -> Learnt:
        ordered = sorted(labels)
        self._db.register(
            "given",
            {
                "a": np.array([min(left, right) for left, right, _ in ordered], dtype=np.int32),
                "b": np.array([max(left, right) for left, right, _ in ordered], dtype=np.int32),
                "is_match": np.array([is_match for _, _, is_match in ordered], dtype=bool),
            },
        )
        wanted = "(a, b) IN (SELECT (a, b) FROM given WHERE {})"
        yes, no = self._patterns(wanted.format("is_match")), self._patterns(wanted.format("NOT is_match"))
        self._db.unregister("given")
        prior = (start.bias, start.table(self.ladders))
        bias, tables = learn_from_labels(self.ladders, yes, no, prior=prior, ridge=2.0)
        return Learnt(self._as_model(bias, tables, "labels", yes, no), "labels")

    def _as_model(self, bias: int, tables: list[list[int]], how: str, *patterns: Patterns) -> Model:
        seen = [int(p.counts.sum()) for p in patterns]
        return as_model(
            self.kind, self.ladders, bias, tables, thresholds=Thresholds(), trained={"how": how, "pairs": seen}
        )

    def _patterns(self, condition: str) -> Patterns:
        columns = [f"v{f}" for f in range(len(self.ladders))]
        if not columns:
            raise TooFewPairs("no column of this table can be compared; say what its columns hold with --kind")
        names = ", ".join(columns)
        found = self._db.execute(
            f"SELECT {names}, count(*) AS n FROM compared WHERE {condition} GROUP BY ALL ORDER BY {names}"  # noqa: S608
        ).fetchnumpy()
        return Patterns(
            np.stack([np.asarray(found[name], dtype=np.int64) for name in columns], axis=1),
            np.asarray(found["n"], dtype=np.float64),
        )

    def weigh(self, model: Model) -> None:
        """Give every compared pair its weight."""
        tables = model.table(self.ladders)
        steps = [
            f"CASE v{f} {' '.join(f'WHEN {code} THEN {w}' for code, w in enumerate(table) if w)} ELSE 0 END"
            for f, table in enumerate(tables)
            if any(table)
        ]
        total = " + ".join([str(model.bias), *steps])
        self._db.execute(f"""
            CREATE OR REPLACE TABLE weighed AS
            SELECT a, b, proof, CASE proof WHEN 1 THEN greatest({PROOF}, weight + {PROOF // 2})
                                    WHEN 2 THEN least(-{PROOF}, weight - {PROOF // 2}) ELSE weight END AS weight
            FROM (SELECT a, b, proof, CAST({total} AS INTEGER) AS weight FROM compared)
        """)  # noqa: S608

    def pairs(self, least: float) -> list[Pair]:
        """The pairs with at least this probability, the heaviest first; ties in the order of their content."""
        found = self._heaviest(least, conflicts=True)
        return [
            Pair(a, b, probability(weight), weight / 1000, proof == 2)
            for a, b, weight, proof in zip(*(column.tolist() for column in found), strict=True)
        ]

    def levels(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], list[tuple[str, str]]]:
        """For each of the pairs that were compared: (field, level), the missing ones left out."""
        self._db.register("asked", _two_columns(pairs))
        rows = self._db.execute("SELECT compared.* FROM compared SEMI JOIN asked USING (a, b)").fetchall()
        self._db.unregister("asked")
        return {
            (row[0], row[1]): [
                (ladder.field, ladder.names[code]) for ladder, code in zip(self.ladders, row[4:], strict=True) if code
            ]
            for row in rows
        }

    def export(self, path: str) -> None:
        """Write the cleaned records as a Parquet file, for other tools."""
        quoted = path.replace("'", "''")
        self._db.execute(f"COPY (SELECT * FROM records ORDER BY id) TO '{quoted}' (FORMAT parquet)")  # noqa: S608

    def compared_pairs(self) -> list[tuple[int, int]]:
        """All pairs that were compared, in the order of their numbers."""
        return [(a, b) for a, b in self._db.execute("SELECT a, b FROM compared ORDER BY a, b").fetchall()]

    def _heaviest(self, least: float, *, conflicts: bool) -> tuple[Any, Any, Any, Any]:
        found = self._db.execute(f"""
            SELECT w.a, w.b, w.weight, w.proof
            FROM weighed w JOIN records l ON l.id = w.a JOIN records r ON r.id = w.b
            WHERE w.weight >= {weight_of(least)} {"" if conflicts else "AND w.proof <> 2"}
            ORDER BY w.weight DESC, least(l.mark, r.mark), greatest(l.mark, r.mark), w.a, w.b
        """).fetchnumpy()  # noqa: S608
        return tuple(np.asarray(found[name]) for name in ("a", "b", "weight", "proof"))  # type: ignore[return-value]

    def identities(self) -> dict[int, str]:
        """Record number -> identity, for those that have one."""
        rows = self._db.execute("SELECT id, identity FROM records WHERE identity IS NOT NULL ORDER BY id").fetchall()
        return dict(rows)

    def cluster(self, threshold: float) -> Clusters:
        """Join the pairs from `threshold` on, the heaviest first; what would join two identities is refused."""
        forest = Forest(self.identities())
        refused = []
        a, b, weight, _ = (column.tolist() for column in self._heaviest(threshold, conflicts=False))
        for left, right, sum_ in zip(a, b, weight, strict=True):
            if not forest.join(left, right):
                refused.append(Pair(left, right, probability(sum_), sum_ / 1000))
        return Clusters(forest.sets(), refused)

    def _one(self, statement: str) -> tuple[Any, ...]:
        row = self._db.execute(statement).fetchall()[0]
        return tuple(row)

    def _count(self, table: str) -> int:
        return int(self._one(f"SELECT count(*) FROM {table}")[0])  # noqa: S608


@dataclass(frozen=True)
class _Columns:
    """A chunk of prepared records, column by column. Lists are joined into one text, which DuckDB splits again."""

    values: list[list[str | None]]
    keys: list[str | None]


def _two_columns(pairs: Collection[tuple[int, int]]) -> dict[str, Any]:
    """Pairs as DuckDB reads them."""
    return {
        "a": np.array([a for a, _ in pairs], dtype=np.int32),
        "b": np.array([b for _, b in pairs], dtype=np.int32),
    }


def _feeds(ladder: Comparison, usable: Sequence[str]) -> bool:
    if ladder.field == "internet":
        return "emails" in usable or "domains" in usable
    if ladder.field == "town":
        return "town" in usable or "postcode" in usable
    return _MAIN.get(ladder.field, ladder.columns[0]) in usable


_MAIN = {"family_name": "family", "address_2": "street2"}


def _prepared(kind: str, fields: Sequence[str], chunks: Iterator[list[Raw]], processes: int) -> Iterator[_Columns]:
    """Chunks made comparable, in their order; several processes when asked, a few chunks ahead of the reader."""
    if processes < 2:
        yield from (_prepare_chunk(kind, fields, chunk) for chunk in chunks)
        return
    first = next(chunks, None)
    if first is None:
        return
    if len(first) < CHUNK:
        yield _prepare_chunk(kind, fields, first)
        return
    with ProcessPoolExecutor(processes, mp_context=get_context("spawn")) as pool:
        waiting: deque[Future[_Columns]] = deque([pool.submit(_prepare_chunk, kind, fields, first)])
        for chunk in chunks:
            waiting.append(pool.submit(_prepare_chunk, kind, fields, chunk))
            if len(waiting) > 2 * processes:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def _prepare_chunk(kind: str, fields: Sequence[str], rows: list[Raw]) -> _Columns:
    values: list[list[str | None]] = [[] for _ in fields]
    keys: list[str | None] = []
    for row in rows:
        record = prepare(kind, row)
        for name, column in zip(fields, values, strict=True):
            value = record.get(name)
            column.append(value if isinstance(value, str) else _JOINER.join(value) if value else None)
        keys.append(_JOINER.join(keys_of(kind, record)) or None)
    return _Columns(values, keys)


def extra_field(sort: str, place: int) -> str:
    """The name of a column that has no meaning of its own: `sort` is text, code, number or date."""
    return f"{EXTRA}{sort}_{place}"
