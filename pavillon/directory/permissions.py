"""Who may do what with companies and contacts. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.core.policy import may_write
from pavillon.directory.enums import ChannelKind, MergeKind
from pavillon.directory.models import (
    CARD_EDITORS,
    MERGERS,
    Channel,
    Company,
    Contact,
    ContactRole,
    ContactValue,
    CorrectionRequest,
    Establishment,
    Market,
    MergeEvent,
    Source,
)
from pavillon.directory.models.corrections import BASE_OWNERS

# They restrict a company for reasons of economic intelligence.
FLAGGERS = frozenset({Role.TEAM_MANAGER, Role.SECURITY_OFFICER, Role.PLATFORM_ADMIN})


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


@permission("directory.merge_contacts", writes=Contact)
def merge_contacts(user: User, contact: Contact | None) -> bool:
    return user.role in MERGERS | {Role.ADVISER} and (contact is None or not contact.is_merged)


@permission("directory.view_merges")
def view_merges(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.undo_merge", writes=Company)
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


@permission("directory.resolve_conflict", writes=Company)
def resolve_conflict(user: User, company: Company | None) -> bool:
    return change_company(user, company)


@permission("directory.resolve_contact_conflict", writes=ContactValue)
def resolve_contact_conflict(user: User, value: ContactValue | None) -> bool:
    return user.role in CARD_EDITORS and (value is None or sees(user, value))


@permission("directory.view_conflicts")
def view_conflicts(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.ask_correction", writes=CorrectionRequest)
def ask_correction(user: User, company: Company | None) -> bool:
    """Whoever of the team reads a card may say that the register is wrong."""
    return user.is_team and (company is None or not company.is_merged)


@permission("directory.view_corrections")
def view_corrections(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.decide_correction", writes=Company)
def decide_correction(user: User, asked: CorrectionRequest | None) -> bool:
    """The owner of the base decides."""
    return user.role in BASE_OWNERS


@permission("directory.flag_company", writes=Company)
def flag_company(user: User, company: Company | None) -> bool:
    return user.role in FLAGGERS and (company is None or not company.is_merged)


@permission("directory.change_audience", writes=Company)
def change_audience(user: User, company: Company | None) -> bool:
    return user.role in FLAGGERS


@permission("directory.lift_flag", writes=Company)
def lift_flag(user: User, company: Company | None) -> bool:
    return user.role in FLAGGERS


@permission("directory.add_establishment", writes=Establishment)
def add_establishment(user: User, company: Company | None) -> bool:
    return change_company(user, company)


@permission("directory.change_establishment", writes=Establishment)
def change_establishment(user: User, establishment: Establishment | None) -> bool:
    """Sites that the register rules are corrected on request."""
    return user.role in CARD_EDITORS and (establishment is None or not establishment.is_from_register)


@permission("directory.remove_establishment", writes=Establishment)
def remove_establishment(user: User, establishment: Establishment | None) -> bool:
    return change_establishment(user, establishment)


@permission("directory.add_market", writes=Market)
def add_market(user: User, company: Company | None) -> bool:
    return change_company(user, company)


@permission("directory.change_market", writes=Market)
def change_market(user: User, market: Market | None) -> bool:
    return user.role in CARD_EDITORS


@permission("directory.link_companies", writes=Company)
def link_companies(user: User, company: Company | None) -> bool:
    return change_company(user, company)


@permission("directory.add_channel", writes=Channel)
def add_channel(user: User, owner: Company | Contact | None) -> bool:
    return user.role in CARD_EDITORS and (owner is None or not owner.is_merged)


@permission("directory.change_channel", writes=Channel)
def change_channel(user: User, channel: Channel | None) -> bool:
    """A phone or an e-mail of a person follows the rules of the columns of that name on the person's card."""
    if channel is not None and channel.contact is not None and channel.kind in (ChannelKind.EMAIL, ChannelKind.PHONE):
        return user.role in CARD_EDITORS and may_write(user, channel.contact, channel.kind)
    return user.role in CARD_EDITORS


@permission("directory.add_role", writes=Contact)
def add_role(user: User, contact: Contact | None) -> bool:
    return user.role in CARD_EDITORS and (contact is None or not contact.is_merged)


@permission("directory.change_role", writes=Contact)
def change_role(user: User, role: ContactRole | None) -> bool:
    return user.role in CARD_EDITORS


@permission("directory.set_call_windows", writes=Contact)
def set_call_windows(user: User, contact: Contact | None) -> bool:
    return change_contact(user, contact)


@permission("directory.view_sources")
def view_sources(user: User, subject: None) -> bool:
    return user.is_team


@permission("directory.create_source", writes=Source)
def create_source(user: User, subject: None) -> bool:
    return user.role in BASE_OWNERS


@permission("directory.change_source", writes=Source)
def change_source(user: User, source: Source | None) -> bool:
    return user.role in BASE_OWNERS


@permission("directory.import_register", writes=Company)
def import_register(user: User, subject: None) -> bool:
    """Those who run the platform: a file of the register concerns every company."""
    return user.role in {Role.PLATFORM_ADMIN, Role.OPERATOR}
