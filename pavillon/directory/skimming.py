# ruff: noqa: S608 - table and column names are constants; paths are quoted
"""Lines that were read before: a file of the register is skimmed, and only its other lines are read and checked.

What a line of a file means depends on nothing but the line, the header and our rules. So the reader keeps, beside the
number and digest of every row that the register holds, the digest of the line that said so. In next month's file these
lines are passed over at the pace of the disk. The memory is a file that may be lost or wrong at any time: it is taken
only when its rows are exactly those of the register, else every line is read.
"""

import hashlib
from array import array
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pavillon.directory.sirene import LONGEST_LINE, Form, RegisterFile
from pavillon.directory.sirene_columns import reading, reading_by_unit

# A line is read as one cell: this sign ends no cell of a register's file.
_NO_SIGN = "\x01"
# With fewer familiar lines than this share, skimming would cost more than it saves.
_WORTH_IT = 0.5


class Skimmer:
    """The lines of one file, in the reader's base: which of them are new, and how to find their rows again."""

    def __init__(self, base: Any, file: RegisterFile, text: Path, *, synthetic: bool) -> None:
        self.base, self.file, self.text = base, file, text
        rules = [reading(file.kind, synthetic=synthetic), *reading_by_unit(synthetic=synthetic)]
        rules += [file.delimiter, *file.columns]
        self.seed = int.from_bytes(hashlib.sha256("\n".join(rules).encode()).digest()[:8], "big")
        # Whether each line is one row: no line break in a cell, no blank line, nothing that cannot be cut.
        self.is_plain = False
        # The lines of the file (the header being 1) that the reduced file keeps, once it is written.
        self.places: array[int] | None = None

    def look(self, run: Callable[[str], None]) -> None:
        """Digest every line. `run` runs a long query."""
        if self.file.form is Form.PARQUET:
            return
        odd = "CASE WHEN contains(l, '\"') THEN (strlen(l) - strlen(replace(l, '\"', ''))) % 2 = 1 ELSE false END"
        run(
            f"CREATE OR REPLACE TABLE lines AS SELECT xor(hash(l), {self.seed}::UBIGINT) AS line, "
            f"coalesce({odd}, true) AS is_odd FROM {self._scan()}"
        )
        torn = self._one("SELECT count(*) FROM torn_lines")
        self.is_plain = not torn and not self._one("SELECT count(*) FROM lines WHERE is_odd")

    def _scan(self) -> str:
        path = str(self.text).replace("'", "''")
        return (
            f"read_csv('{path}', auto_detect = false, header = true, delim = '{_NO_SIGN}', quote = '', escape = '', "
            f"columns = {{'l': 'VARCHAR'}}, max_line_size = {LONGEST_LINE}, store_rejects = true, "
            "rejects_table = 'torn_lines', rejects_scan = 'torn_scans')"
        )

    def _one(self, query: str) -> Any:
        return self.base.execute(query).fetchone()[0]

    def reduce(self, target: Path, run: Callable[[str], None]) -> bool:
        """Write the lines that are not known to `target`, in their order and without header; whether it was worth it.

        Lines that stand twice are never familiar: which of them counts is for the reader to say.
        """
        if not self.is_plain:
            return False
        self.base.execute(
            "CREATE OR REPLACE TABLE fresh AS WITH twice AS (SELECT line FROM lines GROUP BY line HAVING count(*) > 1) "
            "SELECT rowid + 2 AS place, line FROM lines WHERE line IN (SELECT line FROM twice) "
            "OR line NOT IN (SELECT line FROM known WHERE line IS NOT NULL) ORDER BY place"
        )
        if self._one("SELECT count(*) FROM fresh") > _WORTH_IT * self._one("SELECT count(*) FROM lines"):
            return False
        path = str(target).replace("'", "''")
        self.places = array("q")
        if self._one("SELECT count(*) FROM fresh"):
            run(
                f"COPY (SELECT l FROM {self._scan()} WHERE xor(hash(l), {self.seed}::UBIGINT) IN "
                f"(SELECT line FROM fresh)) TO '{path}' (FORMAT csv, HEADER false, QUOTE '', ESCAPE '', "
                f"DELIMITER '{_NO_SIGN}')"
            )
            rows = self.base.execute("SELECT place FROM fresh ORDER BY place")
            while some := rows.fetchmany(10_000):
                self.places.extend(place for (place,) in some)
        else:
            target.write_bytes(b"")
        return True

    @property
    def skimmed(self) -> int:
        """How many lines were passed over."""
        return 0 if self.places is None else int(self._one("SELECT count(*) FROM lines")) - len(self.places)

    def give_up(self) -> None:
        """Read every line after all."""
        self.places = None

    def lines_of_rows(self) -> str | None:
        """A query of (rowid, line) for the rows that were read; None when rows and lines cannot be told together."""
        if not self.is_plain:
            return None
        return "SELECT rowid, line FROM " + ("lines" if self.places is None else "fresh")
