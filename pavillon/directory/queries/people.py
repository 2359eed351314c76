"""The people of one company, with what they do there."""

from collections.abc import Sequence

from django.db.models import QuerySet

from pavillon.accounts.models import User
from pavillon.directory.models import Company, Contact, ContactRole


def people_of(company: Company, user: User) -> QuerySet[Contact]:
    """People who hold a role in a company today and whom the reader may see, deciders first."""
    held = ContactRole.objects.standing().filter(company=company).values("contact")
    seen = Contact.objects.visible_to(user).standing().filter(pk__in=held)
    return seen.order_by("-is_decision_maker", "last_name", "pk")


def as_they_are_there(people: Sequence[Contact], company: Company) -> Sequence[Contact]:
    """The same people: those whose main role is elsewhere say what they do in this company. At most one statement."""
    elsewhere = {person.pk: person for person in people if person.company_id != company.pk}
    if elsewhere:
        roles = ContactRole.objects.standing().filter(company=company, contact__in=elsewhere)
        for role in roles:
            person = elsewhere[role.contact_id]
            person.job_title, person.is_decision_maker = role.function, role.is_decision_maker
    return people
