"""Puts the chosen membership on the user of the request, and speaks the person's language."""

import ipaddress
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation

from pavillon.accounts import actions, queries
from pavillon.accounts.models import User
from pavillon.accounts.permissions import second_factor_is_required
from pavillon.accounts.queries import ACTING
from pavillon.core.trace import client_address
from pavillon.core.views import SAFE_METHODS
from pavillon.ui.limits import Limit, too_many

# What somebody without the second factor that his role demands may still open.
WITHOUT_SECOND_FACTOR = ("/account/", "/static/", "/healthz", "/readyz")
PRESENCE_SECONDS = 60


class ActingMembership:
    """One query a request: the membership chosen in this session, if it is still current."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        names_language = any(request.path.startswith(f"/{code}/") for code, _name in settings.LANGUAGES)
        if not isinstance(user, User):
            return self._answer_stranger(request, names_language)
        chosen = request.session.get(ACTING)
        found = next((role for role in user.roles_today if role.pk == chosen), None) if chosen else None
        if found:
            user.acting = found
        # Pages whose address names a language speak it; all others speak the person's own, or for once `?lang=`.
        if not names_language:
            wanted = request.GET.get("lang", "")
            request.LANGUAGE_CODE = wanted if wanted in dict(settings.LANGUAGES) else user.language
            translation.activate(request.LANGUAGE_CODE)
        self._note_presence(request)
        with timezone.override(user.time_zone):
            if self._lacks_second_factor(request, user):
                return redirect("mfa_index")
            return self.get_response(request)

    def _answer_stranger(self, request: HttpRequest, names_language: bool) -> HttpResponse:
        """The pages of the entrance have no language in their address: `?lang=` chooses it and is remembered."""
        wanted = request.GET.get("lang", "")
        if names_language or wanted not in dict(settings.LANGUAGES):
            return self.get_response(request)
        translation.activate(wanted)
        request.LANGUAGE_CODE = wanted
        response = self.get_response(request)
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            wanted,
            max_age=365 * 86400,
            secure=settings.LANGUAGE_COOKIE_SECURE,
            samesite="Lax",
        )
        return response

    def _note_presence(self, request: HttpRequest) -> None:
        """At most one write a minute and process: the list of sessions needs no more."""
        key = request.session.session_key
        if key and cache.add(f"seen:{key}", True, PRESENCE_SECONDS):
            actions.note_presence(session_key=key, address=client_address(request))

    def _lacks_second_factor(self, request: HttpRequest, user: User) -> bool:
        if not second_factor_is_required(user) or request.path.startswith(WITHOUT_SECOND_FACTOR):
            return False
        return not queries.has_second_factor(user)


class Limits:
    """Counts what is sent to pages, and answers 429 to whoever sends too much.

    A page says how much it takes (`ui.limits.limited`; pages of libraries in settings.LIMITS). What strangers send to
    any other page counts together, so that a page that forgot to say is not without limit. The API has its quotas.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.of_libraries = {name: Limit.read(*rates) for name, rates in settings.LIMITS.items()}
        self.of_all_others = Limit.read(*settings.STRANGERS_LIMIT)

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponseBase | None:
        if request.method in SAFE_METHODS or request.path.startswith("/api/"):
            return None
        page = request.resolver_match.view_name if request.resolver_match else ""
        limit = getattr(view, "limit", None) or self.of_libraries.get(page)
        for what, who, rate in self._counted(request, page, limit):
            wait = actions.spend_attempt(what=what, who=who, rate=rate)
            if wait:
                return too_many(request, wait)
        return None

    def _counted(self, request: HttpRequest, page: str, limit: Limit | None) -> list[Any]:
        """(what, who, rate) of each count that this request adds to."""
        if isinstance(request.user, User):
            return [(page, f"user {request.user.pk}", limit.person)] if limit else []
        address = _network(client_address(request))
        if limit is None:
            return [("pages", address, self.of_all_others.address)]
        named = request.POST.get("email", "") or request.POST.get("login", "")
        told = [(page, f"mail {named.strip().lower()}", limit.person)] if named else []
        return [(page, address, limit.address), *told]


def _network(address: str) -> str:
    """The address, or what a provider gives one household of IPv6: the first 64 bits."""
    try:
        found = ipaddress.ip_address(address)
    except ValueError:
        return address
    return address if found.version == 4 else str(ipaddress.ip_network(f"{found}/64", strict=False))
