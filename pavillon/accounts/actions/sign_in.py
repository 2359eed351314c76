"""The entrance: failed sign-ins, suspension, sessions, roles of the session."""

import time
from datetime import datetime, timedelta
from typing import Any

from allauth.account.internal.flows.email_verification_by_code import EMAIL_VERIFICATION_CODE_SESSION_KEY
from allauth.account.internal.flows.login import perform_login
from allauth.account.internal.flows.signup import prevent_enumeration
from allauth.account.internal.stagekit import clear_login
from allauth.account.models import Login
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from pavillon.accounts.actions.limits import spend_attempt
from pavillon.accounts.actions.people import cut_session, end_sessions_of
from pavillon.accounts.events import password_locked, sign_in_failed, sign_in_suspended, signed_in
from pavillon.accounts.models import FactorRule, ProviderSession, SignInGuard, User
from pavillon.accounts.models.sign_in import guard_key
from pavillon.accounts.queries import BROWSER, ENTERED_AT, USED_AT, browser_family, password_locked_until
from pavillon.core.trace import client_address
from pavillon.core.trail import record
from pavillon.ui.limits import Rate

# As far back, and as many, as a rule of unusual events may ask for.
REMEMBERED_SECONDS = 24 * 3600
MOST_REMEMBERED = 1000


@transaction.atomic
def note_failed_sign_in(*, email: str) -> datetime | None:
    """Count a wrong password; returns until when the address takes none, None as long as it does.

    SIGN_IN_ATTEMPTS failures within SIGN_IN_WINDOW_MINUTES lock its password for SIGN_IN_PAUSE_MINUTES; passkeys and
    identity providers go on. Addresses that nobody has are counted and locked in the same way, by the rules of unusual
    events too, which hear the count of the address: neither words nor times tell which accounts exist.
    """
    guard, now = _counted(email), timezone.now()
    if guard.first_failed_at < now - timedelta(minutes=settings.SIGN_IN_WINDOW_MINUTES):
        guard.failures, guard.first_failed_at = 0, now
    guard.failures += 1
    failures, is_enough = guard.failures, guard.failures >= settings.SIGN_IN_ATTEMPTS
    if is_enough:
        guard.failures, guard.first_failed_at = 0, now
    guard.save(update_fields=["failures", "first_failed_at", "recent"])
    user = User.objects.filter(email=email.strip().lower()).first()
    # Of an unknown address what was typed is not kept: people type their password into the wrong field.
    facts: dict[str, Any] = {"failures": failures} if user else {"is_known": False}
    record("accounts.sign_in_failed", *([user] if user else []), by=None, **facts)
    if is_enough:
        lock_password(email=email, until=now + timedelta(minutes=settings.SIGN_IN_PAUSE_MINUTES), reason="failures")
    sign_in_failed.send(sender=User, user=user, email=email)
    return password_locked_until(email)


def _counted(email: str) -> SignInGuard:
    """The count of an address, locked, with this failure among its recent ones; the caller saves it."""
    key, now = guard_key(email), time.time()
    SignInGuard.objects.get_or_create(key=key)
    guard = SignInGuard.objects.select_for_update(of=("self",)).get(key=key)
    guard.recent = [*(moment for moment in guard.recent if moment > now - REMEMBERED_SECONDS), now][-MOST_REMEMBERED:]
    return guard


@transaction.atomic
def lock_password(*, email: str, until: datetime, reason: str) -> datetime:
    """Take no password with an address until a moment; returns it. A lock that holds is never made shorter.

    Other ways in are not touched: wrong passwords, which anybody may send, keep nobody out who has a passkey or a
    provider. Whoever has the address is told by e-mail; choosing a new password ends it.
    """
    key = guard_key(email)
    SignInGuard.objects.get_or_create(key=key)
    guard = SignInGuard.objects.select_for_update(of=("self",)).get(key=key)
    before = guard.suspended_until if guard.is_suspended else None
    guard.suspended_until = max(until, before) if before else until
    guard.save(update_fields=["suspended_until"])
    user = User.objects.filter(email=email.strip().lower()).first()
    if user is None:
        record("accounts.password_locked", by=None, is_known=False, reason=reason)
        return guard.suspended_until
    changes = {"password_locked_until": [before, guard.suspended_until]}
    record("accounts.password_locked", user, by=None, changes=changes, reason=reason)
    if guard.suspended_until != before:
        password_locked.send(sender=User, user=user, until=guard.suspended_until)
    return guard.suspended_until


@transaction.atomic
def note_refused_sign_in(*, email: str) -> None:
    """Count a try while a lock holds: who goes on trying is noticed by the rules of unusual events."""
    _counted(email).save(update_fields=["recent"])
    user = User.objects.filter(email=email.strip().lower()).first()
    facts: dict[str, Any] = {} if user else {"is_known": False}
    record("accounts.sign_in_failed", *([user] if user else []), by=None, refused=True, **facts)
    sign_in_failed.send(sender=User, user=user, email=email)


def note_shut_out(*, user: User) -> None:
    """Somebody proved who he is, by whatever way, and stays out because his account is suspended."""
    record("accounts.sign_in_failed", user, by=None, refused=True, is_held=user.is_held)


def note_wrong_factor(*, user: User, kind: str) -> None:
    """A wrong code or passkey, of somebody whose password was right or who proves himself again."""
    record("accounts.second_factor_failed", user, by=None, type=kind)


def note_refused_rate(*, user: User | None, who: str, page: str) -> None:
    """Somebody sends more than a page takes: told once in ten minutes, however often he tries."""
    if spend_attempt(what=f"told {page}", who=who, rate=Rate(1, 600)) is None:
        record("accounts.rate_refused", by=user, page=page)


def note_breached_password(*, user: User) -> None:
    """The password that somebody signs in with stands in the operator's file of stolen ones."""
    record("accounts.breached_password_met", user, by=user)


def begin_session(request: HttpRequest) -> None:
    """Remember when and in which family of browsers a session began: it ends with its time, or in another's hands."""
    now = timezone.now().timestamp()
    agent = browser_family(request.META.get("HTTP_USER_AGENT", ""))
    request.session.update({ENTERED_AT: now, USED_AT: now, BROWSER: agent})


def end_surplus_sessions(*, user: User, keep: str | None) -> int:
    """Sign out the browsers that a person used longest ago, so that with this one (`keep`) SESSIONS_AT_ONCE stand.

    Returns how many ended; the trail says it of each.
    """
    others = UserSession.objects.filter(user=user).exclude(session_key=keep or "")
    surplus = list(others.order_by("-last_seen_at", "-pk")[settings.SESSIONS_AT_ONCE - 1 :])
    for session in surplus:
        record("accounts.session_ended", user, by=None, reason="number", address=session.ip)
        cut_session(session)
    return len(surplus)


def rotate_session(request: HttpRequest) -> None:
    """A new number for the session when what it opens changes; whoever noted the former one holds nothing."""
    before = request.session.session_key
    request.session.cycle_key()
    for table in (UserSession, ProviderSession):
        table.objects.filter(session_key=before).update(session_key=request.session.session_key)


@transaction.atomic
def end_own_session(*, request: HttpRequest, reason: str) -> None:
    """Sign this browser out by itself: `reason` is "age" or "browser"."""
    user: Any = request.user
    record("accounts.session_ended", user, by=None, reason=reason, address=client_address(request))
    key = request.session.session_key
    logout(request)
    UserSession.objects.filter(session_key=key).delete()


@transaction.atomic
def note_sign_in(*, user: User, country: str = "", ways: str = "") -> None:
    """Begin the count of failures anew and write the sign-in in the trail, with the country if a proxy tells it.

    `ways` are the means that served, "password+totp". A lock on the password stays when something else served: whoever
    guesses would begin anew otherwise. The first sign-in begins the time to set up a second factor.
    """
    failures = SignInGuard.objects.filter(key=guard_key(user.email))
    locked = failures.filter(suspended_until__gt=timezone.now())
    if "password" in ways or not locked.exists():
        # What rules look back on stays: a sign-in between two volleys of guesses does not hide them.
        failures.update(failures=0, suspended_until=None)
    User.objects.filter(pk=user.pk, first_entered_at=None).update(first_entered_at=timezone.now())
    if settings.REQUIRE_MFA:
        begin_factor_rule()
    else:
        end_factor_rule()
    facts: dict[str, Any] = {name: value for name, value in (("country", country), ("ways", ways)) if value}
    record("accounts.signed_in", user, by=user, **facts)
    signed_in.send(sender=User, user=user, country=country)


def begin_factor_rule() -> None:
    """Remember since when this installation demands a second factor of the team; days of grace count from then."""
    rule, is_new = FactorRule.objects.get_or_create(only=True)
    if is_new:
        record("accounts.factor_rule_begun", by=None, days=settings.MFA_GRACE_DAYS, begun_at=rule.begun_at)


def end_factor_rule() -> None:
    """The installation let go of its demand; should it demand again, the days of grace count anew."""
    ended, _detail = FactorRule.objects.all().delete()
    if ended:
        record("accounts.factor_rule_ended", by=None)


@transaction.atomic
def suspend_sign_in(*, user: User, until: datetime, by: User | None, reason: str = "", is_held: bool = False) -> None:
    """Refuse every sign-in of a person until a moment; the person is told by e-mail.

    Open sessions go on, and a new password ends the suspension; unless it is held: then they end, keys no longer
    open, and security alone lifts it. A suspension that holds is never made shorter or softer, nor does one that
    wrong passwords bring, which anybody may send, make a held one longer.
    """
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before = user.suspended_until
    if user.is_suspended and before is not None:
        until = before if user.is_held and not is_held else until
        until, is_held = max(until, before), is_held or user.is_held
    user.suspended_until, user.is_held = until, is_held
    user.save(update_fields=["suspended_until", "is_held"])
    record("accounts.sign_in_suspended", user, by=by, changes={"suspended_until": [before, until]}, reason=reason)
    if is_held:
        end_sessions_of(user)
    sign_in_suspended.send(sender=User, user=user, until=until)


@transaction.atomic
def demand_proof(*, user: User, by: User | None, reason: str) -> None:
    """Ask a person again who he is: each of his sessions opens nothing more until he proved it since now."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    before, user.prove_after = user.prove_after, timezone.now()
    user.save(update_fields=["prove_after"])
    changes = {"prove_after": [before, user.prove_after]}
    record("accounts.proof_demanded", user, by=by, changes=changes, reason=reason)


@transaction.atomic
def lift_suspension(*, user: User, by: User | None) -> None:
    """Let a person sign in again before the end of a suspension, or of a lock on the password."""
    user = User.objects.select_for_update(of=("self",)).get(pk=user.pk)
    guard = SignInGuard.objects.filter(key=guard_key(user.email)).first()
    changes = {}
    if guard and guard.is_suspended:
        changes["password_locked_until"] = [guard.suspended_until, None]
    if guard:
        guard.delete()
    if user.suspended_until is not None:
        changes["suspended_until"] = [user.suspended_until, None]
        user.suspended_until, user.is_held = None, False
        user.save(update_fields=["suspended_until", "is_held"])
    if changes:
        record("accounts.suspension_lifted", user, by=by, changes=changes)


@transaction.atomic
def end_session(*, session: UserSession, by: User) -> None:
    """Sign one browser out: its next request is anonymous."""
    record("accounts.session_ended", session.user, by=by, address=session.ip, device=session.user_agent[:120])
    cut_session(session)


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
