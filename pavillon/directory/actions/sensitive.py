"""Sensitive companies: who is told, and who may read (ledger SEC-16)."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.enums import Kind
from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import record
from pavillon.directory.models import Company, SensitiveMark, SensitiveReader, is_private_partner


class AlreadySensitive(Exception):
    """The company is flagged already: change its audience instead."""


class NotForPartners(Exception):
    """A private partner is never an audience of a sensitive company."""


@transaction.atomic
def flag_company(
    *,
    company: Company,
    reason: str,
    state_service: str,
    state_contact: str,
    by: User,
    people: Iterable[User] = (),
    organisations: Iterable[Organisation] = (),
) -> SensitiveMark:
    """Restrict a company to a named audience, whoever flags it included; write down the contact of the state service.

    Raises AlreadySensitive, NotForPartners.
    """
    company = Company.objects.select_for_update(of=("self",)).get(pk=company.pk)
    if company.is_sensitive:
        raise AlreadySensitive(company.name)
    mark = SensitiveMark.objects.create(
        company=company, reason=reason, state_service=state_service, state_contact=state_contact, flagged_by=by
    )
    company.is_sensitive = True
    company.save(update_fields=["is_sensitive", "changed_at"])
    readers = _write_audience(mark, {by, *people}, set(organisations))
    record("directory.company_flagged", company, by=by, reason=reason, service=state_service, readers=readers)
    return mark


@transaction.atomic
def change_audience(
    *, mark: SensitiveMark, by: User, people: Iterable[User], organisations: Iterable[Organisation]
) -> None:
    """Name the audience of a sensitive company anew. Raises NotForPartners, ValueError when nobody would be left."""
    people, organisations = set(people), set(organisations)
    if not people and not organisations:
        raise ValueError(_("Name at least one person or organisation: somebody must keep this file."))
    before = sorted(str(reader) for reader in mark.readers.select_related("user", "organisation"))
    mark.readers.all().delete()
    readers = _write_audience(mark, people, organisations)
    record("directory.audience_changed", mark.company, by=by, changes={"readers": [before, readers]})


def _write_audience(mark: SensitiveMark, people: set[User], organisations: set[Organisation]) -> list[str]:
    outside = [str(person) for person in people if is_private_partner(person)]
    outside += [str(organisation) for organisation in organisations if organisation.kind == Kind.PARTNER]
    if outside:
        raise NotForPartners(
            _("%(names)s: a private partner never reads a sensitive company.") % {"names": ", ".join(sorted(outside))}
        )
    readers = [SensitiveReader(mark=mark, user=person) for person in people]
    readers += [SensitiveReader(mark=mark, organisation=organisation) for organisation in organisations]
    SensitiveReader.objects.bulk_create(readers)
    return sorted(str(reader) for reader in readers)


@transaction.atomic
def lift_flag(*, mark: SensitiveMark, reason: str, by: User) -> None:
    """Open the company to the network again; the mark stays in the history."""
    mark = SensitiveMark.objects.select_for_update(of=("self",)).select_related("company").get(pk=mark.pk)
    mark.lifted_at, mark.lifted_by, mark.lifted_reason = timezone.now(), by, reason
    mark.save(update_fields=["lifted_at", "lifted_by", "lifted_reason"])
    company = mark.company
    company.is_sensitive = False
    company.save(update_fields=["is_sensitive", "changed_at"])
    record("directory.flag_lifted", company, by=by, reason=reason)


def trace_sensitive_read(company: Company, by: User, how: str) -> None:
    """One more line for each reading of a sensitive company, in its own trail: who, when, by which door."""
    record("directory.sensitive_company_read", company, by=by, how=how)
