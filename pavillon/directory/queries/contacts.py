"""People who may be the same."""

from django.db.models import Q

from pavillon.core.fields import blind_index
from pavillon.directory.models import Company, Contact


def namesakes(company: Company, last_name: str, email: str) -> list[Contact]:
    """People of a company who may be the one being added: same e-mail anywhere in it, or same last name."""
    wanted = Q()
    if last_name.strip():
        wanted |= Q(last_name__iexact=last_name.strip())
    if email.strip():
        wanted |= Q(email_index=blind_index(Contact, "email_index", email))
    return list(Contact.objects.filter(wanted, company=company)[:5]) if wanted else []
