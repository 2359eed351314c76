"""With which company a mail was: by its addresses and its subject, within what its owner may see."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import BooleanField, F, Func, QuerySet, TextField, Value
from django.utils.translation import gettext as _

from pavillon.accounts.enums import COMPANY_ROLES
from pavillon.accounts.models import Membership, User
from pavillon.core.fields import blind_index
from pavillon.correspondence.enums import AddressRole
from pavillon.correspondence.models import CopiedMail
from pavillon.correspondence.parsing import DIGITS
from pavillon.crm.models import Lead
from pavillon.directory.models import Channel, Company, Contact
from pavillon.ui import steady, together
from pavillon.ui.keyset import among

# Companies proposed for one mail, and those of one domain beyond which the domain says nothing.
PROPOSED, OF_ONE_DOMAIN = 4, 3


@dataclass
class Match:
    """A company that a mail may be about. `is_sure`: by an address of a header or by the request in its subject."""

    company: Company
    reasons: list[str] = field(default_factory=list)
    is_sure: bool = False
    contact: Contact | None = None
    lead: Lead | None = None


@dataclass
class _Known:
    """What the base knows of some addresses, domains and numbers, asked for all mails of a page at once."""

    contacts: dict[str, list[Contact]]
    companies: dict[str, list[Company]]
    domains: dict[str, list[Company]]
    leads: dict[int, Lead]


def matches_of(mails: Iterable[CopiedMail], user: User) -> dict[int, list[Match]]:
    """The companies that each mail may be about, the surest first: one statement, whatever the number of mails."""
    mails = list(mails)
    if not mails:
        return {}
    addresses = {mail.pk: [(each.role, each.email) for each in mail.addresses.all() if each.email] for mail in mails}
    numbers = {mail.pk: [int(number) for number in DIGITS.findall(mail.subject)][:5] for mail in mails}
    known = _known(
        {email for pairs in addresses.values() for _role, email in pairs},
        {number for found in numbers.values() for number in found},
        user,
    )
    return {mail.pk: _matches(addresses[mail.pk], numbers[mail.pk], known) for mail in mails}


def _known(emails: set[str], numbers: set[int], user: User) -> _Known:
    contacts: dict[str, list[Contact]] = defaultdict(list)
    companies: dict[str, list[Company]] = defaultdict(list)
    domains: dict[str, list[Company]] = defaultdict(list)
    leads: dict[int, Lead] = {}
    by_contact = {blind_index(Contact, "email_index", email): email for email in emails}
    by_channel = {blind_index(Channel, "value_index", email): email for email in emails}
    told = together.ask(**_questions(emails, list(by_contact), list(by_channel), numbers, user))
    for contact in told.get("contacts", ()):
        contacts[by_contact[contact.email_index]].append(contact)
    for channel in told.get("channels", ()):
        email = by_channel[channel.value_index]
        if channel.contact and channel.contact not in contacts[email]:
            contacts[email].append(channel.contact)
        elif channel.company:
            companies[email].append(channel.company)
    places = dict(told.get("roles", ()))
    for company in told.get("of_accounts", ()):
        companies[places[company.organisation_id].lower()].append(company)
    for company in told.get("of_domains", ()):
        domains[company.domain].append(company)
    leads = {lead.pk: lead for lead in told.get("leads", ())}
    return _Known(contacts, companies, domains, leads)


def _questions(
    emails: set[str], contacts: list[str], channels: list[str], numbers: set[int], user: User
) -> dict[str, steady.Part]:
    """People and companies of the base by the digests of their addresses; companies by the accounts of their people,
    who may have no card, and by their domains; requests by their numbers. What no mail names is not asked for."""
    asked = {}
    if emails:
        held, domains = sorted(emails), sorted({email.rpartition("@")[2] for email in emails})
        asked = {
            "contacts": steady.part("people of mails", user, _people, contacts),
            "channels": steady.part("channels of mails", user, _channels, channels),
            "roles": steady.part("accounts of mails", user, _accounts, held),
            "of_accounts": steady.part("companies of accounts of mails", user, _companies_of_accounts, held),
            "of_domains": steady.part("companies of domains of mails", user, _companies_of_domains, domains),
        }
    if numbers:
        asked["leads"] = steady.part("requests of mails", user, _leads, sorted(numbers))
    return asked


def _one_of(column: str, texts: list[str]) -> Func:
    """The same question however many they are: one array."""
    array = Value(texts, output_field=ArrayField(TextField()))
    return Func(F(column), array, template="%(expressions)s)", arg_joiner=" = ANY(", output_field=BooleanField())


def _people(user: User, digests: list[str]) -> QuerySet[Contact]:
    found = Contact.objects.visible_to(user).standing().filter(_one_of("email_index", digests))
    return found.select_related("company")[:500]


def _channels(user: User, digests: list[str]) -> QuerySet[Channel]:
    found = Channel.objects.visible_to(user).standing().filter(_one_of("value_index", digests))
    return found.select_related("contact__company", "company")[:500]


def _roles(emails: list[str]) -> Any:
    return Membership.objects.current().filter(_one_of("user__email", emails), role__in=COMPANY_ROLES)


def _accounts(user: User, emails: list[str]) -> Any:
    return _roles(emails).values_list("organisation_id", "user__email")


def _companies_of_accounts(user: User, emails: list[str]) -> QuerySet[Company]:
    places = _roles(emails).order_by().values("organisation_id")
    return Company.objects.visible_to(user).standing().filter(organisation__in=places)


def _companies_of_domains(user: User, domains: list[str]) -> QuerySet[Company]:
    return Company.objects.visible_to(user).standing().filter(_one_of("domain", domains)).order_by("pk")[:500]


def _leads(user: User, numbers: list[int]) -> QuerySet[Lead]:
    found = Lead.objects.visible_to(user).filter(among(numbers), company__isnull=False)
    return found.select_related("company")


def _matches(addresses: list[tuple[str, str]], numbers: list[int], known: _Known) -> list[Match]:
    finder = _Finder(known)
    for number in numbers:
        finder.look_for_request(number)
    for role, email in addresses:
        finder.look_for_address(email, in_header=role != AddressRole.MENTIONED)
    found = sorted(finder.found.values(), key=lambda match: (not match.is_sure, match.lead is None, match.company.pk))
    return found[:PROPOSED]


class _Finder:
    """Gathers the companies of one mail with their reasons."""

    def __init__(self, known: _Known) -> None:
        self.known = known
        self.found: dict[int, Match] = {}

    def add(self, company: Company | None, reason: str, *, is_sure: bool) -> Match | None:
        if company is None or company.merged_into_id is not None:
            return None
        match = self.found.setdefault(company.pk, Match(company))
        if reason not in match.reasons:
            match.reasons.append(reason)
        match.is_sure |= is_sure
        return match

    def look_for_request(self, number: int) -> None:
        if lead := self.known.leads.get(number):
            reason = _("The subject names its request %(number)s.") % {"number": lead.reference}
            if match := self.add(lead.company, reason, is_sure=True):
                match.lead = lead

    def look_for_address(self, email: str, *, in_header: bool) -> None:
        for contact in self.known.contacts.get(email, []):
            words = {"email": email, "name": contact}
            if in_header:
                reason = _("%(name)s (%(email)s) works there.") % words
            else:
                reason = _("The text names %(name)s (%(email)s), who works there.") % words
            match = self.add(contact.company, reason, is_sure=in_header)
            if match and in_header and match.contact is None:
                match.contact = contact
        for company in self.known.companies.get(email, []):
            reason = _("%(email)s is an address of its people.") % {"email": email}
            self.add(company, reason, is_sure=in_header)
        domain = email.rpartition("@")[2]
        alike = self.known.domains.get(domain, [])
        for company in alike if len(alike) <= OF_ONE_DOMAIN else []:
            self.add(company, _("Its website has the domain %(domain)s.") % {"domain": domain}, is_sure=False)


def company_meant(matches: list[Match]) -> Match | None:
    """The one company that a mail is surely about, by its subject and its addresses together.

    A subject is whoever's wrote it: where it names a request of one company and the addresses are another's, neither.
    """
    sure = [match for match in matches if match.is_sure]
    return sure[0] if len(sure) == 1 else None
