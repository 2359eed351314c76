"""How people and companies are reached."""

from django.db import transaction

from pavillon.directory.models import CallWindow, Channel, ContactRole, ContactValue


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
