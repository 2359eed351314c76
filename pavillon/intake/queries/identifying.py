"""Which company and which person a row speaks of."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Contact, RegisterUnit, Source, SourceRecord
from pavillon.directory.queries import Candidate, candidates_of_many, match_name, may_be_without_siren
from pavillon.intake.enums import Outcome
from pavillon.intake.queries.reading_rows import Read

SAME = 0.95
"""Score from which a company found by its name and place is taken for the one meant."""
DOUBT = 0.5
"""Score from which a person is asked."""
MANY = 5
"""Rows from which it pays to ask for all of them at once."""


@dataclass
class Identified:
    """The company that a row means. `outcome` is matched, created (none is known), doubtful or rejected."""

    outcome: Outcome
    company: Company | None = None
    score: float | None = None
    reasons: list[str] = field(default_factory=list)
    # Refused only because there is nothing to create a company with.
    is_unknown: bool = False


class Identifier:
    """Identifies the rows of one batch: the numbers of all rows in four statements, their names in a dozen."""

    def __init__(self, source: Source, reads: Iterable[Read], by: User) -> None:
        self.source, self.by = source, by
        reads = list(reads)
        self.by_siren = self._companies("siren", {r.company["siren"] for r in reads if r.company.get("siren")})
        self.by_vat = self._companies(
            "vat_number", {r.company["vat_number"] for r in reads if r.company.get("vat_number")}
        )
        numbers = {r.company["national_number"] for r in reads if r.company.get("national_number")}
        self.by_national = {
            (company.country_id, company.national_number): forwarded(company)
            for company in Company.objects.filter(national_number__in=numbers).with_facts()
        }
        keys = {r.company["key"] for r in reads if r.company.get("key")}
        self.by_key = {
            row.key: forwarded(row.company)
            for row in SourceRecord.objects.filter(source=source, key__in=keys).select_related("company")
            if row.company is not None
        }
        unknown = {r.company["siren"] for r in reads if r.company.get("siren")} - set(self.by_siren)
        self.register = RegisterUnit.objects.in_bulk(unknown)
        self.strange = _strangers([read for read in reads if read.company.get("siren") in unknown])
        self.near = self._near(reads)
        numbered = (self.by_siren, self.by_key, self.by_vat)
        likely = [near[0].company.pk for near in self.near.values() if near]
        self.seen = set(
            Company.objects.visible_to(by)
            .filter(pk__in=[*(c.pk for found in numbered for c in found.values()), *likely])
            .values_list("pk", flat=True)
        )

    def _companies(self, column: str, numbers: set[str]) -> Mapping[str, Company]:
        rows = Company.objects.filter(**{f"{column}__in": numbers}).with_facts() if numbers else []
        return {getattr(company, column): forwarded(company) for company in rows}

    def _named(self, said: Mapping[str, Any]) -> list[tuple[Company | None, str]]:
        """The companies that the numbers of a row name, with what names each."""
        return [
            (self.by_siren.get(said.get("siren", "")), _("Same SIREN")),
            (self.by_key.get(said.get("key", "")), _("Same number at the partner")),
            (self.by_vat.get(said.get("vat_number", "")), _("Same VAT number")),
            (
                self.by_national.get((said.get("country", "FR"), said.get("national_number", ""))),
                _("Same national number"),
            ),
        ]

    def _near(self, reads: Sequence[Read]) -> dict[int, list[Candidate]]:
        """Companies that rows without a known number may mean, by identity of the row."""
        asked = [
            read
            for read in reads
            if read.company.get("name") and id(read) not in self.strange
            if not any(company for company, _reason in self._named(read.company))
        ]
        found = candidates_of_many([asked_of(read) for read in asked])
        return {id(read): near for read, near in zip(asked, found, strict=True)}

    def identify(self, read: Read) -> Identified:
        """The company of one row, numbers before names. Two numbers that name two companies are for a person."""
        said = read.company
        found = [(company, reason) for company, reason in self._named(said) if company is not None]
        if len({company.pk for company, _reason in found}) > 1:
            told = ", ".join(f"{reason}: {company}" for company, reason in found)
            return Identified(Outcome.REJECTED, reasons=[_("Its numbers name several companies: %s.") % told])
        if found:
            company = found[0][0]
            if said.get("siren") and company.siren and company.siren != said["siren"]:
                return Identified(
                    Outcome.REJECTED,
                    reasons=[
                        _("The partner's number means %(company)s, whose SIREN is %(siren)s. Correct one of the two.")
                        % {"company": company, "siren": company.siren}
                    ],
                )
            return self._seen(Identified(Outcome.MATCHED, company, 1.0, [reason for _company, reason in found]))
        return self._by_name(read)

    def _seen(self, found: Identified) -> Identified:
        """A company that whoever brings the file may not see is never changed by it, nor shown."""
        assert found.company is not None
        if found.company.pk in self.seen or Company.objects.visible_to(self.by).filter(pk=found.company.pk).exists():
            return found
        return Identified(
            Outcome.REJECTED,
            reasons=[_("This company is known and restricted. Ask the keepers of the base to add what you have.")],
        )

    def _by_name(self, read: Read) -> Identified:
        said = read.company
        siren = said.get("siren", "")
        unit = self.register.get(siren)
        if unit is not None and not unit.is_active:
            return Identified(Outcome.REJECTED, reasons=[_("SIREN %s belongs to a company that has closed.") % siren])
        best = self.near.get(id(read), [])
        if best and best[0].score >= DOUBT:
            sure = best[0].score >= SAME and (len(best) == 1 or best[1].score < SAME)
            outcome = Outcome.MATCHED if sure else Outcome.DOUBTFUL
            return self._seen(
                Identified(outcome, best[0].company, best[0].score, [str(reason) for reason in best[0].reasons])
            )
        if unit is None and not said.get("name"):
            told = _("It is not in the register and has no name: nothing to create a company with.")
            return Identified(Outcome.REJECTED, reasons=[f"SIREN {siren}: {told}" if siren else told], is_unknown=True)
        return Identified(Outcome.CREATED, reasons=[_("In the register")] if unit else [_("Not known so far")])


def asked_of(read: Read) -> dict[str, Any]:
    """What `candidates` is asked with for a row."""
    said = read.company
    names = ("siren", "name", "postal_code", "address", "website")
    return {
        **{name: said.get(name, "") for name in names},
        "town": str(said.get("town") or said.get("postal_code", "")),
        "email": read.contact.get("email", ""),
        "phone": read.contact.get("phone", ""),
    }


def _strangers(reads: Sequence[Read]) -> set[int]:
    """Rows with a new SIREN, by identity, to which nothing in the base is alike: all asked at once, in a big file."""
    if len(reads) < MANY:
        return set()
    known = may_be_without_siren([asked_of(read) for read in reads])
    return {id(read) for read, is_likely in zip(reads, known, strict=True) if not is_likely}


def find_contact(company: Company, read: Read, source: Source) -> Contact | None:
    """The person of a row among those of its company: the partner's number, the e-mail, or the name."""
    said = read.contact
    if said.get("key"):
        row = SourceRecord.objects.filter(source=source, key=said["key"], contact__isnull=False).first()
        if row is not None and row.contact is not None:
            return forwarded(row.contact)
    people = Contact.objects.standing().filter(company=company)
    if said.get("email"):
        found = people.filter(email_index=blind_index(Contact, "email_index", said["email"])).first()
        if found:
            return found
    wanted = match_name(f"{said.get('first_name', '')} {said.get('last_name', '')}")
    if not wanted or not said.get("last_name"):
        return None
    alike = people.filter(last_name__iexact=said["last_name"])
    return next((person for person in alike if match_name(str(person)) == wanted), None)


class Groups:
    """Rows of one file that speak of one company: the earliest line leads.

    Two rows belong together when a number is the same, or when neither has one and name and place are. Two different
    SIRENs never stand in one group.
    """

    def __init__(self) -> None:
        self.line_of: dict[tuple[str, str], int] = {}
        self.siren_of: dict[int, str] = {}

    def leader(self, line: int, read: Read) -> int | None:
        """The line that leads the group of this row, None when the row leads itself. Rows come in order of lines."""
        said = read.company
        siren = said.get("siren", "")
        marks = [
            (name, str(said[name])) for name in ("siren", "key", "vat_number", "national_number") if said.get(name)
        ]
        if not marks and said.get("name"):
            place = said.get("postal_code") or said.get("town") or ""
            marks = [("name", f"{match_name(said['name'])}|{str(place).casefold()}")]
        leader = next(
            (
                found
                for mark in marks
                if (found := self.line_of.get(mark)) is not None
                and (not siren or self.siren_of.get(found, siren) == siren)
            ),
            None,
        )
        first = leader if leader is not None else line
        for mark in marks:
            self.line_of.setdefault(mark, first)
        if siren:
            self.siren_of.setdefault(first, siren)
        return leader
