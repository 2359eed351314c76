"""How much may be read: decided by scope, and extended for one person until a moment."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.enums import Role
from pavillon.accounts.models import Organisation, User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.vigilance.actions.incidents import officers
from pavillon.vigilance.enums import Stage
from pavillon.vigilance.models import Extension, ReadingLimit
from pavillon.vigilance.queries.budgets import limit_for

FIGURES = ("hourly_rows", "most_rows", "weekly_records", "habit_factor", "habit_floor")


class Decided(Exception):
    """Somebody answered this wish already; the message says how."""


class OwnLimit(Exception):
    """An officer would let himself read more; another officer is there to decide it."""


def _check_own(by: User | None, before: ReadingLimit) -> None:
    """Nobody loosens what binds himself, as long as there is somebody else; the administrators hear of it otherwise."""
    if by is None:
        return
    after = limit_for(by)
    if all(getattr(after, name) <= getattr(before, name) for name in FIGURES):
        return
    if list(officers(but=by)):
        raise OwnLimit(_("You would read under this limit yourself: let another security officer decide it."))
    notify(
        User.objects.working().acting_in(role=Role.PLATFORM_ADMIN).exclude(pk=by.pk),
        "vigilance.incident",
        title=gettext_lazy("The only security officer loosened his own reading limit"),
        body=by.full_name,
        url=reverse("accounts:user", args=[by.pk]),
    )


@transaction.atomic
def change_limit(
    *, role: str, organisation: Organisation | None, reason: str, by: User | None, **figures: int
) -> ReadingLimit:
    """Say how much one scope may read from now on. The decision before it ends and stays readable. Raises OwnLimit."""
    now, own = timezone.now(), limit_for(by) if by else ReadingLimit()
    known = (
        ReadingLimit.objects.select_for_update(of=("self",))
        .in_force()
        .filter(role=role, organisation=organisation)
        .first()
    )
    before = known or ReadingLimit()
    if known:
        known.ended_at = now
        known.save(update_fields=["ended_at"])
    limit = ReadingLimit.objects.create(
        role=role, organisation=organisation, reason=reason, decided_by=by, decided_at=now, **figures
    )
    changes = {
        name: [getattr(before, name), getattr(limit, name)]
        for name in FIGURES
        if getattr(before, name) != getattr(limit, name)
    }
    facts = {"role": role, "organisation": organisation.pk if organisation else None}
    record("vigilance.limit_changed", limit, by=by, changes=changes, reason=reason, **facts)
    _check_own(by, own)
    return limit


@transaction.atomic
def end_limit(*, limit: ReadingLimit, reason: str, by: User) -> None:
    """Take the limit of a scope away: the wider one counts again. Ending twice changes nothing. Raises OwnLimit."""
    limit = ReadingLimit.objects.select_for_update(of=("self",)).get(pk=limit.pk)
    if limit.ended_at is None:
        own = limit_for(by)
        before = snapshot(limit)
        limit.ended_at = timezone.now()
        limit.save(update_fields=["ended_at"])
        record("vigilance.limit_ended", limit, by=by, changes=changes_since(before, limit), reason=reason)
        _check_own(by, own)


@transaction.atomic
def ask_extension(*, rows: int, records: int, reason: str, by: User) -> Extension:
    """Ask security to read more for a time, with a reason. One wish at a time: a new one replaces what waits."""
    User.objects.select_for_update(of=("self",)).get(pk=by.pk)
    wish = Extension.objects.filter(user=by, stage=Stage.ASKED).first() or Extension(user=by)
    wish.rows, wish.records, wish.reason, wish.asked_at = rows, records, reason, timezone.now()
    wish.save()
    record("vigilance.extension_asked", wish, by=by, rows=rows, records=records, reason=reason)
    notify(
        officers(but=by),
        "vigilance.incident",
        title=_("%(person)s asks to read more") % {"person": by.full_name},
        body=reason,
        url=wish.get_absolute_url(),
    )
    return wish


def _waiting(extension: Extension) -> Extension:
    extension = Extension.objects.select_for_update(of=("self",)).get(pk=extension.pk)
    if extension.stage != Stage.ASKED:
        raise Decided(_("This wish is answered already: %(how)s.") % {"how": extension.get_stage_display()})
    return extension


@transaction.atomic
def grant_extension(
    *, extension: Extension, rows: int, records: int, ends_at: datetime, decision: str, by: User
) -> Extension:
    """Let somebody read more from now to a moment; the person is told. Raises Decided."""
    extension = _waiting(extension)
    before = snapshot(extension)
    extension.stage, extension.decision, extension.decided_by = Stage.GRANTED, decision, by
    extension.decided_at = extension.starts_at = timezone.now()
    extension.rows, extension.records, extension.ends_at = rows, records, ends_at
    extension.save()
    record("vigilance.extension_granted", extension, by=by, changes=changes_since(before, extension), reason=decision)
    _answer(extension, gettext_lazy("You may read more for a time"))
    return extension


@transaction.atomic
def refuse_extension(*, extension: Extension, decision: str, by: User) -> Extension:
    """Say no, and why; the person is told. Raises Decided."""
    extension = _waiting(extension)
    before = snapshot(extension)
    extension.stage, extension.decision, extension.decided_by = Stage.REFUSED, decision, by
    extension.decided_at = timezone.now()
    extension.save()
    record("vigilance.extension_refused", extension, by=by, changes=changes_since(before, extension), reason=decision)
    _answer(extension, gettext_lazy("Your reading budget stays as it is"))
    return extension


def _answer(extension: Extension, title: Any) -> None:
    person = extension.user
    notify([person], "vigilance.budget_near", title=title, body=extension.decision, url=extension.get_absolute_url())


@transaction.atomic
def allow_records(*, user: User, records: int, reason: str, by: User) -> Extension:
    """Security let a file go: its records do not count against the person's seven days."""
    now = timezone.now()
    extension = Extension.objects.create(
        user=user,
        stage=Stage.GRANTED,
        records=records,
        reason=reason,
        decision=reason,
        decided_by=by,
        decided_at=now,
        starts_at=now,
        ends_at=now + timedelta(days=7),
    )
    record("vigilance.extension_granted", extension, by=by, records=records, reason=reason)
    return extension
