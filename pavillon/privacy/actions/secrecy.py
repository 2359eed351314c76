"""Letting people open legally secret data, for a purpose and a time."""

from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.privacy.models import Clearance, RestrictedClass, RestrictedPurpose
from pavillon.privacy.secret_classes import CLASSES

MOST_DAYS = 366


class TooLong(Exception):
    """A clearance is for a year at most: then the need is looked at again."""


@transaction.atomic
def load_restricted_classes() -> int:
    """Make the classes and purposes that are missing. Returns how many classes were made."""
    made = 0
    for code, (names, law, purposes) in CLASSES.items():
        known, is_new = RestrictedClass.objects.get_or_create(
            pk=code, defaults={"name_fr": names[0], "name_en": names[1], "law": law}
        )
        for purpose, words in purposes.items():
            RestrictedPurpose.objects.get_or_create(
                code=purpose, defaults={"restricted_class": known, "name_fr": words[0], "name_en": words[1]}
            )
        if is_new:
            record("privacy.restricted_class_made", known, by=None)
            made += 1
    return made


@transaction.atomic
def grant_clearance(*, user: User, purpose: RestrictedPurpose, reference: str, ends_on: date, by: User) -> Clearance:
    """Let a person open secret data for one purpose. Raises TooLong."""
    if ends_on > timezone.localdate() + timedelta(days=MOST_DAYS):
        raise TooLong(_("A clearance is for a year at most."))
    clearance = Clearance.objects.create(
        user=user, purpose=purpose, reference=reference, ends_on=ends_on, granted_by=by
    )
    record("privacy.clearance_granted", clearance, by=by, person=user.pk, purpose=purpose.code)
    notify([user], "privacy.clearance", title=_("You may open secret data: %(purpose)s") % {"purpose": purpose.name},
           body=reference)  # fmt: skip
    return clearance


@transaction.atomic
def end_clearance(*, clearance: Clearance, by: User) -> Clearance:
    """End a clearance now; ended twice, it stays ended."""
    clearance = Clearance.objects.select_for_update(of=("self",)).get(pk=clearance.pk)
    if clearance.ended_at is None:
        clearance.ended_at = timezone.now()
        clearance.save(update_fields=["ended_at", "changed_at"])
        record("privacy.clearance_ended", clearance, by=by, person=clearance.user_id)
    return clearance
