"""What is done to a person's account."""

from typing import Any

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db import IntegrityError, transaction

from pavillon.accounts.events import (
    all_sessions_ended,
    session_ended,
    user_changed,
    user_created,
    user_deactivated,
    user_reactivated,
)
from pavillon.accounts.models import User
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.trail import record
from pavillon.reference.models import Country

PROFILE = frozenset({"first_name", "last_name", "language", "time_zone", "phone", "office", "country", "is_staff"})


class EmailTaken(Exception):
    """Somebody has this address already; `user` is that person."""

    def __init__(self, user: User) -> None:
        super().__init__(user.email)
        self.user = user


@transaction.atomic
def create_user(
    *,
    email: str,
    first_name: str,
    last_name: str,
    language: str,
    password: str | None = None,
    hashed: str = "",
    by: User | None = None,
    country: Country | None = None,
    phone: str = "",
    time_zone: str = "Europe/Paris",
    office: Any = None,
    is_email_verified: bool = False,
) -> User:
    """Make a person who may sign in.

    Without a password the person comes in by an invitation or an identity provider. `by` is None when the
    person registers alone. `hashed` is what the hasher made of a password that many accounts share and everybody may
    read, the demonstration's. `is_email_verified` is only for an address that somebody answerable has proven.
    Raises EmailTaken, whatever the case of the letters.
    """
    email = email.strip().lower()
    taken = User.objects.filter(email=email).first()
    if taken:
        raise EmailTaken(taken)
    try:
        with transaction.atomic():
            user = User.objects.create_user(
                email,
                password,
                hashed,
                first_name=first_name.strip(),
                last_name=last_name.strip(),
                language=language,
                phone=phone,
                time_zone=office.time_zone if office else time_zone,
                office=office,
                country=country or (office.country if office else None),
            )
    except IntegrityError as error:
        # Somebody took the address between the question above and this line.
        raise EmailTaken(User.objects.get(email=email)) from error
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=is_email_verified)
    record("accounts.user_created", user, by=by or user)
    user_created.send(sender=User, user=user, by=by)
    return user


@transaction.atomic
def change_user(*, user: User, by: User, **fields: Any) -> User:
    """Change a person's card. Raises TypeError for a field that is not part of it."""
    if unknown := set(fields) - PROFILE:
        raise TypeError(f"Not part of a person's card: {', '.join(sorted(unknown))}")
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = snapshot(user)
    for name, value in fields.items():
        setattr(user, name, value)
    changes = changes_since(before, user)
    if changes:
        user.save(update_fields=list(fields))
        record("accounts.user_changed", user, by=by, changes=changes)
        user_changed.send(sender=User, user=user, changes=changes, by=by)
    return user


def change_profile(*, by: User, **fields: Any) -> User:
    """Change one's own card; the right to open the content editor is given by others."""
    fields.pop("is_staff", None)
    return change_user(user=by, by=by, **fields)


def cut_session(session: UserSession) -> None:
    """Sign one browser out: its next request is anonymous."""
    session_ended.send(sender=User, session=session)
    session.end()


def end_sessions_of(user: User) -> int:
    """Sign a person out everywhere. Returns how many sessions ended."""
    sessions = list(UserSession.objects.filter(user=user))
    for session in sessions:
        cut_session(session)
    return len(sessions)


@transaction.atomic
def end_sessions(*, user: User, by: User) -> int:
    """Sign a person out everywhere, on behalf of security: the account stays open. Returns how many sessions ended."""
    ended = end_sessions_of(user)
    record("accounts.sessions_ended", user, by=by, sessions=ended)
    return ended


@transaction.atomic
def end_all_sessions(*, by: User, keep: str) -> int:
    """Sign everybody out at once, strangers' half-filled forms included; `keep` is the session of who asked.

    What is shown of sessions, and partners' sites that rest on them, follow by a job. Returns how many ended.
    """
    ended = UserSession.objects.exclude(session_key=keep).count()
    Session.objects.exclude(session_key=keep).delete()
    record("accounts.all_sessions_ended", by, by=by, sessions=ended)
    all_sessions_ended.send(sender=User, by=by)
    return ended


def end_left_sessions() -> int:
    """Take away what is left of sessions that are no more, and tell who rests on them. Returns how many."""
    left = UserSession.objects.exclude(session_key__in=Session.objects.values("session_key"))
    sessions = list(left.select_related("user"))
    for session in sessions:
        with transaction.atomic():
            cut_session(session)
    return len(sessions)


@transaction.atomic
def deactivate_user(*, user: User, by: User) -> None:
    """Close the account: sessions end at once, the name stays where it signed something."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if not user.is_active:
        return
    user.is_active = False
    user.save(update_fields=["is_active"])
    ended = end_sessions_of(user)
    record("accounts.user_deactivated", user, by=by, changes={"is_active": [True, False]}, sessions=ended)
    user_deactivated.send(sender=User, user=user, by=by)


@transaction.atomic
def reactivate_user(*, user: User, by: User) -> None:
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    if user.is_active:
        return
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("accounts.user_reactivated", user, by=by, changes={"is_active": [False, True]})
    user_reactivated.send(sender=User, user=user, by=by)


@transaction.atomic
def forget_user(user: User) -> None:
    """Keep the line that the trail points at, lose the person."""
    user.email, user.first_name, user.last_name, user.phone = f"forgotten-{user.pk}@invalid", "", "", ""
    user.is_active = False
    user.set_unusable_password()
    user.save()
    EmailAddress.objects.filter(user=user).delete()
    end_sessions_of(user)
