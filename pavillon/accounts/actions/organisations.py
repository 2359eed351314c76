"""Organisations, their offices and units."""

from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from pavillon.accounts.enums import PARTNER_KINDS
from pavillon.accounts.events import organisation_changed, organisation_created
from pavillon.accounts.models import Office, Organisation, Unit, User
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record
from pavillon.reference.models import Country, Region


class NameTaken(Exception):
    """A partner of this type has this name already."""


def check_name(name: str, kind: str, besides: Organisation | None = None) -> None:
    """Raises NameTaken. Companies and buyers may share a name; partners of one type may not."""
    if kind not in PARTNER_KINDS:
        return
    same = Organisation.objects.filter(name=name, kind=kind)
    if (same.exclude(pk=besides.pk) if besides else same).exists():
        raise NameTaken(_("There is already an organisation of this type called “%(name)s”.") % {"name": name})


@transaction.atomic
def create_organisation(
    *,
    name: str,
    kind: str,
    level: str = "",
    region: Region | None = None,
    country: Country | None = None,
    by: User | None,
) -> Organisation:
    """Make an owner of accounts. A regional one needs its region. Raises NameTaken."""
    name = name.strip()
    check_name(name, kind)
    organisation = Organisation.objects.create(name=name, kind=kind, level=level, region=region, country=country)
    record("accounts.organisation_created", organisation, by=by, kind=kind)
    organisation_created.send(sender=Organisation, organisation=organisation, by=by)
    return organisation


@transaction.atomic
def change_organisation(
    *,
    organisation: Organisation,
    name: str,
    level: str,
    region: Region | None,
    country: Country | None,
    is_active: bool,
    by: User,
) -> Organisation:
    """Change a partner. One that no longer works gives nobody a role. Raises NameTaken."""
    organisation = Organisation.objects.select_for_update(of=("self",)).get(pk=organisation.pk)
    check_name(name, organisation.kind, besides=organisation)
    before = snapshot(organisation)
    organisation.name, organisation.level, organisation.region = name.strip(), level, region
    organisation.country, organisation.is_active = country, is_active
    changes = changes_since(before, organisation)
    if changes:
        organisation.save()
        record("accounts.organisation_changed", organisation, by=by, changes=changes)
        organisation_changed.send(sender=Organisation, organisation=organisation, changes=changes, by=by)
    return organisation


@transaction.atomic
def create_office(*, name: str, country: Country, city: str, time_zone: str, by: User | None) -> Office:
    office = Office.objects.create(name=name, country=country, city=city, time_zone=time_zone)
    record("accounts.office_created", office, by=by)
    return office


@transaction.atomic
def create_unit(
    *, name: str, by: User | None, parent: Unit | None = None, code: str = "", is_attached_to_top: bool = False
) -> Unit:
    """Add a node to the tree of units; `code` (by default from the name) becomes part of its path."""
    code = code or slugify(name)[:50]
    extra: dict[str, Any] = {"path": f"{parent.path}.{code}" if parent else code}
    unit = Unit.objects.create(name=name, code=code, parent=parent, is_attached_to_top=is_attached_to_top, **extra)
    record("accounts.unit_created", unit, by=by)
    return unit
