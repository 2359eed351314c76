"""What erasing a person does here: counts go, what an officer decided stays without what it said of the person."""

from django.db import transaction

from pavillon.vigilance.models import Exemption, Extension, Habit, Incident, Reader, Rehearsal, Spending


def forget_spending(row: Spending) -> None:
    row.delete()


def forget_reader(row: Reader) -> None:
    row.delete()


def forget_habit(row: Habit) -> None:
    row.delete()


def forget_extension(row: Extension) -> None:
    row.delete()


def forget_exemption(row: Exemption) -> None:
    row.delete()


def forget_rehearsal(row: Rehearsal) -> None:
    """The figures stay, the people go."""
    row.found = []
    row.save(update_fields=["found"])


@transaction.atomic
def forget_incident(row: Incident) -> None:
    """That something happened stays; from where, and in whose words it was explained, goes."""
    row.facts, row.reason = {}, ""
    row.save(update_fields=["facts", "reason"])
