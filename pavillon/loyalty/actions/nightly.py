"""Programmes that look at their segment every night, with the rights of who asked for it."""

import logging

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.wall import house
from pavillon.crm.queries.routing import managers_of
from pavillon.directory.criteria import WrongRule
from pavillon.loyalty.actions.programmes import enrol_segment
from pavillon.loyalty.actions.telling import said_number
from pavillon.loyalty.models import Programme
from pavillon.segments.queries import rule_of

log = logging.getLogger(__name__)


@house()
def enrol_nightly() -> int:
    """Take in whoever fulfils the rules by now. How many companies, of all programmes in force that ask for it.

    Where nobody may enrol any more for whom it was asked, the programme stops looking, and its managers are told. What
    fails with one programme keeps the others from nothing: it stands in the log, and the next night tries again.
    """
    numbers = list(Programme.objects.in_force().filter(enrols_nightly=True).order_by("pk").values_list("pk", flat=True))
    enrolled, failed = 0, 0
    for programme in numbers:
        try:
            enrolled += _enrol(programme)
        except Exception:
            log.exception("The night could not look at programme %s", programme)
            failed += 1
    if failed:
        log.error("Programmes that the night could not look at: %s of %s", failed, len(numbers))
    return enrolled


@transaction.atomic
def _enrol(key: int) -> int:
    rows = Programme.objects.select_for_update(of=("self",)).select_related("watched_by", "organisation", "segment")
    programme = rows.get(pk=key)
    person = _who_watches(programme)
    if person is None:
        _stop(programme)
        return 0
    enrolled = enrol_segment(programme=programme, by=person, by_night=True)
    if enrolled:
        notify(
            [person],
            "loyalty.enrolled_by_night",
            title=format_lazy(
                _("{name}: companies enrolled tonight: {n}"), name=programme.name, n=said_number(enrolled)
            ),
            url=programme.get_absolute_url(),
            email=False,
        )
    return enrolled


def _who_watches(programme: Programme) -> User | None:
    """The person who asked for it, in that role; None when he may no longer enrol, or ask the segment."""
    person = programme.watched_by
    if person is None or not person.is_active or person.is_suspended:
        return None
    role = next((one for one in person.roles_today if one.pk == programme.watched_as_id), None)
    if role is None:
        return None
    person.acting = role
    try:
        rule_of(programme.segment, person)
    except WrongRule:  # It asks a field that the matrix closed to him: he would enrol nobody for ever.
        return None
    return person if person.has_perm("loyalty.enrol_segment", programme) else None


def _stop(programme: Programme) -> None:
    programme.enrols_nightly, programme.watched_by, programme.watched_as = False, None, None
    programme.save(update_fields=["enrols_nightly", "watched_by", "watched_as", "changed_at"])
    record("loyalty.watch_ended", programme, by=None)
    notify(
        managers_of(programme.organisation),
        "loyalty.enrolled_by_night",
        title=format_lazy(_("{name} no longer looks at its segment every night"), name=programme.name),
        body=_(
            "Who asked for it may no longer enrol companies, or no longer read what the segment asks. "
            "Tick it again on the programme to go on."
        ),
        url=programme.get_absolute_url(),
    )
