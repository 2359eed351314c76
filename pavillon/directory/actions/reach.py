"""How people and companies are reached, and what people do where."""

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.actions.deriving import follow_parts
from pavillon.directory.actions.offering import note_hand, whole
from pavillon.directory.channels import domain_of, plain_phone
from pavillon.directory.enums import ChannelKind
from pavillon.directory.events import contact_changed
from pavillon.directory.models import CallWindow, Channel, Company, Contact, ContactRole, ContactValue, Source


class ChannelKnown(Exception):
    """The person or company has this number or address already."""


class ChannelGone(Exception):
    """A colleague took this number or address away meanwhile."""


class RoleGone(Exception):
    """A colleague took this role away meanwhile."""


class LastRole(Exception):
    """A person keeps at least one role: change it instead."""


def _locked(contact: Contact) -> Contact:
    return Contact.objects.select_for_update(of=("self",)).select_related("company", "origin").get(pk=contact.pk)


def _locked_role(role: ContactRole) -> ContactRole:
    """The role as it is now, under a lock. Raises RoleGone."""
    found = ContactRole.objects.select_for_update(of=("self",)).select_related("company").filter(pk=role.pk).first()
    if found is None:
        raise RoleGone(_("A colleague took this role away meanwhile."))
    return found


def _locked_owner(owner: Any) -> Any:
    """The card that a channel stands on: two people who change its channels at once wait for each other."""
    if isinstance(owner, Contact):
        return _locked(owner)
    return Company.objects.select_for_update(of=("self",)).get(pk=owner.pk)


def _follow(
    contact: Contact, by: User | None, verb: str, *about: Any, source: Source | None = None, **facts: Any
) -> None:
    """The contact's row says what its parts say; one line of the trail, and the announcement when it changed.

    What changes is the word of `source`, or of the person.
    """
    before, said = snapshot(contact), whole(contact)
    follow_parts(contact)
    changes = changes_since(before, contact)
    note_hand(contact, said, by, source=source)
    record(verb, contact, *(about or (contact.company,)), by=by, changes=changes, **facts)
    if changes:
        contact_changed.send(sender=Contact, contact=contact, changes=changes, by=by)


@transaction.atomic
def add_role(
    *,
    contact: Contact,
    company: Company,
    by: User | None,
    function: str = "",
    is_decision_maker: bool = False,
    starts_on: date | None = None,
    ends_on: date | None = None,
    is_main: bool = False,
    source: Source | None = None,
) -> ContactRole:
    """Say what a person does in one more company, or did. With `is_main` this becomes the role that lists show."""
    contact = _locked(contact)
    if is_main:
        contact.roles.filter(is_main=True).update(is_main=False)
    role = ContactRole.objects.create(
        contact=contact,
        company=company,
        function=function,
        is_decision_maker=is_decision_maker,
        starts_on=starts_on,
        ends_on=ends_on,
        is_main=is_main or not contact.roles.filter(is_main=True).exists(),
    )
    _follow(contact, by, "directory.role_added", company, source=source, role=str(role))
    return role


@transaction.atomic
def change_role(*, role: ContactRole, by: User | None, source: Source | None = None, **fields: Any) -> None:
    """Change a role: function, decision, days, or make it the main one. Raises RoleGone."""
    contact = _locked(role.contact)
    role = _locked_role(role)
    if fields.get("is_main") and not role.is_main:
        contact.roles.filter(is_main=True).update(is_main=False)
    if role.is_main:
        # Another role becomes the main one by being chosen: a person is never without.
        fields.pop("is_main", None)
    for name, value in fields.items():
        setattr(role, name, value)
    role.save()
    _follow(contact, by, "directory.role_changed", role.company, source=source, role=str(role))


@transaction.atomic
def remove_role(*, role: ContactRole, by: User | None) -> None:
    """Take back a role that was entered by mistake; one that ended gets its last day. Raises LastRole, RoleGone."""
    contact = _locked(role.contact)
    role = _locked_role(role)
    if not contact.roles.exclude(pk=role.pk).exists():
        raise LastRole(_("A person keeps at least one role: change it instead."))
    company, told, was_main = role.company, str(role), role.is_main
    role.delete()
    if was_main:
        # The role that is held now, else the last one.
        heir = contact.roles.standing().first() or contact.roles.order_by("-ends_on", "pk").first()
        assert heir is not None
        contact.roles.filter(pk=heir.pk).update(is_main=True)
    _follow(contact, by, "directory.role_removed", company, role=told)


@transaction.atomic
def add_channel(
    *,
    owner: Contact | Company,
    kind: ChannelKind,
    value: str,
    by: User | None,
    network: str = "",
    label: str = "",
    is_preferred: bool = False,
    valid_from: date | None = None,
    valid_until: date | None = None,
) -> Channel:
    """Add a phone (made E.164), an e-mail, a website or a social profile. Raises ChannelKnown."""
    owner = _locked_owner(owner)
    value = _plain(kind, value)
    if any(channel.value == value for channel in owner.channels.filter(kind=kind)):
        raise ChannelKnown(_("%(value)s is there already.") % {"value": value})
    channel = Channel(
        kind=kind,
        network=network if kind == ChannelKind.SOCIAL else "",
        value=value,
        label=label,
        is_preferred=is_preferred,
        valid_from=valid_from,
        valid_until=valid_until,
        domain=domain_of(value) if kind in (ChannelKind.EMAIL, ChannelKind.WEBSITE) else "",
        **{"contact" if isinstance(owner, Contact) else "company": owner},
    )
    _write(owner, channel, by, "directory.channel_added")
    return channel


@transaction.atomic
def change_channel(*, channel: Channel, by: User | None, **fields: Any) -> None:
    """Change what a channel is for, its days, whether it is preferred, or its value.

    Raises ChannelKnown, ChannelGone.
    """
    owner = _locked_owner(channel.contact or channel.company)
    found = Channel.objects.select_for_update(of=("self",)).filter(pk=channel.pk).first()
    if found is None:
        raise ChannelGone(_("A colleague took this phone, address or profile away meanwhile."))
    channel = found
    for name, value in fields.items():
        setattr(channel, name, _plain(channel.kind, value) if name == "value" else value)
    if "value" in fields:
        if channel.kind in (ChannelKind.EMAIL, ChannelKind.WEBSITE):
            channel.domain = domain_of(channel.value)
        others = owner.channels.filter(kind=channel.kind).exclude(pk=channel.pk)
        if any(other.value == channel.value for other in others):
            raise ChannelKnown(_("%(value)s is there already.") % {"value": channel.value})
    _write(owner, channel, by, "directory.channel_changed")


@transaction.atomic
def remove_channel(*, channel: Channel, by: User | None) -> None:
    """Take a channel away; one that is no longer valid gets its last day instead."""
    owner = _locked_owner(channel.contact or channel.company)
    kind = channel.kind
    channel.delete()
    if isinstance(owner, Contact):
        _follow(owner, by, "directory.channel_removed", kind=kind)
    else:
        record("directory.channel_removed", owner, by=by, kind=kind)


def _plain(kind: str, value: str) -> str:
    if kind == ChannelKind.PHONE:
        return plain_phone(value)
    return value.strip().lower() if kind == ChannelKind.EMAIL else value.strip()


def _write(owner: Contact | Company, channel: Channel, by: User | None, verb: str) -> None:
    """Save a channel; it is the only preferred one of its kind when it says so. Values are no part of the trail."""
    if channel.is_preferred:
        owner.channels.filter(kind=channel.kind, is_preferred=True).exclude(pk=channel.pk).update(is_preferred=False)
    channel.save()
    if isinstance(owner, Contact):
        _follow(owner, by, verb, kind=channel.kind, network=channel.network)
    else:
        record(verb, owner, by=by, kind=channel.kind, network=channel.network)


@transaction.atomic
def set_call_windows(*, contact: Contact, windows: Sequence[tuple[int, time, time]], by: User | None) -> None:
    """The hours that suit a person, in the person's time zone: (weekday 1 to 7, from, to)."""
    contact = _locked(contact)
    old = [[w.weekday, str(w.starts_at), str(w.ends_at)] for w in contact.call_windows.all()]
    contact.call_windows.all().delete()
    CallWindow.objects.bulk_create(
        CallWindow(contact=contact, weekday=day, starts_at=start, ends_at=end) for day, start, end in windows
    )
    new = [[w.weekday, str(w.starts_at), str(w.ends_at)] for w in contact.call_windows.all()]
    if old != new:
        changes = {"call_windows": [old, new]}
        record("directory.call_windows_set", contact, contact.company, by=by, changes=changes)


@transaction.atomic
def forget_channel(channel: Channel) -> None:
    """Erase one way of reaching somebody; nothing points at it."""
    channel.delete()


@transaction.atomic
def forget_role(role: ContactRole) -> None:
    """Keep that somebody had a role, lose which."""
    role.function = ""
    role.save(update_fields=["function"])


@transaction.atomic
def forget_call_window(window: CallWindow) -> None:
    """Erase hours that suit a person."""
    window.delete()


@transaction.atomic
def forget_contact_value(value: ContactValue) -> None:
    """Erase what a source said of a person."""
    value.delete()
