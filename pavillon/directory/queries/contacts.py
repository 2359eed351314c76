"""People who may be the same."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.core.fields import blind_index
from pavillon.directory.channels import plain_phone
from pavillon.directory.models import Company, Contact
from pavillon.directory.names import plain
from pavillon.directory.queries.traces import may_hold
from pavillon.ui import steady


def namesakes(company: Company, last_name: str, email: str) -> list[Contact]:
    """People of a company who may be the one being added: same e-mail anywhere in it, or same last name."""
    wanted = Q()
    if last_name.strip():
        wanted |= Q(last_name__iexact=last_name.strip())
    if email.strip():
        wanted |= Q(email_index=blind_index(Contact, "email_index", email))
    return list(Contact.objects.standing().filter(wanted, company=company)[:5]) if wanted else []


def names_of_people(company: Company, user: User) -> list[tuple[int, str]]:
    """[(number, name)] of the people of a company whom somebody sees, as lists order them; one statement at most."""
    if not may_hold(company, Contact):
        return []
    rows = steady.rows("names of people", user, _named_in, company.pk)
    return [(number, f"{first} {last}".strip()) for number, first, last in rows]


def _named_in(user: User, number: int) -> QuerySet[Contact, Any]:
    rows = Contact.objects.visible_to(user).filter(company=number)
    return rows.values_list("pk", "first_name", "last_name")


@dataclass(frozen=True)
class ContactCandidate:
    """A person of the base who may be the same: `score` from 0 to 1, and why, in the reader's language."""

    contact: Contact
    score: float
    reasons: Sequence[str] = field(default_factory=list)


# What one agreement says: two of them leave the product of their doubts.
SAME_EMAIL, SAME_PHONE, SAME_NAME_HERE, SAME_NAME = 0.9, 0.6, 0.85, 0.3


def contact_candidates(
    *,
    first_name: str = "",
    last_name: str = "",
    email: str = "",
    phone: str = "",
    company: Company | None = None,
    besides: Contact | None = None,
    limit: int = 5,
) -> list[ContactCandidate]:
    """People who may be the described one, likeliest first: same e-mail, same phone, same name in the same company.

    With `besides`, what that contact says is the description, and it is not proposed itself. One statement.
    """
    if besides is not None:
        first_name, last_name, company = besides.first_name, besides.last_name, besides.company
        email, phone = besides.email, besides.phone
    phone = plain_phone(phone) if phone else ""
    wanted = Q()
    if email:
        wanted |= Q(email_index=blind_index(Contact, "email_index", email))
    if phone:
        wanted |= Q(phone_index=blind_index(Contact, "phone_index", phone))
    if last_name.strip() and company is not None:
        wanted |= Q(last_name__iexact=last_name.strip(), company=company)
    if not wanted:
        return []
    rows = Contact.objects.standing().filter(wanted).select_related("company__commune", "company__country")
    rows = rows.exclude(pk=besides.pk) if besides else rows
    found = [_weighed(row, first_name, last_name, email, phone, company) for row in rows[:50]]
    return sorted((each for each in found if each.score), key=lambda each: (-each.score, each.contact.pk))[:limit]


def _weighed(
    row: Contact, first_name: str, last_name: str, email: str, phone: str, company: Company | None
) -> ContactCandidate:
    doubt = 1.0
    reasons: list[str] = []
    if email and row.email.lower() == email.strip().lower():
        doubt, reasons = doubt * (1 - SAME_EMAIL), [*reasons, _("Same e-mail")]
    if phone and row.phone == phone:
        doubt, reasons = doubt * (1 - SAME_PHONE), [*reasons, _("Same phone")]
    if last_name and plain(row.last_name) == plain(last_name):
        first, other = plain(first_name), plain(row.first_name)
        agrees = not first or not other or first[:1] == other[:1]
        here = company is not None and row.company_id == company.pk
        if agrees:
            doubt *= 1 - (SAME_NAME_HERE if here else SAME_NAME)
            reasons.append(_("Same name in the same company") if here else _("Same name"))
    return ContactCandidate(row, round(1 - doubt, 2), reasons)
