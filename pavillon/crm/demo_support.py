"""The people who accompany the companies of the demonstration, and a first exchange with one of them."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from itertools import cycle
from typing import Any

from pavillon.crm import actions
from pavillon.crm.actions import telling
from pavillon.crm.models import DedicatedContact
from pavillon.directory.models import Company

Day = Callable[[datetime], AbstractContextManager[None]]


def name_contacts(world: dict[str, Any], on_the_day: Day, moment: Callable[[float, int], datetime]) -> None:
    """Each accompanied company knows somebody on the agency's side and somebody on the operator's.

    `on_the_day(at)` lives through a past moment; `moment(age in days, hour)` is one.
    """
    users = world["users"]
    sides = [
        (cycle([users["alice"], users["emma"]]), "Votre accompagnement et votre boutique"),
        (cycle([users["olivier"]]), "Aide à l’utilisation de la plateforme"),
    ]
    for company in Company.objects.standing().filter(is_demo=True, is_accompanied=True).order_by("pk"):
        for people, function in sides:
            person = next(people)
            with on_the_day(moment(60, 10)):
                actions.name_dedicated_contact(
                    company=company,
                    person=person,
                    organisation=person.organisation,
                    function=function,
                    by=users["alice"],
                )
    _write(on_the_day, moment)


def _write(on_the_day: Day, moment: Callable[[float, int], datetime]) -> None:
    """A conversation that one can read from the company that has an account."""
    contact = DedicatedContact.objects.filter(company__organisation__isnull=False).order_by("pk").first()
    managers = telling.everybody_of(contact.company) if contact else []
    if contact is None or not managers:
        return
    for hour, by, text in [
        (9, managers[0], "Bonjour, à qui devons-nous envoyer les textes anglais de notre boutique ?"),
        (11, contact.person, "Bonjour, à moi : je les relis dans la journée et les mets en ligne avec vous."),
    ]:
        with on_the_day(moment(3, hour)):
            actions.write_contact_message(contact=contact, by=by, text=text)
