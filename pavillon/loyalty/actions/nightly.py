"""Programmes that look at their segment every night, with the rights of who asked for it."""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.wall import house
from pavillon.crm.queries.routing import managers_of
from pavillon.loyalty.actions.programmes import enrol_segment
from pavillon.loyalty.models import Programme
from pavillon.ui.words import number


@house()
def enrol_nightly() -> int:
    """Take in whoever fulfils the rules by now. How many companies, of all programmes in force that ask for it.

    Where nobody may enrol any more for whom it was asked, the programme stops looking, and its managers are told.
    """
    numbers = list(Programme.objects.in_force().filter(enrols_nightly=True).order_by("pk").values_list("pk", flat=True))
    return sum(_enrol(programme) for programme in numbers)


@transaction.atomic
def _enrol(key: int) -> int:
    rows = Programme.objects.select_for_update(of=("self",)).select_related("watched_by", "organisation")
    programme = rows.get(pk=key)
    person = _who_watches(programme)
    if person is None:
        _stop(programme)
        return 0
    enrolled = enrol_segment(programme=programme, by=person)
    if enrolled:
        notify(
            [person],
            "loyalty.enrolled_by_night",
            title=format_lazy(_("{name}: companies enrolled tonight: {n}"), name=programme.name, n=number(enrolled)),
            url=programme.get_absolute_url(),
            email=False,
        )
    return enrolled


def _who_watches(programme: Programme) -> User | None:
    """The person who asked for it, in the role in which he may enrol; None when he may no longer."""
    person = programme.watched_by
    if person is None or not person.is_active or person.is_suspended:
        return None
    for role in person.roles_today:
        person.acting = role
        if person.has_perm("loyalty.enrol_segment", programme):
            return person
    return None


def _stop(programme: Programme) -> None:
    programme.enrols_nightly, programme.watched_by = False, None
    programme.save(update_fields=["enrols_nightly", "watched_by", "changed_at"])
    record("loyalty.watch_ended", programme, by=None)
    notify(
        managers_of(programme.organisation),
        "loyalty.enrolled_by_night",
        title=format_lazy(_("{name} no longer looks at its segment every night"), name=programme.name),
        body=_("Who asked for it may not enrol companies any more. Tick it again on the programme to go on."),
        url=programme.get_absolute_url(),
    )
