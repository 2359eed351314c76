"""An agreement taken back, an account closed: no site keeps a way in."""

from typing import Any

from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_out
from django.dispatch import receiver

from pavillon.accounts.events import session_ended, sign_in_suspended, user_deactivated
from pavillon.accounts.models import User
from pavillon.federation import actions
from pavillon.federation.models import SiteSession
from pavillon.federation.queries import PURPOSE
from pavillon.privacy.events import consent_withdrawn
from pavillon.privacy.models import Consent


@receiver(consent_withdrawn)
def close_the_access(consent: Consent, by: User | None, **event: Any) -> None:
    if consent.purpose_id == PURPOSE:
        actions.close_access(consent=consent, by=by)


@receiver(user_logged_out)
def tell_the_sites_of_a_session(request: Any = None, **event: Any) -> None:
    """Somebody signed out, or his session ended by its age."""
    key = getattr(getattr(request, "session", None), "session_key", None)
    if key:
        actions.end_site_sessions(SiteSession.objects.filter(session__session_key=key))


@receiver(session_ended)
def tell_the_sites_of_an_ended_session(session: UserSession, **event: Any) -> None:
    """A session was revoked: by its owner, an officer, his provider, or with the account."""
    actions.end_site_sessions(SiteSession.objects.filter(session=session))


@receiver(user_deactivated)
def close_the_sites_of_a_closed_account(user: User, by: User | None, **event: Any) -> None:
    actions.close_all_access(user=user, by=by)


@receiver(sign_in_suspended)
def close_the_sites_of_a_suspended_person(user: User, **event: Any) -> None:
    actions.close_all_access(user=user, by=None)
