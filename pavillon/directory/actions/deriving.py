"""What follows from what is written on a card."""

from datetime import date, timedelta

from django.utils import timezone

from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.enums import ChannelKind
from pavillon.directory.models import Channel, Company, Contact, ContactRole
from pavillon.directory.names import match_name


def derive(record: Company | Contact) -> None:
    """Columns that follow from others; does not save."""
    if isinstance(record, Contact):
        record.email, record.phone = record.email.strip().lower(), plain_phone(record.phone)
        return
    record.match_name = match_name(record.name)
    record.domain = domain_of(record.website)
    if record.commune_id and record.commune:
        record.town = record.commune.name
        record.region_id = record.commune.region_id


def follow_row(contact: Contact) -> None:
    """The main role and the preferred channels say what the contact's row says now."""
    held = {"company": contact.company, "function": contact.job_title, "is_decision_maker": contact.is_decision_maker}
    main = ContactRole.objects.filter(contact=contact, is_main=True).first()
    if main is None:
        ContactRole.objects.create(contact=contact, is_main=True, **held)
    elif any(getattr(main, name) != value for name, value in held.items()):
        ContactRole.objects.filter(pk=main.pk).update(**held)
    for kind, value in ((ChannelKind.EMAIL, contact.email), (ChannelKind.PHONE, contact.phone)):
        _prefer(contact, kind, value)


def _prefer(contact: Contact, kind: ChannelKind, value: str) -> None:
    """One channel of the kind is preferred: that of `value`. The one that was preferred ends, and stays readable."""
    channels = list(contact.channels.filter(kind=kind))
    known = next((channel for channel in channels if channel.value == value), None)
    preferred = next((channel for channel in channels if channel.is_preferred), None)
    if preferred is not None and preferred is known:
        return
    if preferred is not None:
        preferred.is_preferred, preferred.valid_until = False, _yesterday(preferred)
        preferred.save(update_fields=["is_preferred", "valid_until", "changed_at"])
    if not value:
        return
    if known is None:
        domain = domain_of(value) if kind == ChannelKind.EMAIL else ""
        Channel.objects.create(
            contact=contact, kind=kind, value=value, domain=domain, is_preferred=True, valid_from=timezone.localdate()
        )
        return
    known.is_preferred, known.valid_until = True, None
    known.save(update_fields=["is_preferred", "valid_until", "changed_at"])


def _yesterday(channel: Channel) -> date:
    """A channel that was replaced today was good until yesterday, or never when it is of today."""
    today = timezone.localdate()
    last = today - timedelta(days=1)
    return max(last, channel.valid_from) if channel.valid_from else last


def follow_parts(contact: Contact) -> None:
    """The contact's row says what its main role and its preferred channels say now. The caller records."""
    main = contact.roles.filter(is_main=True).select_related("company").first()
    if main is not None:
        contact.company, contact.job_title = main.company, main.function
        contact.is_decision_maker = main.is_decision_maker
    preferred = {channel.kind: channel.value for channel in contact.channels.filter(is_preferred=True)}
    contact.email = preferred.get(ChannelKind.EMAIL, "")
    contact.phone = preferred.get(ChannelKind.PHONE, "")
    contact.save()
