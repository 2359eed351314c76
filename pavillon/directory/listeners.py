"""What becomes of this room's own rows, and of those below, when two records are merged; keys that follow the cards."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Q
from django.dispatch import receiver

from pavillon.accounts.events import company_vouched
from pavillon.accounts.models import User
from pavillon.accounts.queries import ACTING
from pavillon.activity.models import Thread
from pavillon.core.changes import Changes
from pavillon.directory.actions import index_companies, keep_former_names, merge_rules
from pavillon.directory.actions.register_following import take_establishments
from pavillon.directory.events import (
    companies_changed,
    companies_created,
    companies_merged,
    companies_parted,
    company_changed,
    company_created,
    contact_added,
    contact_changed,
    contacts_added,
)
from pavillon.directory.models import (
    CallWindow,
    Channel,
    Company,
    CompanyValue,
    Contact,
    ContactRole,
    ContactValue,
    CorrectionRequest,
    Establishment,
    FormerName,
    GroupLink,
    Market,
    MatchRecord,
    MergeEvent,
    SensitiveMark,
    SourceRecord,
)
from pavillon.directory.models.references import moved_by, moves_with, stays
from pavillon.metrics.models import DayCount, MonthCount, Waiting
from pavillon.security.models import Reading

# Companies
moves_with(Contact, "company")
moves_with(ContactRole, "company")
moves_with(Establishment, "company")
moves_with(FormerName, "company", taken="drop")
moves_with(SourceRecord, "company")
moves_with(Company.other_sectors.through, "company", taken="drop")
moved_by(Market, "company", merge_rules.move_markets)
moved_by(GroupLink, "parent", merge_rules.move_group_links)
moved_by(GroupLink, "subsidiary", merge_rules.moved_with_the_links)
moved_by(Channel, "company", merge_rules.move_channels)
moved_by(CompanyValue, "company", merge_rules.move_values)
# One question at a time stands open about a field: the other's stays with the record that it was asked about.
moves_with(CorrectionRequest, "company", taken="stay")
# A second mark stays: the audience of each record is what its mark says, and the kept one is restricted already.
moves_with(SensitiveMark, "company", taken="stay")
moved_by(DayCount, "company_id", merge_rules.move_counts, target=Company)
moved_by(MonthCount, "company_id", merge_rules.moved_with_the_days, target=Company)
moved_by(Waiting, "company_id", merge_rules.moved_with_the_days, target=Company)

# People
moved_by(ContactRole, "contact", merge_rules.move_roles)
moved_by(Channel, "contact", merge_rules.move_channels)
moved_by(ContactValue, "contact", merge_rules.move_values)
moves_with(CallWindow, "contact", taken="drop")
moves_with(SourceRecord, "contact")

# History
stays(Company, "merged_into", why="forwarding addresses lead from one to the next")
stays(Contact, "merged_into", why="forwarding addresses lead from one to the next")
stays(MatchRecord, "company", why="whoever describes the merged record finds the one that stands")
for kind in (Company, Contact):
    of_kind = Q(kind=str(kind._meta.model_name))
    stays(MergeEvent, "kept", why="history", target=kind, only=of_kind)
    stays(MergeEvent, "removed", why="history", target=kind, only=of_kind)
    stays(Thread, "subject", why="the trail is never rewritten", target=kind)
    stays(Reading, "object_id", why="the read log is never rewritten", target=kind)


@receiver(company_created)
@receiver(company_changed)
def index_changed_company(company: Company, **event: Any) -> None:
    index_companies([company.pk])


@receiver(companies_changed)
@receiver(companies_created)
def index_changed_companies(companies: list[Company], **event: Any) -> None:
    index_companies([company.pk for company in companies])


@receiver(company_changed)
def keep_the_former_name(company: Company, changes: Any, **event: Any) -> None:
    keep_former_names(_borne([(company, changes)]))


@receiver(companies_changed)
def keep_the_former_names(written: Sequence[tuple[Company, Changes]], **event: Any) -> None:
    keep_former_names(_borne(written))


def _borne(written: Sequence[tuple[Company, Changes]]) -> dict[Company, list[str]]:
    """Names and legal names that these changes took away; a file that changes none of them asks nothing."""
    borne: dict[Company, list[str]] = {}
    for company, changes in written:
        if names := [changes[field][0] for field in ("name", "legal_name") if field in changes and changes[field][0]]:
            borne.setdefault(company, []).extend(names)
    return borne


@receiver(contact_added)
@receiver(contact_changed)
def index_company_of_contact(contact: Contact, **event: Any) -> None:
    index_companies([contact.company_id])


@receiver(contacts_added)
def index_companies_of_contacts(contacts: list[Contact], **event: Any) -> None:
    index_companies(sorted({contact.company_id for contact in contacts}))


@receiver(companies_merged)
@receiver(companies_parted)
def index_merged_companies(kept: Company, removed: Company, **event: Any) -> None:
    index_companies([kept.pk, removed.pk])


@receiver(company_created)
def a_company_has_the_sites_of_the_register(company: Company, **event: Any) -> None:
    if company.siren:
        take_establishments([company])


@receiver(companies_created)
def companies_have_the_sites_of_the_register(companies: list[Company], **event: Any) -> None:
    take_establishments([company for company in companies if company.siren])


@receiver(company_vouched)
def act_for_the_vouched_company(user: User, siren: str, session: Any, **event: Any) -> None:
    """Who works for several companies begins in the one that the identity provider named."""
    company = Company.objects.filter(siren=siren, organisation__isnull=False).first()
    named = [role for role in user.roles_today if company and role.organisation_id == company.organisation_id]
    if named:
        session[ACTING] = named[0].pk
