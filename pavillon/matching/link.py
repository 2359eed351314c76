"""`pavillon link`: find the rows of any CSV file that describe the same thing. Needs no database and no settings."""

import argparse
import csv
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path

from pavillon.matching.engine.batch import Batch, Learnt
from pavillon.matching.engine.clustering import Clusters, Pair
from pavillon.matching.engine.columns import COLUMN_KINDS, IGNORED, SAMPLE, Layout, UnknownColumn, guess_layout
from pavillon.matching.engine.files import BadFile, Table, open_table
from pavillon.matching.engine.model import Model, UnusableModel
from pavillon.matching.engine.records import KINDS, Raw
from pavillon.matching.engine.text import words
from pavillon.matching.engine.training import TooFewPairs

THRESHOLD = 0.5
"""More likely than not: what gave the best clusters on the sets of docs/benchmarks.md."""
REVIEW_FROM = 0.1
YES, NO = words("1 yes y true oui o vrai match"), words("0 no n false non faux distinct")

DESCRIPTION = """\
Find the rows that describe the same company, person or thing, in one file or between two.

The columns' meaning is guessed from their names and values; --kind corrects it. Rows with a SIREN, SIRET or VAT number
whose check digits are right are never joined with another number's, and teach how alike two rows of one company are.
Without such numbers the weights are learnt from the file itself, and better with --labels.
"""
EPILOG = f"""\
kinds of columns:
  {", ".join(COLUMN_KINDS)}

examples:
  pavillon link contacts.csv --out clusters.csv
  pavillon link ours.csv --other partner.csv --out links.csv --review doubtful.csv
  pavillon link export.csv --out clusters.csv --kind "Libellé=name" --kind "Ref=ignore" --explain

The output has the rows of the input, in their order, with two more columns: `cluster` (a number that rows of one thing
share) and `score` (the probability of the best link that holds the row in its cluster; empty for a row alone).
The same files and options always give the same output. See docs/how-to/link-a-file.md.
"""


class _Parser(argparse.ArgumentParser):
    def __init__(self) -> None:
        super().__init__(
            prog="pavillon link",
            description=DESCRIPTION,
            epilog=EPILOG,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        add = self.add_argument
        add("file", type=Path, metavar="FILE.csv", help="a table with a header; encoding and separator are found")
        add("--out", type=Path, metavar="CLUSTERS.csv", required=True, help="where the result goes (UTF-8)")
        add("--other", type=Path, metavar="FILE.csv", help="link FILE with this one, instead of looking inside FILE")
        add("--review", type=Path, metavar="PAIRS.csv", help="write the doubtful and the refused pairs, side by side")
        add("--kind", action="append", default=[], metavar="COLUMN=KIND", help="what a column holds (may be repeated)")
        add("--records", choices=KINDS, help="what the rows describe (default: guessed)")
        add(
            "--labels",
            type=Path,
            metavar="LABELS.csv",
            help="pairs that somebody judged: columns left, right, match (1 or 0, yes or no). left and right are row "
            "numbers (1 is the first under the header), or values of the column named by --id",
        )
        add("--id", metavar="COLUMN", help="the column whose values --labels uses; it is not compared")
        add(
            "--threshold",
            type=float,
            default=THRESHOLD,
            metavar="P",
            help=f"join rows from this probability on, 0 to 1 (default {THRESHOLD}; 0.95 for fewer wrong joins)",
        )
        add("--model", type=Path, metavar="MODEL.json", help="use the weights that --save-model kept; learn nothing")
        add("--save-model", type=Path, metavar="MODEL.json", help="keep the weights for another file")
        add(
            "--learn-alone",
            action="store_true",
            help="learn the weights from this file alone, without identity numbers and without the weights that ship",
        )
        add("--explain", action="store_true", help="add a column `why`, and print the weights")
        add("--encoding", help="of the input files, when the guess is wrong (for example cp1252)")
        add("--separator", help="of the input files, when the guess is wrong (for example ';' or tab)")
        add("--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="processors to use (default: all)")
        add("--quiet", action="store_true", help="print only errors")


@dataclass(frozen=True)
class _Source:
    """An input file with what its columns hold."""

    table: Table
    layout: Layout

    def records(self) -> Iterator[Raw]:
        return (self.layout.record(row) for row in self.table.rows())


def main(words: Sequence[str] | None = None) -> int:
    """Entry point. Returns the exit code: 0 done, 1 a file cannot be used, 2 the words are wrong."""
    parser = _Parser()
    chosen = parser.parse_args(words)
    if not 0 < chosen.threshold <= 1:
        parser.error(f"--threshold must lie between 0 and 1; it is {chosen.threshold}")
    try:
        _link(chosen)
    except BadFile as error:
        print(f"\npavillon link: {error.problem}", file=sys.stderr)
        if error.remedy:
            print(f"  What to do: {error.remedy}", file=sys.stderr)
        return 1
    except UnknownColumn as error:
        parser.error(str(error))
    except OSError as error:
        print(f"\n{error.filename or 'A file'} could not be written or read: {error.strerror}.", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nStopped. Nothing was written.", file=sys.stderr)
        return 130
    return 0


def _link(chosen: argparse.Namespace) -> None:
    started = time.monotonic()

    def tell(text: str) -> None:
        if not chosen.quiet:
            print(f"[{time.monotonic() - started:5.1f} s] {text}", file=sys.stderr, flush=True)

    sources = _sources(chosen)
    _check_outputs(chosen, sources)
    for source in sources:
        tell(
            f"{source.table.path}: {_written(source.table)}; rows are read as records of kind “{source.layout.records}”"
        )
        for column, kind in source.layout.kinds.items():
            tell(f"    {column} → {kind}")
    model = _kept_model(chosen.model, sources[0].layout.records) if chosen.model else None
    extras = tuple(sources[0].layout.extras.values())
    with Batch(sources[0].layout.records, extras=extras, sides=len(sources), tell=tell) as batch:
        for side, source in enumerate(sources):
            batch.load(source.records(), side=side, processes=chosen.processes)
            if batch.size == 0:
                raise BadFile(f"{source.table.path} has a header and no row.", "export it again, with its rows.")
        labels = _labels(chosen, sources) if chosen.labels else []
        batch.compare(also=[(left, right) for left, right, _ in labels])
        learnt = Learnt(model, "kept") if model else _learn(batch, labels, alone=chosen.learn_alone)
        tell(_HOW[learnt.how].format(pairs=sum(learnt.model.trained.get("pairs", [])), file=chosen.model))
        batch.weigh(learnt.model)
        clusters = batch.cluster(chosen.threshold)
        result = _Result(batch, clusters, learnt.model, chosen.threshold, sources)
        result.write(chosen.out, explain=chosen.explain)
        if chosen.review:
            count = result.write_review(chosen.review)
            tell(f"{count:,} pairs for a person to judge, in {chosen.review}")
    if chosen.save_model:
        chosen.save_model.write_text(replace(learnt.model, version=chosen.save_model.stem).as_json(), encoding="utf-8")
    if not chosen.quiet:
        if chosen.explain:
            print(_weights_in_words(learnt.model))
        print(result.summary(chosen.out))


_HOW = {
    "identities": "weights learnt from {pairs:,} pairs whose identity numbers are both known",
    "labels": "weights learnt from the file and {pairs:,} labelled pairs",
    "alone": "weights learnt from the file alone ({pairs:,} pairs); --labels would make them better",
    "shipped": "the weights that ship with the product are used; --labels would make them better",
    "kept": "weights taken from {file}",
}


def _sources(chosen: argparse.Namespace) -> list[_Source]:
    separator = "\t" if chosen.separator in ("tab", "\\t") else chosen.separator
    if separator and len(separator) != 1:
        raise UnknownColumn(f"--separator must be one character, or “tab”; it is “{separator}”")
    asked: dict[str, str] = {}
    for said in chosen.kind:
        column, sign, kind = said.rpartition("=")
        if not sign or not column:
            raise UnknownColumn(f"--kind needs COLUMN=KIND; it is “{said}”")
        asked[column] = kind
    if chosen.id:
        asked[chosen.id] = IGNORED
    tables = [
        open_table(path, encoding=chosen.encoding, separator=separator) for path in (chosen.file, chosen.other) if path
    ]
    everywhere = {column for table in tables for column in table.header}
    for column in asked:
        if column not in everywhere:
            raise UnknownColumn(f"there is no column “{column}”; the columns are: {', '.join(tables[0].header)}")
    sources: list[_Source] = []
    for table in tables:
        here = {column: kind for column, kind in asked.items() if column in table.header}
        # Both files are about the same things.
        records = sources[0].layout.records if sources else chosen.records
        layout = guess_layout(table.header, list(islice(table.rows(), SAMPLE)), chosen=here, records=records)
        sources.append(_Source(table, layout))
    return _same_extras(sources)


def _same_extras(sources: list[_Source]) -> list[_Source]:
    """Columns without a meaning of their own are compared with those of the same name in the other file."""
    first = sources[0].layout
    if len(sources) == 1 or not (first.extras or sources[1].layout.extras):
        return sources
    common = {column: name for column, name in first.extras.items() if column in sources[1].table.header}
    made = []
    for source in sources:
        kinds = {
            column: kind if column not in source.layout.extras or column in common else IGNORED
            for column, kind in source.layout.kinds.items()
        }
        kinds |= {column: first.kinds[column] for column in common}
        made.append(_Source(source.table, Layout(source.layout.records, kinds, common)))
    return made


def _check_outputs(chosen: argparse.Namespace, sources: Sequence[_Source]) -> None:
    read = {source.table.path.resolve() for source in sources}
    written = [path for path in (chosen.out, chosen.review, chosen.save_model) if path]
    for path in written:
        if path.resolve() in read:
            raise BadFile(f"{path} would be overwritten: it is an input.", "choose another name.")
        if path.is_dir() or not path.resolve().parent.is_dir():
            raise BadFile(
                f"{path} cannot be written: there is no folder {path.parent}, or it is a folder itself.", "create it."
            )
    if len({path.resolve() for path in written}) < len(written):
        raise BadFile("two outputs have the same name.", "give --out, --review and --save-model names of their own.")


def _written(table: Table) -> str:
    names = {";": "semicolons", ",": "commas", "\t": "tabs", "|": "bars"}
    return f"{table.encoding}, {names.get(table.separator, table.separator)}, {len(table.header)} columns"


def _kept_model(path: Path, kind: str) -> Model:
    if not path.exists():
        raise BadFile(f"there is no file {path}.", "check the name given to --model.")
    try:
        model = Model.from_json(path.read_text(encoding="utf-8"))
    except (UnusableModel, UnicodeDecodeError) as error:
        raise BadFile(f"{path} is not a model: {error}.", "give a file that --save-model wrote.") from None
    if model.kind != kind:
        raise BadFile(
            f"{path} weighs records of kind “{model.kind}”, this file has “{kind}”.", f"add --records {model.kind}."
        )
    return model


def _learn(batch: Batch, labels: list[tuple[int, int, bool]], *, alone: bool) -> Learnt:
    try:
        return batch.learn(labels, alone=alone)
    except TooFewPairs as error:
        raise BadFile(
            f"the weights could not be learnt: {error}.",
            "give --labels, a --model, or say what the columns hold with --kind.",
        ) from None


def _labels(chosen: argparse.Namespace, sources: Sequence[_Source]) -> list[tuple[int, int, bool]]:
    """The judged pairs as row numbers from 0, those of the second file after those of the first."""
    table = open_table(chosen.labels)
    lacking = [name for name in ("left", "right", "match") if name not in table.header]
    if lacking:
        raise BadFile(
            f"{table.path} has no column “{lacking[0]}”; its columns are {', '.join(table.header)}.",
            "its header must be left,right,match.",
        )
    find = _finder(chosen.id, sources)
    found = []
    for line, cells in table.lines():
        row = dict(zip(table.header, cells, strict=False))
        verdict = row["match"].strip().lower()
        if verdict not in YES | NO:
            raise BadFile(f"line {line} of {table.path}: match is “{row['match']}”.", "write 1 or 0, yes or no.")
        left, right = (find(row[name].strip(), name, f"line {line} of {table.path}") for name in ("left", "right"))
        if left == right:
            raise BadFile(f"line {line} of {table.path} compares a row with itself.", "delete that line.")
        found.append((min(left, right), max(left, right), verdict in YES))
    if len({verdict for *_, verdict in found}) < 2:
        raise BadFile(
            f"{table.path} has {len(found)} pairs, all of one sort.", "give pairs that match and pairs that do not."
        )
    return found


def _finder(column: str | None, sources: Sequence[_Source]):  # noqa: ANN202 — a function from text to row number
    sizes: list[int] = []
    numbers: list[dict[str, int]] = []
    start = 0
    for source in sources:
        values: dict[str, int] = {}
        count = 0
        for count, row in enumerate(source.table.rows(), start=1):
            if column and column in row:
                values.setdefault(row[column].strip(), start + count - 1)
        numbers.append(values)
        sizes.append(count)
        start += count

    def find(value: str, side: str, where: str) -> int:
        # With two files, left is in the first and right in the second.
        places = [len(sources) - 1] if side == "right" else [0]
        for place in places:
            if column:
                if value in numbers[place]:
                    return numbers[place][value]
            elif value.isdigit() and 1 <= int(value) <= sizes[place]:
                return sum(sizes[:place]) + int(value) - 1
        if column:
            raise BadFile(f"{where}: no row has {column} “{value}”.", "correct the value, or the column named by --id.")
        raise BadFile(
            f"{where}: “{value}” is no row number between 1 and {sizes[places[0]]:,}.",
            "correct it, or use --id COLUMN.",
        )

    return find


class _Result:
    """What was found, ready to be written."""

    def __init__(
        self, batch: Batch, clusters: Clusters, model: Model, threshold: float, sources: Sequence[_Source]
    ) -> None:
        self._batch, self._clusters, self._model, self._sources = batch, clusters, model, sources
        self._threshold = threshold
        self._pairs = batch.pairs(min(REVIEW_FROM, threshold))
        self._best: dict[int, Pair] = {}
        of = clusters.of
        for pair in self._pairs:
            if not pair.conflict and pair.left in of and of.get(pair.left) == of.get(pair.right):
                self._best.setdefault(pair.left, pair)
                self._best.setdefault(pair.right, pair)

    def write(self, path: Path, *, explain: bool) -> None:
        """Write every row with its cluster; clusters are numbered from 1 in the order of their first rows."""
        header = list(dict.fromkeys(column for source in self._sources for column in source.table.header))
        more = [_free("file", header)] if len(self._sources) == 2 else []
        more += [_free("cluster", header), _free("score", header)] + ([_free("why", header)] if explain else [])
        reasons = self._reasons([(p.left, p.right) for p in self._best.values()]) if explain else {}
        numbers: dict[int, int] = {}
        draft = path.with_name(f".{path.name}.part")
        try:
            with draft.open("w", encoding="utf-8", newline="") as file:
                writer = csv.writer(file, lineterminator="\n")
                writer.writerow([*header, *more])
                for number, (source, row) in enumerate(self._rows()):
                    root = self._clusters.of.get(number, number)
                    best = self._best.get(number)
                    told = [source.table.path.name] if len(self._sources) == 2 else []
                    # Rows that only an identity number joins have no compared pair: that number is proof.
                    score = f"{best.probability:.4f}" if best else "1.0000" if number in self._clusters.of else ""
                    told += [str(numbers.setdefault(root, len(numbers) + 1)), score]
                    if explain:
                        told.append(reasons.get((best.left, best.right), "") if best else "")
                    writer.writerow([*(row.get(column, "") for column in header), *told])
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
        self.rows, self.clusters = number + 1, len(numbers)

    def write_review(self, path: Path) -> int:
        """Write the pairs below the threshold and those refused, most doubtful first. Returns how many."""
        of = self._clusters.of
        doubtful = [
            (pair, "two different identity numbers" if pair.conflict else "below the threshold")
            for pair in self._pairs
            if (pair.conflict or pair.probability < self._threshold)
            and not (pair.left in of and of.get(pair.left) == of.get(pair.right))
        ]
        refused = [(pair, "would join two different identity numbers") for pair in self._clusters.refused]
        chosen = sorted(
            [*refused, *doubtful], key=lambda told: (abs(told[0].probability - 0.5), told[0].left, told[0].right)
        )
        wanted = {number for pair, _ in chosen for number in (pair.left, pair.right)}
        kept = {number: row for number, (_, row) in enumerate(self._rows()) if number in wanted}
        reasons = self._reasons([(pair.left, pair.right) for pair, _ in chosen])
        columns = [
            column
            for column in dict.fromkeys(column for source in self._sources for column in source.table.header)
            if any(source.layout.kinds.get(column, IGNORED) != IGNORED for source in self._sources)
        ]
        split = sum(1 for _ in self._sources[0].table.rows()) if len(self._sources) == 2 else 0
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            sides = [f"{side} {column}" for column in columns for side in ("left", "right")]
            writer.writerow(["left", "right", "match", "score", "reason", "why", *sides])
            for pair, reason in chosen:
                left, right = kept[pair.left], kept[pair.right]
                cells = [value for column in columns for value in (left.get(column, ""), right.get(column, ""))]
                why = reasons.get((pair.left, pair.right), "")
                at = pair.right - split if split else pair.right
                writer.writerow([pair.left + 1, at + 1, "", f"{pair.probability:.4f}", reason, why, *cells])
        return len(chosen)

    def summary(self, path: Path) -> str:
        joined = len(self._clusters.of)
        said = f"{self.rows:,} rows, {self.clusters:,} clusters; {joined:,} rows share one. Written to {path}."
        if self._clusters.refused:
            said += f" {len(self._clusters.refused):,} joins were refused: they would have mixed two identity numbers."
        return said

    def _rows(self) -> Iterator[tuple[_Source, Mapping[str, str]]]:
        for source in self._sources:
            for row in source.table.rows():
                yield source, row

    def _reasons(self, pairs: Sequence[tuple[int, int]]) -> dict[tuple[int, int], str]:
        """For each pair, what its fields add, the weightiest first."""
        identities = self._batch.identities()
        told = {}
        for pair, levels in self._batch.levels(pairs).items():
            parts = [(self._model.weights.get(f, {}).get(level, 0) / 1000, f, level) for f, level in levels]
            parts.sort(key=lambda part: -abs(part[0]))
            words = [
                f"{name.replace('_', ' ')} {level.replace('_', ' ')} {weight:+.1f}" for weight, name, level in parts
            ]
            one, two = (identities.get(number) for number in pair)
            if one and two:
                words.insert(0, f"identity number {'same' if one == two else 'different'}")
            told[pair] = "; ".join(words)
        return told


def _free(name: str, header: Sequence[str]) -> str:
    """A column name that the file does not use."""
    return name if name not in header else next(f"{name}_{n}" for n in range(2, 99) if f"{name}_{n}" not in header)


def _weights_in_words(model: Model) -> str:
    lines = ["", f"Weights (log odds; {model.bias / 1000:+.1f} before anything is compared):"]
    for name, levels in model.weights.items():
        told = ", ".join(
            f"{level.replace('_', ' ')} {weight / 1000:+.1f}" for level, weight in levels.items() if weight
        )
        if told:
            lines.append(f"  {name.replace('_', ' ')}: {told}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main())
