"""The officer's registers: each change leaves a line in the trail with old and new value."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.privacy.control_points import POINTS
from pavillon.privacy.enums import BreachRisk, PointState
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor
from pavillon.privacy.models.registers import HOURS_TO_TELL

# Hours left at which the officers are told again.
WARNINGS = (24, 6, 0)


class NotSaid(Exception):
    """Something that the law wants is missing; the message says what."""


def _kept(row: Any, verb: str, by: User, values: dict[str, Any]) -> Any:
    # A form writes into the row that it was given: what stood before is in the database.
    stored = type(row)._default_manager.select_for_update(of=("self",)).filter(pk=row.pk).first() if row.pk else None
    row = stored or row
    before = snapshot(row)
    for name, value in values.items():
        setattr(row, name, value)
    row.save()
    record(verb, row, by=by, changes=changes_since(before, row) if stored else None)
    return row


@transaction.atomic
def keep_processing(*, processing: Processing | None = None, by: User, **values: Any) -> Processing:
    """Write or change a line of the register of processing."""
    kept: Processing = _kept(processing or Processing(), "privacy.processing_kept", by, values)
    return kept


@transaction.atomic
def keep_processor(*, processor: Processor | None = None, by: User, **values: Any) -> Processor:
    """Write or change a line of the register of processors."""
    kept: Processor = _kept(processor or Processor(), "privacy.processor_kept", by, values)
    return kept


@transaction.atomic
def change_point(*, point: ControlPoint, by: User, **values: Any) -> ControlPoint:
    """Say how far a point of control is met, with which evidence, who answers for it, when it was checked."""
    kept: ControlPoint = _kept(point, "privacy.point_changed", by, values)
    return kept


def _told_of_breaches() -> list[User]:
    roles = [Role.DATA_PROTECTION_OFFICER, Role.SECURITY_OFFICER]
    return list(User.objects.working().acting_in(role__in=roles).distinct())


@transaction.atomic
def declare_breach(*, by: User, **values: Any) -> Breach:
    """Enter a breach: the clock of 72 hours runs from the moment it was noticed; officers are told at once."""
    breach: Breach = _kept(Breach(declared_by=by), "privacy.breach_declared", by, values)
    notify(
        _told_of_breaches(),
        "privacy.breach",
        title=format_lazy(gettext_lazy("Breach of personal data: {title}"), title=breach.title),
        body=format_lazy(gettext_lazy("{hours} hours are left to tell the authority."), hours=breach.hours_left),
        url=breach.get_absolute_url(),
    )
    return breach


@transaction.atomic
def change_breach(*, breach: Breach, by: User, **values: Any) -> Breach:
    """Complete what is known of a breach."""
    changed: Breach = _kept(breach, "privacy.breach_changed", by, values)
    return changed


@transaction.atomic
def tell_authority(*, breach: Breach, reference: str, at: datetime, late_reason: str, by: User) -> Breach:
    """Note that the authority was told. Raises NotSaid when it is later than 72 hours and nothing says why."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    if at > breach.due_at and not late_reason:
        raise NotSaid(
            _("More than %(hours)s hours went by: say why (article 33(1) of the GDPR).") % {"hours": HOURS_TO_TELL}
        )
    values = {"authority_told_at": at, "authority_reference": reference, "late_reason": late_reason}
    told: Breach = _kept(breach, "privacy.authority_told", by, values)
    return told


@transaction.atomic
def tell_people(*, breach: Breach, message: str, by: User) -> Breach:
    """Note that the people concerned were told, and what."""
    values = {"people_told_at": timezone.now(), "people_message": message}
    told: Breach = _kept(breach, "privacy.people_told", by, values)
    return told


@transaction.atomic
def close_breach(*, breach: Breach, by: User) -> Breach:
    """Close a breach. Raises NotSaid while somebody has to be told, or no measure is written down."""
    breach = Breach.objects.select_for_update().get(pk=breach.pk)
    if breach.clock_runs:
        raise NotSaid(_("The authority was not told: tell it, or say that there is no risk for people."))
    if breach.risk == BreachRisk.HIGH and breach.people_told_at is None:
        raise NotSaid(_("The risk is high: the people concerned are to be told first."))
    if not breach.measures:
        raise NotSaid(_("Write down the measures taken first."))
    closed: Breach = _kept(breach, "privacy.breach_closed", by, {"closed_at": timezone.now()})
    return closed


@transaction.atomic
def warn_of_breaches() -> int:
    """Tell the officers again when 24, 6 and 0 hours are left. Returns how many were told of."""
    told = 0
    for breach in Breach.objects.untold().select_for_update():
        passed = [hours for hours in WARNINGS if breach.hours_left < hours or (hours == 0 and breach.hours_left < 0)]
        due = min(passed, default=None)
        if due is None or (breach.warned_hours is not None and breach.warned_hours <= due):
            continue
        breach.warned_hours = due
        breach.save(update_fields=["warned_hours", "changed_at"])
        notify(
            _told_of_breaches(),
            "privacy.breach",
            title=format_lazy(
                gettext_lazy("{hours} hours left to tell the authority: {title}"),
                hours=max(breach.hours_left, 0),
                title=breach.title,
            ),
            url=breach.get_absolute_url(),
        )
        record("privacy.breach_warned", breach, by=None, hours=breach.hours_left)
        told += 1
    return told


@transaction.atomic
def load_control_points() -> int:
    """Make the points of control that are missing; what the officer wrote stays. Returns how many were made."""
    known = set(ControlPoint.objects.values_list("number", flat=True))
    made = [
        ControlPoint(
            number=number, name_fr=names[0], name_en=names[1], what_fr=expected[0], what_en=expected[1],
            state=PointState.TODO,
        )
        for number, (names, expected) in POINTS.items()
        if number not in known
    ]  # fmt: skip
    for point in ControlPoint.objects.bulk_create(made):
        record("privacy.point_made", point, by=None, number=point.number)
    return len(made)
