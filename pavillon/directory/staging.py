# ruff: noqa: S608 - table and column names are constants of `sirene_columns`; paths are quoted
"""The reader of a register file: DuckDB, in a folder of the run, with a bounded memory.

It reads and checks the whole file, compares it with what the register holds, and leaves two files: the rows that differ
and the rows that are refused. It knows files and columns, not our tables: the caller brings what is known.
"""

import threading
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from pavillon.directory.enums import RegisterFileKind
from pavillon.directory.sirene import (
    LONGEST_LINE,
    NEEDED,
    OPTIONAL,
    Form,
    RegisterFile,
    WrongFile,
    damaged,
    mixed_up,
    wrong_encoding,
)
from pavillon.directory.sirene_columns import COLUMNS, KEYS, PASSED, TYPES, digest_of_row, reading, reading_by_unit
from pavillon.directory.skimming import Skimmer

# Enough for any size of file: what does not fit goes to the folder of the run.
MEMORY = "400MB"
_POLL_SECONDS = 0.1
# What the parser refuses, in our words.
_PARSER = {
    "MISSING COLUMNS": "width",
    "TOO MANY COLUMNS": "width",
    "LINE SIZE OVER MAXIMUM": "long",
    "UNQUOTED VALUE": "quote",
    "INVALID STATE": "quote",
}
_PASSED = ", ".join(f"'{word}'" for word in PASSED)
_REFUSED = f"problem IS NOT NULL AND problem NOT IN ({_PASSED})"


@dataclass(frozen=True)
class Counts:
    """What a file would bring. read = created + changed + closed + unchanged + rejected + passed."""

    read: int
    created: int
    changed: int
    closed: int
    unchanged: int
    rejected: int
    passed: int


@dataclass(frozen=True)
class Reject:
    """A refused row. `place` counts the rows that could be cut into cells, from 0; a torn line has its number instead.

    Numbers of lines count the header as 1; a row whose cell holds a line break is one line to the parser.
    """

    place: int | None
    line: int | None
    told: str
    problem: str


class Staging:
    """One run's reader. Use as a context manager; what it leaves in the folder stays."""

    def __init__(self, folder: Path, file: RegisterFile, text: Path, *, synthetic: bool) -> None:
        self.folder, self.file, self.synthetic = folder, file, synthetic
        # What is read: the file, or those of its lines that were not read before.
        self.whole = self.text = text
        self.kind = file.kind
        self.columns, self.key = COLUMNS[file.kind], KEYS[file.kind]

    def __enter__(self) -> "Staging":
        options: dict[str, Any] = {"memory_limit": MEMORY, "temp_directory": str(self.folder / "spill")}
        self.base: Any = duckdb.connect(config=options)
        self.lines = Skimmer(self.base, self.file, self.whole, synthetic=self.synthetic)
        return self

    def __exit__(self, *_error: object) -> None:
        self.base.close()

    def probe(self) -> int:
        """A number that changes when the digests of another version of the reader are not comparable to ours."""
        return int(self._one("SELECT (hash('siren', DATE '2000-01-01', true, '') >> 1)::BIGINT"))

    def _one(self, query: str) -> Any:
        return self.base.execute(query).fetchone()[0]

    def take_units(self, known: Path) -> None:
        """What the register's units are to the establishments that were read. `known`: CSV of siren, is_public."""
        self._take("units", known, {"siren": "INTEGER", "is_public": "BOOLEAN"})
        for query in reading_by_unit(synthetic=self.synthetic):
            self.base.execute(query)

    def _take(self, table: str, path: Path, types: dict[str, str]) -> None:
        columns = ", ".join(f"'{name}': '{kind}'" for name, kind in types.items())
        self.base.execute(
            f"CREATE OR REPLACE TABLE {table} AS SELECT * FROM read_csv({_quoted(str(path))}, header = false, "
            f"auto_detect = false, delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false, "
            f"columns = {{{columns}}})"
        )

    def recall(self, memory: Path, forgotten: Collection[str], *, rows: int, digest: int) -> bool:
        """Take what the last run remembered, if it has so many rows and their digests that digest; whether it has.

        `forgotten` are the numbers of rows whose digest does not count any more.
        """
        try:
            self._take_memory(_quoted(str(memory)), forgotten)
        except duckdb.Error:
            # A memory that cannot be read is none.
            return False
        if self.base.execute("SELECT count(*), coalesce(bit_xor(row_hash), 0) FROM known").fetchone() == (rows, digest):
            return True
        self.base.execute("DROP VIEW known_now; DROP TABLE known")
        return False

    def _take_memory(self, path: str, forgotten: Collection[str]) -> None:
        self.base.execute("CREATE OR REPLACE TABLE forgotten (key BIGINT)")
        if forgotten:
            self.base.execute("INSERT INTO forgotten SELECT unnest(?::BIGINT[])", [[int(key) for key in forgotten]])
        self.base.execute(
            "CREATE OR REPLACE TABLE known AS SELECT key, CASE WHEN f.key IS NULL THEN row_hash END AS row_hash, "
            "is_active, CASE WHEN f.key IS NULL THEN line END AS line "
            f"FROM read_parquet({path}) k LEFT JOIN forgotten f USING (key)"
        )
        self.base.execute("CREATE OR REPLACE VIEW known_now AS SELECT *, row_hash AS fresh FROM known")

    def skim(self, tell: Callable[[float], None]) -> None:
        """Pass over the lines that were read before: the register says already what they say."""
        try:
            self.lines.look(lambda query: self._run(query, tell))
        except duckdb.Error:
            # What is wrong with the file is for `read` to say.
            return
        reduced = self.folder / "unknown_lines.csv"
        if self._has("known") and self.lines.reduce(reduced, lambda query: self._run(query, tell)):
            self.text = reduced

    def _has(self, table: str) -> bool:
        return bool(self._one(f"SELECT count(*) FROM duckdb_tables() WHERE table_name = '{table}'"))

    def read(self, tell: Callable[[float], None]) -> None:
        """Read and check the rows. `tell` gets the share that is done, 0 to 1. Raises WrongFile: encoding, damage."""
        self._read(tell)
        if self.is_reduced and self._one(
            "SELECT count(*) FROM checked c JOIN known k USING (key) WHERE problem IS NULL AND k.line IN "
            "(SELECT line FROM lines) AND k.line NOT IN (SELECT line FROM fresh)"
        ):
            # A number stands twice, once in a line that was passed over: only their order says which one counts.
            self.lines.give_up()
            self.text = self.whole
            self._read(tell)

    @property
    def is_reduced(self) -> bool:
        """Whether `text` holds only the lines that were not read before, without header."""
        return self.lines.places is not None

    def _read(self, tell: Callable[[float], None]) -> None:
        self.base.execute("CREATE OR REPLACE TABLE torn (line BIGINT, told VARCHAR, problem VARCHAR)")
        try:
            self._look()
            self._run(
                f"CREATE OR REPLACE TABLE checked AS SELECT try_cast({self.key} AS BIGINT) AS key, row_hash, "
                f"problem, CASE WHEN problem IS NOT NULL THEN told END AS told, {', '.join(self.columns)} "
                f"FROM ({self._reading()})",
                tell,
            )
        except duckdb.Error as error:
            told = mixed_up(self.file.path) if "state machine" in str(error) else damaged(self.file.path)
            raise WrongFile(told) from error
        if self.file.form is not Form.PARQUET and not self._is_empty():
            self._take_parser_errors()

    def _find_doubles(self) -> None:
        """The first of two rows with one number is taken, the others are refused."""
        self.base.execute(
            "CREATE OR REPLACE TABLE twice AS WITH doubled AS (SELECT key FROM checked WHERE problem IS NULL "
            "GROUP BY key HAVING count(*) > 1) SELECT c.rowid AS place, key FROM checked c JOIN doubled d USING (key) "
            "WHERE c.problem IS NULL QUALIFY row_number() OVER (PARTITION BY key ORDER BY c.rowid) > 1"
        )

    def _is_empty(self) -> bool:
        return self.is_reduced and not self.lines.places

    def _look(self) -> None:
        """The file as a table `raw` with the columns that we use under their published names."""
        columns = []
        for name in (*NEEDED[self.kind], *OPTIONAL[self.kind]):
            column = f'CAST("{name}" AS VARCHAR)' if name in self.file.columns else "CAST(NULL AS VARCHAR)"
            columns.append(f'{column} AS "{name}"')
        path = _quoted(str(self.text))
        named = ", ".join(f"{_quoted(name)}: 'VARCHAR'" for name in self.file.columns)
        if self._is_empty():
            nothing = ", ".join(f'NULL AS "{name}"' for name in self.file.columns)
            scan = f"(SELECT {nothing} WHERE false)"
        elif self.file.form is Form.PARQUET:
            scan = f"read_parquet({path})"
        else:
            scan = (
                f"read_csv({path}, auto_detect = false, header = {not self.is_reduced}, "
                f"delim = '{self.file.delimiter}', quote = '\"', escape = '\"', columns = {{{named}}}, "
                f"max_line_size = {LONGEST_LINE}, store_rejects = true)"
            )
        self.base.execute("DROP TABLE IF EXISTS reject_errors; DROP TABLE IF EXISTS reject_scans")
        self.base.execute(f"CREATE OR REPLACE TEMP VIEW raw AS SELECT {', '.join(columns)} FROM {scan}")

    def _reading(self) -> str:
        return reading(self.kind, synthetic=self.synthetic)

    def _take_parser_errors(self) -> None:
        """Lines that the parser could not cut into cells. Another encoding concerns the whole file."""
        bad = self._one("SELECT min(line) FROM reject_errors WHERE error_type::VARCHAR = 'INVALID ENCODING'")
        if bad is not None:
            raise WrongFile(wrong_encoding(self.file.path, line=bad))
        words = " ".join(f"WHEN '{theirs}' THEN '{ours}'" for theirs, ours in _PARSER.items())
        self.base.execute(
            "CREATE OR REPLACE TABLE torn AS SELECT line::BIGINT AS line, any_value(left(csv_line, 20)) AS told, "
            f"any_value(CASE error_type::VARCHAR {words} ELSE 'quote' END) AS problem "
            "FROM reject_errors GROUP BY line ORDER BY line"
        )

    def _run(self, query: str, tell: Callable[[float], None]) -> None:
        """Run a long query in a thread and tell its progress meanwhile."""
        failed: list[BaseException] = []

        def run() -> None:
            try:
                self.base.execute(query)
            except BaseException as error:
                failed.append(error)

        thread = threading.Thread(target=run)
        thread.start()
        while thread.is_alive():
            thread.join(_POLL_SECONDS)
            tell(min(1.0, max(0.0, self.base.query_progress() / 100)))
        if failed:
            raise failed[0]

    def few_keys(self, most: int) -> list[str] | None:
        """The numbers of the rows that passed, when there are no more than `most`; else None."""
        if self._one("SELECT count(*) FROM checked") > most:
            return None
        width = 9 if self.kind == RegisterFileKind.UNITS else 14
        rows = self.base.execute("SELECT key FROM checked WHERE problem IS NULL").fetchall()
        return [str(key).zfill(width) for (key,) in rows]

    def few_units(self, most: int) -> list[str] | None:
        """The SIREN of the establishments that passed, when there are no more than `most` of them; else None."""
        if self._one("SELECT count(*) FROM checked") > most:
            return None
        rows = self.base.execute("SELECT DISTINCT siret[:9] FROM checked WHERE problem IS NULL").fetchall()
        return [siren for (siren,) in rows]

    def take_known(self, known: Path) -> None:
        """What the register holds. `known`: CSV of key, row_hash, is_active."""
        self._take("known", known, {"key": "BIGINT", "row_hash": "BIGINT", "is_active": "BOOLEAN"})
        self.base.execute("ALTER TABLE known ADD COLUMN line UBIGINT")
        self.base.execute("CREATE OR REPLACE VIEW known_now AS SELECT *, row_hash AS fresh FROM known")

    def take_known_rows(self, known: Path) -> None:
        """What the register holds, in full, when its digests are those of another reader: they are made again.

        `known`: CSV of the table's columns and row_hash.
        """
        types = {name: TYPES.get(name, "VARCHAR") for name in self.columns} | {"row_hash": "BIGINT"}
        self._take("known_rows", known, types)
        digest = digest_of_row(self.kind, synthetic=self.synthetic)
        self.base.execute(
            f"CREATE OR REPLACE TABLE known AS SELECT {self.key}::BIGINT AS key, row_hash, is_active, "
            f"NULL::UBIGINT AS line, {digest} AS fresh FROM known_rows"
        )
        self.base.execute("DROP TABLE known_rows")
        self.base.execute("CREATE OR REPLACE VIEW known_now AS SELECT * FROM known")

    def compare(self) -> Counts:
        """Find what differs from what is known. Returns the counts."""
        self._find_doubles()
        # "same" rows only get the digest of this reader.
        self.base.execute(
            "CREATE OR REPLACE TABLE differs AS SELECT c.rowid AS place, CASE WHEN k.key IS NULL THEN 'created' "
            "WHEN k.fresh = c.row_hash THEN 'same' WHEN k.is_active AND NOT c.is_active THEN 'closed' "
            "ELSE 'changed' END AS change FROM checked c LEFT JOIN known_now k ON k.key = c.key "
            "WHERE c.problem IS NULL AND (k.row_hash IS NULL OR k.row_hash <> c.row_hash)"
            + (" AND c.rowid NOT IN (SELECT place FROM twice)" if self._one("SELECT count(*) FROM twice") else "")
        )
        cut, skipped, wrong, twice, torn = self.base.execute(
            f"SELECT count(*), count(*) FILTER (WHERE problem IN ({_PASSED})), count(*) FILTER (WHERE {_REFUSED}), "
            "(SELECT count(*) FROM twice), (SELECT count(*) FROM torn) FROM checked"
        ).fetchone()
        by_change = dict(self.base.execute("SELECT change, count(*) FROM differs GROUP BY change").fetchall())
        created, changed, closed = (by_change.get(change, 0) for change in ("created", "changed", "closed"))
        rejected = wrong + twice + torn
        skimmed = self.lines.skimmed
        unchanged = skimmed + cut - skipped - wrong - twice - created - changed - closed
        return Counts(skimmed + cut + torn, created, changed, closed, unchanged, rejected, skipped)

    def write_differences(self, target: Path, run: int, tell: Callable[[float], None]) -> int:
        """Write the rows that differ as COPY reads them: our columns, digest, label, run. Returns how many."""
        rows = int(self._one("SELECT count(*) FROM differs"))
        if not rows:
            target.write_bytes(b"")
            return 0
        columns = ", ".join(self.columns)
        # On a first load all rows differ: looking every place up would cost as much as writing it.
        which = (
            "" if self._one("SELECT count(*) FROM checked") == rows else "WHERE rowid IN (SELECT place FROM differs)"
        )
        self._run(
            f"COPY (SELECT {columns}, row_hash, {self.synthetic}, {int(run)} FROM checked {which}) "
            f"TO {_quoted(str(target))} (FORMAT csv, HEADER false)",
            tell,
        )
        return rows

    def remember(self, target: Path) -> None:
        """Leave, for the next file, what the register will hold: number, digest, whether active, its line."""
        of_rows = None if self._one("SELECT count(*) FROM torn") else self.lines.lines_of_rows()
        line = "NULL::UBIGINT AS line" if of_rows is None else "l.line"
        join = "" if of_rows is None else f" JOIN ({of_rows}) l ON l.rowid = c.rowid"
        once = " AND c.rowid NOT IN (SELECT place FROM twice)" if self._one("SELECT count(*) FROM twice") else ""
        said = f"SELECT key, row_hash, is_active, {line} FROM checked c{join} WHERE problem IS NULL{once}"
        stands = (
            " UNION ALL SELECT key, row_hash, is_active, line FROM known WHERE key NOT IN "
            f"(SELECT key FROM checked c WHERE problem IS NULL{once})"
        )
        self.base.execute(f"COPY ({said}{stands}) TO {_quoted(str(target))} (FORMAT parquet)")

    def number_of_line(self, number: int) -> int:
        """Where a line of `text` stands in the file that was given, the header being line 1."""
        places = self.lines.places
        return number if places is None else places[number - 1]

    def only_creates(self) -> bool:
        """Whether no row stands already among those that differ: they can be poured in directly."""
        return bool(self._one("SELECT count(*) FROM differs WHERE change <> 'created'") == 0)

    def anything_read(self) -> bool:
        """Whether there was a line that was not known already."""
        return not self._is_empty()

    def reasons(self) -> list[tuple[str, int]]:
        """Why rows are refused and how many: [(code, count), …], the most frequent first."""
        rows = self.base.execute(
            f"SELECT problem, count(*) AS n FROM (SELECT problem FROM checked WHERE {_REFUSED} "
            "UNION ALL SELECT 'twice' FROM twice UNION ALL SELECT problem FROM torn) "
            "GROUP BY problem ORDER BY n DESC, 1"
        ).fetchall()
        return [(str(code), int(count)) for code, count in rows]

    def rejects(self) -> Iterator[Reject]:
        """Refused rows in the order of the file; torn lines first."""
        for line, told, problem in self.base.execute("SELECT line, told, problem FROM torn ORDER BY line").fetchall():
            yield Reject(None, line, told or "", problem)
        rows = self.base.execute(
            f"SELECT rowid AS place, coalesce(told, '') AS told, problem FROM checked WHERE {_REFUSED} "
            "UNION ALL SELECT place, key::VARCHAR, 'twice' FROM twice ORDER BY place"
        )
        while some := rows.fetchmany(1000):
            for place, told, problem in some:
                yield Reject(place, None, told, problem)


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"
