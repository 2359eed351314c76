"""What the shared base announces. Rooms above may listen; nothing here knows who does."""

from django.dispatch import Signal

company_created = Signal()  # company: Company, by: User | None
# Many at once, by a source; told instead of `company_created`.
companies_created = Signal()  # companies: list[Company], by: User | None
company_changed = Signal()  # company: Company, changes: dict[str, [old, new]], by: User | None
# Many at once, by a source; told instead of `company_changed`, so that listeners ask once for all of them.
# `written` is [(company, {field: [old, new]}), …].
companies_changed = Signal()  # companies: list[Company], written: list[tuple[Company, Changes]], by: User | None
# What points at the removed record has moved by the rules of `models.references` when these are sent.
companies_merged = Signal()  # kept: Company, removed: Company, by: User | None, event: MergeEvent
contacts_merged = Signal()  # kept: Contact, removed: Contact, by: User | None, event: MergeEvent
# A merge was undone: both stand again, with what belongs to each.
companies_parted = Signal()  # kept: Company, removed: Company, by: User | None, event: MergeEvent
contacts_parted = Signal()  # kept: Contact, removed: Contact, by: User | None, event: MergeEvent
company_closed = Signal()  # company: Company; the register says so, its day is on the card
contact_added = Signal()  # contact: Contact, by: User | None
# Many at once, by a source; told instead of `contact_added`.
contacts_added = Signal()  # contacts: list[Contact], by: User | None
contact_changed = Signal()  # contact: Contact, changes: dict[str, [old, new]], by: User | None
