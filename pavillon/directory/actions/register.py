"""Taking the SIRENE register in: the official stock files, or our synthetic ones in the same layout."""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any

import psycopg
from django.db import DatabaseError, connection, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from pavillon.activity.actions import record
from pavillon.directory import register_sql as sql
from pavillon.directory.actions.companies import change_company
from pavillon.directory.models import Company, RegisterUnit
from pavillon.directory.sirene import Kind, RegisterFile, WrongFile, recognise, wrong_encoding
from pavillon.reference.models import DataSet

CHUNK = 1 << 20
REASONS: dict[str, str | Promise] = {
    "siren_missing": _("no SIREN"),
    "siren_digits": _("SIREN: only digits are allowed"),
    "siren_length": _("SIREN: nine digits wanted"),
    "siren_check": _("SIREN: the check digit does not fit"),
    "siret": _("SIRET: fourteen digits wanted, the first nine being the SIREN"),
    "state": _("state: A (active) or C (closed) wanted"),
    "date": _("creation date: no such day"),
    "name": _("no name, though the unit is public"),
    "twice": _("SIREN met before in this file"),
    "unit_unknown": _("head office of a unit that the register does not have"),
    "width": _("not as many cells as the header"),
}
Tell = Callable[[str], None]


@dataclass
class Report:
    """What one file brought. The counts add up: read = created + changed + closed + unchanged + rejected + passed.

    `passed` are rows that we do not keep by design: purged units, establishments that are no head office.
    """

    name: str
    kind: Kind
    read: int = 0
    created: int = 0
    changed: int = 0
    closed: int = 0
    unchanged: int = 0
    passed: int = 0
    is_same_file: bool = False
    rejects: list[tuple[int, str, str]] = field(default_factory=list)

    @property
    def rejected(self) -> int:
        return len(self.rejects)


def import_register(
    paths: list[Path],
    *,
    kind: str = "auto",
    synthetic: bool | None = None,
    force: bool = False,
    tell: Tell = lambda line: None,
) -> list[Report]:
    """Load stock files, units before head offices, all or nothing. Raises WrongFile with the remedy.

    Rows that are as they were are not written; a file that was loaded before is skipped by its digest unless `force`.
    `synthetic` labels the rows; None asks the file's name. Companies of the base follow: closed ones get their day,
    people who opposed the publication of their name disappear.
    """
    files = sorted((recognise(path, kind) for path in paths), key=lambda file: file.kind != Kind.UNITS)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('directory.import_register'))")
        reports = [_import_file(cursor, file, _is_synthetic(file, synthetic), force, tell) for file in files]
        if not all(report.is_same_file for report in reports):
            _close_companies()
    return reports


def _is_synthetic(file: RegisterFile, told: bool | None) -> bool:
    return file.is_synthetic if told is None else told


def _import_file(cursor: Any, file: RegisterFile, synthetic: bool, force: bool, tell: Tell) -> Report:
    report = Report(file.path.name, file.kind)
    digest = _digest(file.path)
    code = f"sirene-{file.kind}" + ("-synthetic" if synthetic else "")
    if not force and DataSet.objects.filter(pk=code, fingerprint=digest).exists():
        report.is_same_file = True
        return report
    cursor.execute(sql.create_raw(file))
    _fill(cursor, file, report, tell)
    cursor.execute(f"ANALYZE {sql.RAW}")
    values = {"synthetic": synthetic}
    cursor.execute(sql.READS[file.kind], values)
    cursor.execute(f"ANALYZE {sql.READ}")
    cursor.execute(sql.REJECTED)
    report.rejects += [(line, siren, reason) for line, siren, reason in cursor.fetchall()]
    report.rejects.sort()
    cursor.execute(sql.COUNTS[file.kind])
    report.created, report.closed, report.changed, report.unchanged = cursor.fetchone()
    hidden = []
    if file.kind == Kind.UNITS:
        cursor.execute(sql.HIDDEN)
        hidden = cursor.fetchall()
    cursor.execute(sql.WRITES[file.kind], values if file.kind == Kind.UNITS else None)
    cursor.execute(sql.SHORT_COUNTS)
    in_table, purged = cursor.fetchone()
    report.read = in_table + sum(1 for line in report.rejects if line[2] == "width")
    kept = report.created + report.changed + report.closed + report.unchanged + report.rejected
    report.passed = purged if file.kind == Kind.UNITS else report.read - kept
    _hide_people(hidden)
    _describe(code, file, synthetic, digest)
    return report


def _fill(cursor: Any, file: RegisterFile, report: Report, tell: Tell) -> None:
    """Copy the file into the raw table: whole and fast, or line by line when a line does not fit."""
    try:
        with transaction.atomic(), file.open() as stream, cursor.copy(sql.copy_in(file, with_line=False)) as copy:
            for chunk in _chunks(stream, file, tell):
                copy.write(chunk)
    except (DatabaseError, psycopg.Error) as error:
        if isinstance(_cause(error), psycopg.errors.CharacterNotInRepertoire | psycopg.errors.UntranslatableCharacter):
            raise WrongFile(wrong_encoding(file.path)) from error
        if not isinstance(_cause(error), psycopg.errors.BadCopyFileFormat):
            raise
        tell(str(_("A line has not as many cells as the header: reading line by line.")))
        _fill_by_line(cursor, file, report)


def _cause(error: BaseException) -> BaseException:
    return error.__cause__ if isinstance(error, DatabaseError) and error.__cause__ else error


def _fill_by_line(cursor: Any, file: RegisterFile, report: Report) -> None:
    with file.open() as stream, cursor.copy(sql.copy_in(file, with_line=True)) as copy:
        reader = csv.reader(io.TextIOWrapper(stream, encoding="utf-8", newline=""), delimiter=file.delimiter)
        next(reader)
        for row in reader:
            if len(row) == len(file.columns):
                copy.write_row([reader.line_num, *(cell or None for cell in row)])
            elif row:
                report.rejects.append((reader.line_num, row[0][:20], "width"))


def _chunks(stream: IO[bytes], file: RegisterFile, tell: Tell) -> Iterator[bytes]:
    """The file in pieces, telling its progress every tenth."""
    done, told = 0, 0
    while chunk := stream.read(CHUNK):
        yield chunk
        done += len(chunk)
        if file.size and file.size > 20 * CHUNK and done * 10 // file.size > told:
            told = done * 10 // file.size
            tell(f"{file.path.name}: {told * 10} %")


def _digest(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _hide_people(hidden: list[tuple[str, str, str]]) -> None:
    """Companies of the base that carry a name or an address whose publication was withdrawn."""
    former = {siren: (name, address) for siren, name, address in hidden}
    units = RegisterUnit.objects.in_bulk(list(former))
    for company in Company.objects.filter(siren__in=former):
        assert company.siren
        unit, (name, address) = units[company.siren], former[company.siren]
        fields: dict[str, Any] = {}
        if address and company.address == address:
            fields["address"] = ""
        if not unit.shows_its_name:
            fields |= {"legal_name": ""} | ({"name": str(unit.public_name)} if company.name == name else {})
        if fields:
            change_company(company=company, by=None, **fields)


def _close_companies() -> None:
    """Companies of the base that the register says closed."""
    closed = RegisterUnit.objects.filter(is_active=False, siren__in=Company.objects.values("siren"))
    days = dict(closed.values_list("siren", "closed_on"))
    for company in Company.objects.filter(siren__in=days, closed_on__isnull=True, merged_into__isnull=True):
        assert company.siren
        change_company(company=company, by=None, closed_on=days[company.siren] or date.today())  # noqa: DTZ011


def _describe(code: str, file: RegisterFile, synthetic: bool, digest: str) -> None:
    """Tell "about the data" what was loaded."""
    units = RegisterUnit.objects.filter(is_synthetic=synthetic)
    offices = units.exclude(head_office_siret="")
    what = ("unités légales", "legal units") if file.kind == Kind.UNITS else ("sièges sociaux", "head offices")
    made = (" (fictives)", " (invented)") if synthetic else ("", "")
    data_set, _created = DataSet.objects.update_or_create(
        code=code,
        defaults={
            "name_fr": f"Répertoire SIRENE : {what[0]}{made[0]}",
            "name_en": f"SIRENE register: {what[1]}{made[1]}",
            "publisher": "Pavillon" if synthetic else "INSEE",
            "source": file.path.name,
            "version": f"{date.fromtimestamp(file.path.stat().st_mtime):%Y-%m}",  # noqa: DTZ012
            "licence": "EUPL-1.2" if synthetic else "Licence Ouverte 2.0",
            "as_of": None if synthetic else date.fromtimestamp(file.path.stat().st_mtime),  # noqa: DTZ012
            "rows": (units if file.kind == Kind.UNITS else offices).count(),
            "fingerprint": digest,
            "is_synthetic": synthetic,
        },
    )
    record("directory.register_imported", data_set, by=None, file=file.path.name, rows=data_set.rows)
