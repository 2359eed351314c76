"""The entrance: failed sign-ins, suspension, sessions, roles of the session."""

from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pavillon.accounts.events import sign_in_suspended
from pavillon.accounts.models import SignInGuard, User
from pavillon.accounts.models.sign_in import guard_key
from pavillon.core.trail import record


@transaction.atomic
def note_failed_sign_in(*, email: str) -> datetime | None:
    """Count a failure; returns until when the address is suspended, None as long as it is not.

    SIGN_IN_ATTEMPTS failures within SIGN_IN_WINDOW_MINUTES suspend it for SIGN_IN_PAUSE_MINUTES. Addresses that
    nobody has are counted in the same way, so the answer tells nothing about who has an account.
    """
    key, now = guard_key(email), timezone.now()
    SignInGuard.objects.get_or_create(key=key)
    guard = SignInGuard.objects.select_for_update(of=("self",)).get(key=key)
    if guard.first_failed_at < now - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES):
        guard.failures, guard.first_failed_at = 0, now
    guard.failures += 1
    user = User.objects.filter(email=email.strip().lower()).first()
    if user:
        record("accounts.sign_in_failed", user, by=None, failures=guard.failures)
    until = None
    if guard.failures >= settings.SIGN_IN_ATTEMPTS:
        until = now + timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES)
        guard.failures, guard.first_failed_at, guard.suspended_until = 0, now, until
        if user:
            suspend_sign_in(user=user, until=until, by=None, reason="failures")
    guard.save()
    return until


@transaction.atomic
def note_sign_in(*, user: User) -> None:
    """Forget earlier failures and write the sign-in in the trail."""
    SignInGuard.objects.filter(key=guard_key(user.email)).delete()
    record("accounts.signed_in", user, by=user)


@transaction.atomic
def suspend_sign_in(*, user: User, until: datetime, by: User | None, reason: str = "") -> None:
    """Refuse every sign-in of a person until a moment; the person is told by e-mail. Open sessions go on."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = user.suspended_until
    user.suspended_until = until
    user.save(update_fields=["suspended_until"])
    record("accounts.sign_in_suspended", user, by=by, changes={"suspended_until": [before, until]}, reason=reason)
    sign_in_suspended.send(sender=User, user=user, until=until)


@transaction.atomic
def lift_suspension(*, user: User, by: User | None) -> None:
    """Let a person sign in again before the end of a suspension."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    SignInGuard.objects.filter(key=guard_key(user.email)).delete()
    if user.suspended_until is None:
        return
    before, user.suspended_until = user.suspended_until, None
    user.save(update_fields=["suspended_until"])
    record("accounts.suspension_lifted", user, by=by, changes={"suspended_until": [before, None]})


@transaction.atomic
def end_session(*, session: UserSession, by: User) -> None:
    """Sign one browser out: its next request is anonymous."""
    record("accounts.session_ended", session.user, by=by, address=session.ip, device=session.user_agent[:120])
    session.end()


def note_presence(*, session_key: str, address: str) -> None:
    """Remember when and from where a session was last used."""
    UserSession.objects.filter(session_key=session_key).update(last_seen_at=timezone.now(), ip=address)


def sign_in(request: HttpRequest, user: User, *, redirect_url: str | None = None) -> HttpResponse:
    """Sign in a person who has just opened an account, and answer what the browser must see next.

    That is the page for the code sent by e-mail while the address is not verified, the second factor where one
    is set up, otherwise `redirect_url` or the start page of the role.
    """
    login = Login(user=user, redirect_url=redirect_url, email=user.email)
    answer: Any = perform_login(request, login)
    return answer


def answer_taken_address(request: HttpRequest, *, email: str, password: str = "", go_on: str = "") -> HttpResponse:
    """Answer who opens an account with an address that has one: just as if it had none.

    The same page asks for a code; the letter to the address says that the account exists, and leads on to `go_on` (a
    path) once its owner signed in. Nobody else learns it, neither from the page nor from the time that it takes.
    """
    make_password(password)
    request.pavillon_go_on = go_on  # type: ignore[attr-defined]
    answer: Any = prevent_enumeration(request, email=email)
    return answer


def leave_sign_up(request: HttpRequest) -> None:
    """Forget, in this browser, an opening that waits for a code; no row changes."""
    request.session.pop(EMAIL_VERIFICATION_CODE_SESSION_KEY, None)
    clear_login(request)
