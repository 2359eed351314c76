"""The sources of the base."""

from datetime import date
from typing import Any

from django.db import connection, transaction

from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.core.changes import Changes, changes_since, snapshot
from pavillon.directory.enums import LegalStatus, SourceKind
from pavillon.directory.models import Company, Contact, Source, SourceRecord

# Sources that are always there: their code is their kind. (trust, legal status)
BUILT_IN: dict[SourceKind, tuple[int, LegalStatus]] = {
    SourceKind.REGISTER: (90, LegalStatus.OPEN),
    SourceKind.ADVISER: (80, LegalStatus.PUBLIC_TASK),
    SourceKind.COMPANY: (70, LegalStatus.CONSENT),
}


def built_in_source(kind: SourceKind) -> Source:
    """The register, the advisers' word or the company's own word."""
    trust, legal = BUILT_IN[kind]
    source, _created = Source.objects.get_or_create(
        code=kind.value,
        defaults={"name": str(kind.label)[:120], "kind": kind, "trust": trust, "legal_status": legal},
    )
    return source


def source_of_person(by: User | None) -> Source | None:
    """Whose word a person's entry is: an adviser's, or the company's own; None when nobody enters it."""
    if by is None:
        return None
    return built_in_source(SourceKind.COMPANY if by.is_company else SourceKind.ADVISER)


@transaction.atomic
def source_of_organisation(organisation: Organisation, *, by: User | None) -> Source:
    """What an organisation of the network says through its own system: its source, made the first time."""
    known = Source.objects.filter(organisation=organisation, kind=SourceKind.PARTNER).order_by("pk").first()
    if known is not None:
        return known
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [f"source of {organisation.pk}"])
    known = Source.objects.filter(organisation=organisation, kind=SourceKind.PARTNER).order_by("pk").first()
    return known or create_source(
        code=f"partner-{organisation.pk}",
        name=organisation.name[:120],
        kind=SourceKind.PARTNER,
        organisation=organisation,
        by=by,
    )


@transaction.atomic
def create_source(
    *,
    code: str,
    name: str,
    kind: SourceKind,
    by: User | None,
    trust: int = 50,
    legal_status: LegalStatus = LegalStatus.AGREEMENT,
    legal_note: str = "",
    organisation: Organisation | None = None,
) -> Source:
    """Add a source of values. Raises IntegrityError when the code is taken."""
    source = Source.objects.create(
        code=code,
        name=name,
        kind=kind,
        trust=trust,
        legal_status=legal_status,
        legal_note=legal_note,
        organisation=organisation,
    )
    record("directory.source_created", source, by=by, name=name, trust=trust)
    return source


@transaction.atomic
def change_source(*, source: Source, by: User | None, **fields: Any) -> Changes:
    """Change a source; a new trust counts from the next offer on, what stands on cards stays."""
    source = Source.objects.select_for_update().get(pk=source.pk)
    before = snapshot(source)
    for name, value in fields.items():
        setattr(source, name, value)
    changes = changes_since(before, source)
    if changes:
        source.save()
        record("directory.source_changed", source, by=by, changes=changes)
    return changes


def note_source_record(*, record_of: Company | Contact, source: Source, seen_on: date, key: str = "") -> SourceRecord:
    """Remember that a record of a source is this company or this person.

    Seen again, only its last day changes. Not in the trail of its own: the import or entry that calls is.
    """
    owner = {"contact" if isinstance(record_of, Contact) else "company": record_of}
    kind = {f"{name}__isnull": False for name in owner}
    rows = SourceRecord.objects.filter(source=source, **(kind | {"key": key} if key else owner))
    known = rows.order_by("pk").first()
    if known is None:
        return SourceRecord.objects.create(source=source, key=key, first_seen_on=seen_on, last_seen_on=seen_on, **owner)
    known.last_seen_on = max(known.last_seen_on, seen_on)
    known.save(update_fields=["last_seen_on"])
    return known
