"""Who may do what with companies and contacts. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.directory.enums import MergeKind
from pavillon.directory.models import CARD_EDITORS, Company, Contact, MergeEvent

MERGERS = frozenset({Role.TEAM_MANAGER, Role.PLATFORM_ADMIN, Role.SHOWROOM_MANAGER})


@permission("directory.view_companies")
def view_companies(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.view_company")
def view_company(user: User, company: Company | None) -> bool:
    return user.is_team


@permission("directory.export_companies")
def export_companies(user: User, subject: None) -> bool:
    return user.role in CARD_EDITORS | {Role.PLATFORM_ADMIN, Role.REGION_OFFICIAL}


@permission("directory.create_company", writes=Company)
def create_company(user: User, subject: None) -> bool:
    return user.role in CARD_EDITORS


@permission("directory.change_company", writes=Company)
def change_company(user: User, company: Company | None) -> bool:
    return user.role in CARD_EDITORS and (company is None or not company.is_merged)


@permission("directory.merge_companies", writes=Company)
def merge_companies(user: User, company: Company | None) -> bool:
    return user.role in MERGERS and (company is None or not company.is_merged)


@permission("directory.merge_contacts")
def merge_contacts(user: User, contact: Contact | None) -> bool:
    return user.role in MERGERS | {Role.ADVISER} and (contact is None or not contact.is_merged)


@permission("directory.view_merges")
def view_merges(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.undo_merge")
def undo_merge(user: User, event: MergeEvent | None) -> bool:
    """Who may merge may undo, whoever merged."""
    if event is not None and event.kind == MergeKind.CONTACT:
        return user.role in MERGERS | {Role.ADVISER}
    return user.role in MERGERS


@permission("directory.view_contacts")
def view_contacts(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.add_contact", writes=Contact)
def add_contact(user: User, company: Company | None) -> bool:
    return change_company(user, company)


@permission("directory.change_contact", writes=Contact)
def change_contact(user: User, contact: Contact | None) -> bool:
    return user.role in CARD_EDITORS
