"""Records that stand on nothing but a rented file whose licence is over."""

from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from pavillon.directory.models import Company, Contact, SourceRecord
from pavillon.intake.models import ProspectTerms
from pavillon.ui import steady


def on_expired_rental(rows: QuerySet[Any]) -> QuerySet[Any]:
    """The companies or contacts that only sources with an ended licence brought."""
    return rows.filter(_stands_on_expired(rows.model))


def not_on_expired_rental(rows: QuerySet[Any]) -> QuerySet[Any]:
    """All others. A person leaves with her company too: it is not known otherwise."""
    rows = rows.exclude(_stands_on_expired(rows.model))
    if rows.model is Contact:
        rows = rows.exclude(company__in=on_expired_rental(Company.objects.all()).values("pk"))
    return rows


def _stands_on_expired(model: type[Company] | type[Contact]) -> Q:
    """Its origin is expired, and no source in force knows it."""
    over = ProspectTerms.objects.expired().values("source")
    records = SourceRecord.objects.filter(**{"contact" if model is Contact else "company": OuterRef("pk")})
    return Q(origin__in=over) & ~Q(Exists(records.exclude(source__in=over)))


_over = steady.Form(
    lambda source, day: ProspectTerms.objects.expired(day).filter(source=source).values("pk"),
    (1_777_000_031, date(1801, 1, 1)),
    (1_888_000_032, date(1851, 1, 1)),
)


def expired_source_of(company: Company) -> ProspectTerms | None:
    """The terms that bar a company, None when it may be approached. Three statements at most."""
    # Nearly all come from sources without an end: one short question, before the long one.
    if company.origin_id is None or not _over(company.origin_id, timezone.localdate()):
        return None
    if not on_expired_rental(Company.objects.filter(pk=company.pk)).exists():
        return None
    return ProspectTerms.objects.select_related("source").filter(source=company.origin_id).first()


def days_left(terms: ProspectTerms) -> int | None:
    """Days until the licence ends, negative once it has."""
    return None if terms.licence_ends_on is None else (terms.licence_ends_on - timezone.localdate()).days
