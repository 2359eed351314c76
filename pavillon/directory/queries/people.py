"""The people of one company, with what they do there."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

from pavillon.accounts.models import User
from pavillon.directory.models import Company, Contact, ContactRole
from pavillon.ui import steady


def people_of(company: Company, user: User) -> QuerySet[Contact]:
    """People who hold a role in a company today and whom the reader may see, deciders first."""
    return _people_of(user, company.pk)


def _people_of(user: User, company: int) -> QuerySet[Contact]:
    held = ContactRole.objects.standing().filter(company=company).values("contact")
    seen = Contact.objects.visible_to(user).standing().filter(pk__in=held)
    return seen.order_by("-is_decision_maker", "last_name", "pk")


def first_people(company: Company, user: User, most: int) -> steady.Part:
    """The first of them, to be asked with other questions (`ui.together`)."""
    return steady.part(("people of a company", most), user, lambda who, key: _people_of(who, key)[:most], company.pk)


def count_people(company: Company, user: User) -> int:
    """How many they are."""
    return steady.count("count of people", user, _keys_of_people, company.pk)


def _keys_of_people(user: User, company: int) -> QuerySet[Contact, Any]:
    return _people_of(user, company).order_by().values("pk")


def as_they_are_there(people: Sequence[Contact], company: Company) -> Sequence[Contact]:
    """The same people: those whose main role is elsewhere say what they do in this company. At most one statement."""
    elsewhere = {person.pk: person for person in people if person.company_id != company.pk}
    if elsewhere:
        roles = ContactRole.objects.standing().filter(company=company, contact__in=elsewhere)
        for role in roles:
            person = elsewhere[role.contact_id]
            person.job_title, person.is_decision_maker = role.function, role.is_decision_maker
    return people
