"""What follows from what is announced: letters, and the trail of what allauth does by itself."""

from datetime import datetime
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as mfa
from allauth.mfa.models import Authenticator
from allauth.socialaccount import signals as social
from django.contrib import messages
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.dispatch import receiver
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from pavillon.accounts import actions, oidc, queries, tasks
from pavillon.accounts.events import (
    all_sessions_ended,
    company_vouched,
    membership_added,
    password_locked,
    people_import_confirmed,
    second_factors_removed,
    sign_in_suspended,
    user_invited,
)
from pavillon.accounts.models import Membership, PeopleImport, User
from pavillon.core.trail import record


@receiver(user_invited)
def send_the_invitation(user: User, by: User | None, **event: Any) -> None:
    tasks.send_invitation.defer(user_id=user.pk, by_id=by.pk if by else None)


@receiver(sign_in_suspended)
def tell_about_the_suspension(user: User, **event: Any) -> None:
    tasks.send_suspension.defer(user_id=user.pk)


@receiver(password_locked)
def tell_about_the_lock(user: User, until: datetime, **event: Any) -> None:
    tasks.send_password_lock.defer(user_id=user.pk, until=until.isoformat())


@receiver(all_sessions_ended)
def follow_the_end_of_all_sessions(**event: Any) -> None:
    tasks.end_left_sessions.defer()


@receiver(second_factors_removed)
def tell_about_factors(user: User, by: User, **event: Any) -> None:
    tasks.send_factors_removed.defer(user_id=user.pk, by_id=by.pk)


@receiver(membership_added)
def tell_about_the_role(membership: Membership, by: User | None, **event: Any) -> None:
    """Whoever has been here before learns that there is something new under the same name."""
    if by and by.pk != membership.user_id and membership.user.last_login:
        tasks.send_membership.defer(membership_id=membership.pk)


@receiver(people_import_confirmed)
def run_the_import(people_import: PeopleImport, **event: Any) -> None:
    tasks.run_people_import.defer(import_id=people_import.pk)


@receiver(account.user_logged_in)
def a_person_signed_in(user: User, request: Any = None, sociallogin: Any = None, **event: Any) -> None:
    ways = queries.ways_of(request.session) if request is not None else ""
    actions.note_sign_in(user=user, country=queries.country_of(request), ways=ways)
    if request is not None:
        actions.end_surplus_sessions(user=user, keep=request.session.session_key)
    if sociallogin is None or request is None:
        return
    told = request.session.get(oidc.PROVIDER_SESSION) or {}
    if told.get("slug") == sociallogin.account.provider:
        actions.note_provider_session(session_key=request.session.session_key, **told)
    if told.get("siren"):
        company_vouched.send(sender=User, user=user, siren=told["siren"], session=request.session)


@receiver(user_logged_in)
def a_session_began(request: Any = None, **event: Any) -> None:
    if request is not None and hasattr(request, "session"):
        actions.begin_session(request)


@receiver(user_logged_out)
def a_person_signed_out(user: User | None, **event: Any) -> None:
    if user:
        record("accounts.signed_out", user, by=user)


@receiver(account.password_changed)
@receiver(account.password_set)
def a_password_changed(user: User, **event: Any) -> None:
    record("accounts.password_changed", user, by=user)


@receiver(account.password_reset)
def a_password_was_reset(user: User, **event: Any) -> None:
    """A new password proves the mailbox: a suspension has no reason any more, unless security set it."""
    record("accounts.password_reset", user, by=user)
    if not user.is_held:
        actions.lift_suspension(user=user, by=user)


@receiver(account.email_confirmed)
def an_address_was_verified(email_address: Any, **event: Any) -> None:
    actions.note_address_verified(user=email_address.user)


@receiver(account.email_changed)
def an_address_changed(user: User, from_email_address: Any, to_email_address: Any, **event: Any) -> None:
    before = from_email_address.email if from_email_address else ""
    record("accounts.email_changed", user, by=user, changes={"email": [before, to_email_address.email]})


@receiver(mfa.authenticator_added)
def a_second_factor_was_added(user: User, authenticator: Authenticator, request: Any = None, **event: Any) -> None:
    if request is not None and request.user.is_authenticated:
        actions.rotate_session(request)
    record("accounts.second_factor_added", user, by=user, type=authenticator.type)


@receiver(mfa.authenticator_removed)
def a_second_factor_was_removed(user: User, authenticator: Authenticator, **event: Any) -> None:
    record("accounts.second_factor_removed", user, by=user, type=authenticator.type)


@receiver(mfa.authentication_failed)
def a_second_factor_was_wrong(user: User, authenticator: Authenticator, **event: Any) -> None:
    actions.note_wrong_factor(user=user, kind=authenticator.type)


@receiver(mfa.authenticator_used)
def a_second_factor_served(request: Any, authenticator: Authenticator, **event: Any) -> None:
    """Who comes in by a recovery code is told how many are left."""
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        left = queries.recovery_codes_left(authenticator)
        told = ngettext("%(n)s recovery code is left.", "%(n)s recovery codes are left.", left) % {"n": left}
        messages.warning(request, told if left else _("That was your last recovery code. Make new ones."))


@receiver(social.social_account_removed)
def an_identity_was_unlinked(request: Any, socialaccount: Any, **event: Any) -> None:
    record("accounts.identity_unlinked", socialaccount.user, by=socialaccount.user, provider=socialaccount.provider)
