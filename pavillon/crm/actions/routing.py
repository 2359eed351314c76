"""Delays, capacities and absences, changed on screens and effective with the next request."""

import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.crm.actions.receiving import locked_settings
from pavillon.crm.models import Absence, Capacity, LeadSettings


class AbsenceOverlaps(Exception):
    """The person is absent on one of these days already."""


@transaction.atomic
def change_lead_settings(
    *,
    by: User,
    take_charge_hours: int,
    opens_at: datetime.time,
    closes_at: datetime.time,
    capacity: int,
    diagnosis_path: str,
) -> LeadSettings:
    """Change the figures of request handling; clocks that run keep their time."""
    settings = locked_settings()
    before = snapshot(settings)
    settings.take_charge_hours, settings.capacity = take_charge_hours, capacity
    settings.opens_at, settings.closes_at = opens_at, closes_at
    settings.diagnosis_path = diagnosis_path
    changes = changes_since(before, settings)
    if changes:
        settings.save()
        record("crm.lead_settings_changed", settings, by=by, changes=changes)
    return settings


@transaction.atomic
def change_capacity(*, adviser: User, open_leads: int | None, by: User) -> None:
    """Say how many open requests a person can handle; None goes back to the general figure."""
    row = Capacity.objects.select_for_update().filter(adviser=adviser).first()
    old = row.open_leads if row else None
    if open_leads == old:
        return
    if open_leads is None:
        Capacity.objects.filter(adviser=adviser).delete()
    else:
        Capacity.objects.update_or_create(adviser=adviser, defaults={"open_leads": open_leads})
    record("crm.capacity_changed", adviser, by=by, changes={"open_leads": [old, open_leads]})


@transaction.atomic
def plan_absence(*, person: User, starts_on: datetime.date, ends_on: datetime.date, by: User) -> Absence:
    """From a day to a day (both included) the person gets no new request. Raises AbsenceOverlaps."""
    try:
        with transaction.atomic():
            absence = Absence.objects.create(person=person, starts_on=starts_on, ends_on=ends_on)
    except IntegrityError as error:
        raise AbsenceOverlaps(_("%(person)s is already absent on one of these days.") % {"person": person}) from error
    record("crm.absence_planned", person, by=by, starts_on=starts_on, ends_on=ends_on)
    return absence


@transaction.atomic
def cancel_absence(*, absence: Absence, by: User) -> None:
    record("crm.absence_cancelled", absence.person, by=by, starts_on=absence.starts_on, ends_on=absence.ends_on)
    absence.delete()
