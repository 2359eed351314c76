"""Inviting people, and what they do with the invitation."""

from datetime import date, datetime
from typing import Any

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone, translation

from pavillon.accounts.actions.memberships import add_membership
from pavillon.accounts.actions.people import change_user, create_user
from pavillon.accounts.events import user_invited
from pavillon.accounts.models import Letter, Membership, Organisation, User
from pavillon.accounts.queries import invitation_token
from pavillon.core.trail import record


@transaction.atomic
def invite_user(
    *,
    email: str,
    first_name: str,
    last_name: str,
    language: str,
    organisation: Organisation,
    role: str,
    by: User,
    phone: str = "",
    office: Any = None,
    network: str = "",
    unit: Any = None,
    covers: Any = None,
    starts_on: date | None = None,
    sends_letter: bool = True,
) -> Membership:
    """Make an account without password for a colleague, with a role, and send the way in.

    Raises EmailTaken (offer to add a role instead), WrongRole.
    """
    user = create_user(
        email=email, first_name=first_name, last_name=last_name, language=language, phone=phone, office=office, by=by
    )
    membership = add_membership(
        user=user,
        organisation=organisation,
        role=role,
        network=network,
        unit=unit,
        covers=covers,
        starts_on=starts_on,
        is_default=True,
        by=by,
    )
    if sends_letter:
        send_invitation(user=user, by=by)
    return membership


@transaction.atomic
def add_known_user(
    *,
    email: str,
    organisation: Organisation,
    role: str,
    by: User,
    network: str = "",
    unit: Any = None,
    covers: Any = None,
    **card: Any,
) -> Membership:
    """Give the person who has an address already a role more, instead of a second account (ledger IDN-13).

    What the invitation said about names and language (`card`) is left aside: the person's own card stands.
    Raises User.DoesNotExist, AlreadyMember, WrongRole.
    """
    user = User.objects.get(email=email.strip().lower())
    return add_membership(
        user=user, organisation=organisation, role=role, network=network, unit=unit, covers=covers, by=by
    )


@transaction.atomic
def send_invitation(*, user: User, by: User | None) -> None:
    """Send the way in, a first time or again: the letter leaves after the commit."""
    record("accounts.user_invited", user, by=by)
    user_invited.send(sender=User, user=user, by=by)


@transaction.atomic
def accept_invitation(*, user: User, password: str, first_name: str, last_name: str) -> User:
    """The invited person takes the account: the link proves the address, the password is theirs alone."""
    user = change_user(user=user, by=user, first_name=first_name, last_name=last_name)
    user.set_password(password)
    user.save(update_fields=["password"])
    EmailAddress.objects.update_or_create(user=user, email=user.email, defaults={"verified": True, "primary": True})
    record("accounts.invitation_accepted", user, by=user)
    return user


@transaction.atomic
def _send_letter(user: User, template: str, job: int | None, **context: Any) -> None:
    """A plain letter in the person's language; the first line of the template is its subject.

    The trail keeps that it left, so that "I never received anything" has an answer. A job that is put back finds the
    number of its letter, and sends no second one.
    """
    if job is not None and not Letter.objects.get_or_create(job=job)[1]:
        return
    with translation.override(user.language), timezone.override(user.time_zone):
        text = render_to_string(f"accounts/letters/{template}.txt", {"user": user, **context}).strip()
    subject, _, body = text.partition("\n")
    EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[user.email]).send()
    record("accounts.letter_sent", user, by=None, letter=template)


def send_invitation_letter(*, user: User, by: User | None, job: int | None = None) -> None:
    if not user.is_invited:
        return
    _send_letter(
        user,
        "invitation",
        job,
        by=by,
        membership=user.acting,
        days=settings.INVITATION_DAYS,
        link=settings.BASE_URL + reverse("accounts:accept_invitation", args=[invitation_token(user)]),
    )


def send_suspension_letter(*, user: User, job: int | None = None) -> None:
    if not user.is_suspended:
        return
    _send_letter(
        user,
        "suspension",
        job,
        until=user.suspended_until,
        link=settings.BASE_URL + reverse("account_reset_password"),
    )


def send_lock_letter(*, user: User, until: datetime, job: int | None = None) -> None:
    """Nothing is sent of a lock that is over when the letter could leave."""
    if until > timezone.now():
        _send_letter(
            user, "password_locked", job, until=until, link=settings.BASE_URL + reverse("account_reset_password")
        )


def send_factors_removed_letter(*, user: User, by: User, job: int | None = None) -> None:
    """Tell a person that an officer took his second factors off: if he did not ask for it, somebody else did."""
    _send_letter(user, "factors_removed", job, by=by, link=settings.BASE_URL + reverse("account_reset_password"))


def send_membership_letter(*, membership: Membership, job: int | None = None) -> None:
    """Tell a person who has an account already that a role was added to it."""
    _send_letter(
        membership.user,
        "membership",
        job,
        membership=membership,
        link=settings.BASE_URL + reverse("accounts:change_profile"),
    )
