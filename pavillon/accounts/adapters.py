"""How allauth behaves in this house: no free registration, our lockout, providers as data, secrets encrypted."""

import base64
import json
import time
from datetime import timedelta
from smtplib import SMTPException
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import segno
from allauth.account import app_settings as account_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from allauth.account.models import EmailAddress
from allauth.core import context as allauth_context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialApp, SocialLogin
from allauth.usersessions.adapter import DefaultUserSessionsAdapter
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import NoReverseMatch, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.translation import gettext as _
from procrastinate.contrib.django import app

from pavillon.accounts import actions, queries
from pavillon.accounts.enums import Side
from pavillon.accounts.models import IdentityProvider, User
from pavillon.accounts.oidc import PROVIDER_SESSION
from pavillon.accounts.oidc import calls as calls_to_providers
from pavillon.accounts.passwords import is_breached
from pavillon.core.encryption import cipher
from pavillon.ui.words import moment as moment_in_words

# Where somebody whom a provider vouches for, and whom nobody knows yet, opens a company account.
OPEN_ACCOUNT = "solutions:open_account"
WAITING_IDENTITY = "waiting_identity"
NONCE = "identity_nonce"
WAITING_LETTER = "procrastinate_jobs.args"
_CONTEXT = "mfa_authenticator.data"
_SEALED = "pv1:"


class AccountAdapter(DefaultAccountAdapter):
    """E-mail and password."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Companies open their account with their SIREN, colleagues are invited: there is no bare registration."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Wrong passwords lock the password alone: whoever has a passkey or a provider comes in by these meanwhile."""
        until = queries.password_locked_until(credentials.get("email", ""))
        if until:
            actions.note_refused_sign_in(email=credentials.get("email", ""))
            raise ValidationError(lock_text(until), code="locked")
        super().pre_authenticate(request, **credentials)

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        until = actions.note_failed_sign_in(email=credentials.get("email", ""))
        if until:
            raise ValidationError(lock_text(until), code="locked")

    def authenticate(self, request: HttpRequest, **credentials: Any) -> Any:
        """A right password that was stolen elsewhere still opens, and its owner is told to change it."""
        user = super().authenticate(request, **credentials)
        if user and is_breached(credentials.get("password") or ""):
            actions.note_breached_password(user=user)
            address = reverse("account_change_password")
            messages.warning(
                request,
                format_html(
                    '{} <a href="{}">{}</a>',
                    _("Your password was stolen somewhere and is being tried everywhere."),
                    address,
                    _("Choose another"),
                ),
            )
        return user

    def pre_login(self, request: HttpRequest, user: User, **kwargs: Any) -> HttpResponse | None:
        """A suspension holds whatever the way in: password, passkey or identity provider."""
        if user.is_suspended:
            actions.note_shut_out(user=user)
            return redirect(f"{reverse('accounts:suspended')}{'?held' if user.is_held else ''}")
        answer: HttpResponse | None = super().pre_login(request, user, **kwargs)
        return answer

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever has just signed in need not prove himself twice."""
        request = allauth_context.request
        proofs = get_authentication_records(request, request.user)
        if any(time.time() - proof["at"] < account_settings.REAUTHENTICATION_TIMEOUT for proof in proofs):
            return False
        return bool(super().is_reauthentication_required(app=app, **kwargs))

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, Any]]:
        """Whom security asks again answers by the second factor he has: his password would not count."""
        ways: list[dict[str, Any]] = super().get_reauthentication_methods(user)
        factors = [way for way in ways if way["id"] != "reauthenticate"]
        return factors if factors and user.is_at_door else ways

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """In the language and the time zone of the mailbox's owner, whoever sits at the page."""
        person = User.objects.filter(email=email.strip().lower()).first()
        site = SimpleNamespace(name="Pavillon", domain=settings.BASE_URL)
        reset = f"{settings.BASE_URL}{reverse('account_reset_password')}"
        told = {"password_reset_url": reset, **context, "current_site": site, "person": person}
        language = person.language if person else translation.get_language()
        zone = person.time_zone if person else settings.TIME_ZONE
        with translation.override(language), timezone.override(zone):
            letter = self.render_mail(
                template_prefix, email, {"request": allauth_context.request, "email": email} | told
            )
        try:
            letter.send()
        except (OSError, SMTPException):
            # The mail server is away: whoever waits gets his page, and the letter leaves when it is back. It may hold
            # a way in, so the queue keeps it sealed.
            text = json.dumps([letter.subject, letter.body, letter.to]).encode()
            sealed = base64.b64encode(cipher().encrypt(text, WAITING_LETTER)).decode()
            app.configure_task("accounts.send_waiting_letter").defer(sealed=sealed)

    def render_mail(
        self, template_prefix: str, email: str, context: dict[str, Any], headers: Any = None
    ) -> EmailMessage:
        """allauth's letters in our words: `accounts/letters/`, the first line is the subject."""
        name = template_prefix.rpartition("/")[2]
        text = render_to_string(f"accounts/letters/{name}.txt", context).strip()
        subject, _line, body = text.partition("\n")
        return EmailMessage(subject=subject.strip(), body=body.strip() + "\n", to=[email], headers=headers)

    def send_account_already_exists_mail(self, email: str) -> None:
        """Somebody, perhaps its owner, opened an account with an address that has one: `go_on` leads back to that."""
        address = f"{settings.BASE_URL}{reverse('accounts:sign_in_instead')}"
        go_on = getattr(allauth_context.request, "pavillon_go_on", "")
        sign_in = f"{address}?{urlencode({'next': go_on})}" if go_on else address
        self.send_mail("account/email/account_already_exists", email, {"sign_in_url": sign_in})

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:change_profile")


def lock_text(until: Any) -> str:
    """The words shown to whoever tries a password while it is locked."""
    shape = "time" if until - timezone.now() < timedelta(hours=12) else "medium"
    return _(
        "Too many failed sign-ins with this address. For its safety no password is accepted before %(time)s "
        "(%(zone)s). If you forgot it, you can choose a new one meanwhile; a passkey or an identity provider still "
        "opens."
    ) % {"time": moment_in_words(until, shape), "zone": timezone.localtime(until).tzname()}


class ProviderAdapter(DefaultSocialAccountAdapter):
    """OpenID Connect providers come from our table, and only known or verified people get in."""

    def list_apps(
        self, request: HttpRequest, provider: str | None = None, client_id: str | None = None
    ) -> list[SocialApp]:
        rows = IdentityProvider.objects.offered()
        if provider and provider != "openid_connect":
            rows = rows.filter(slug=provider)
        if client_id:
            rows = rows.filter(client_id=client_id)
        nonce = request.session.get(NONCE, "") if request else ""
        return [as_app(row, nonce=nonce) for row in rows]

    def get_requests_session(self) -> Any:
        """The one way out (pavillon.ui.outgoing)."""
        return calls_to_providers()

    def is_open_for_signup(self, request: HttpRequest, sociallogin: SocialLogin) -> bool:
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """Known link: sign in. Verified address of a known person: link. Unknown company person: open an account."""
        provider = IdentityProvider.objects.offered().get(slug=sociallogin.account.provider)
        if sociallogin.state.get("process") == "connect":
            return
        if not sociallogin.is_existing:
            verified = [address.email.lower() for address in sociallogin.email_addresses if address.verified]
            known = self._known_person(verified)
            if known is None:
                raise ImmediateHttpResponse(self._open_account(request, provider, sociallogin, verified))
            self._check_side(provider, known)
            sociallogin.connect(request, known)
            actions.link_identity(
                user=known,
                identity={"provider": provider.slug, "uid": sociallogin.account.uid, "email": verified[0]},
            )
        self._check_side(provider, sociallogin.user)

    def _known_person(self, verified: list[str]) -> User | None:
        """Who has one of these addresses, and has proven it or never had a password to lose."""
        for address in EmailAddress.objects.filter(email__in=verified).select_related("user"):
            if address.verified or not address.user.has_usable_password():
                found: User = address.user
                return found
        return None

    def _check_side(self, provider: IdentityProvider, user: User) -> None:
        """A provider for companies never opens an account of the team, whoever controls it."""
        allowed = user.is_team if provider.side == Side.TEAM else not user.is_team
        if not allowed:
            raise ImmediateHttpResponse(redirect("accounts:unknown_identity", reason="side"))

    def _open_account(
        self, request: HttpRequest, provider: IdentityProvider, sociallogin: SocialLogin, verified: list[str]
    ) -> HttpResponse:
        if provider.side == Side.TEAM:
            return redirect("accounts:unknown_identity", reason="team")
        if not verified:
            return redirect("accounts:unknown_identity", reason="email")
        request.session[WAITING_IDENTITY] = {
            "provider": provider.slug,
            "uid": sociallogin.account.uid,
            "email": verified[0],
            "first_name": sociallogin.user.first_name[:80],
            "last_name": sociallogin.user.last_name[:80],
            "siren": (request.session.get(PROVIDER_SESSION) or {}).get("siren", ""),
        }
        try:
            return redirect(OPEN_ACCOUNT)
        except NoReverseMatch:
            return redirect("accounts:unknown_identity", reason="company")


def as_app(provider: IdentityProvider, *, nonce: str = "") -> SocialApp:
    """A provider as allauth wants to see it; it is never saved."""
    asked = {"nonce": nonce} if nonce else {}
    asked |= {"acr_values": provider.acr_values} if provider.acr_values else {}
    settings = {
        "server_url": provider.issuer,
        "scope": provider.scope.split(),
        "oauth_pkce_enabled": True,
        "auth_params": asked,
        "row": provider,
    }
    return SocialApp(
        provider="openid_connect",
        provider_id=provider.slug,
        name=provider.name,
        client_id=provider.client_id,
        secret=provider.client_secret,
        settings=settings,
    )


class SecondFactorAdapter(DefaultMFAAdapter):
    """Secrets of second factors are encrypted like any other sensitive column."""

    def encrypt(self, text: str) -> str:
        return _SEALED + base64.b64encode(cipher().encrypt(text.encode(), _CONTEXT, for_entrance=True)).decode()

    def decrypt(self, encrypted_text: str) -> str:
        sealed = base64.b64decode(encrypted_text.removeprefix(_SEALED))
        return cipher().decrypt(sealed, _CONTEXT, for_entrance=True).decode()

    def build_totp_svg(self, url: str) -> str:
        """Black on white whatever the theme: cameras read nothing else as well."""
        picture: str = segno.make(url, error="m").svg_inline(border=3, dark="#000", light="#fff", omitsize=True)
        return picture.replace("<svg ", '<svg xmlns="http://www.w3.org/2000/svg" ', 1)

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """The last second factor stays where the role demands one."""
        deadline = queries.factor_deadline(authenticator.user)
        if deadline is None or deadline > timezone.now():
            return True
        others = Authenticator.objects.filter(user=authenticator.user).exclude(pk=authenticator.pk)
        return others.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


class SessionsAdapter(DefaultUserSessionsAdapter):
    """Every session that somebody ends is in the trail; who ends them proved himself shortly before."""

    def end_sessions(self, sessions: Any) -> None:
        raise_if_reauthentication_required(allauth_context.request, app="allauth.account")
        for session in sessions:
            actions.end_session(session=session, by=session.user)
