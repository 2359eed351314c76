"""What the shared base announces. Rooms above may listen; nothing here knows who does."""

from django.dispatch import Signal

company_created = Signal()  # company: Company, by: User | None
company_changed = Signal()  # company: Company, changes: dict[str, [old, new]], by: User | None
companies_merged = Signal()  # kept: Company, removed: Company, by: User
contact_added = Signal()  # contact: Contact, by: User | None
contact_changed = Signal()  # contact: Contact, changes: dict[str, [old, new]], by: User | None
