"""What this room knows about one person."""

from typing import Any

from django.db.models import Q, QuerySet

from pavillon.core.fields import blind_index
from pavillon.services.models import Survey


def surveys_of_person(person: Any) -> QuerySet[Survey]:
    """Those that she was asked: under her account, her record or her address."""
    asked = Q(user__in=person.users) | Q(contact__in=person.contacts)
    digests = [blind_index(Survey, "email_index", email) for email in person.emails]
    return Survey.objects.filter(asked | Q(email_index__in=digests))
