"""Puts the chosen membership on the user of the request, and speaks the person's language."""

from collections.abc import Callable
from typing import Any, cast

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import AuthenticationMiddleware, get_user
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from pavillon.accounts import actions, queries
from pavillon.accounts.models import User
from pavillon.accounts.models.people import session_of_request
from pavillon.accounts.queries import ACTING, USED_AT
from pavillon.core import wall
from pavillon.core.trace import client_address
from pavillon.core.views import SAFE_METHODS
from pavillon.ui.htmx import go_to, page_of
from pavillon.ui.limits import Limit, network_of, too_many

# What somebody who must prove himself again may still open.
WITHOUT_PROOF = ("/account/", "/static/", "/healthz", "/readyz")
# What somebody without the second factor that his role demands may still open: to set one up, act in another role, go.
WITHOUT_SECOND_FACTOR = (
    "/account/2fa/", "/account/recovery-codes/", "/account/logout/", "/account/reauthenticate/", "/account/prove/",
    "/account/suspended/", "/account/acting/", "/static/", "/healthz", "/readyz",
)  # fmt: skip
PRESENCE_SECONDS = 60
USE_SECONDS = 300


class Entrance(AuthenticationMiddleware):
    """Who asks: Django's own checks, on the person whom the session brought with it (`accounts.entering`)."""

    def process_request(self, request: HttpRequest) -> None:
        super().process_request(request)
        request.user = cast(Any, SimpleLazyObject(lambda: _who_asks(request)))


def _who_asks(request: HttpRequest) -> Any:
    token = session_of_request.set(request.session)
    try:
        return get_user(request)
    finally:
        session_of_request.reset(token)


class ActingMembership:
    """The membership chosen in this session, if it is still current."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whatever this thread did before, the database shows private rows only once we know who asks.
        with wall.standing_as(wall.NOBODY):
            return cast(HttpResponse, wall.carry_into(self._enter(request)))

    def _enter(self, request: HttpRequest) -> HttpResponse:
        user = request.user
        names_language = any(request.path.startswith(f"/{code}/") for code, _name in settings.LANGUAGES)
        if not isinstance(user, User):
            return self._answer_stranger(request, names_language)
        # Himself instead of Django's stand-in, which every look at him would go through.
        user = request.user = getattr(user, "_wrapped", user)
        if user.is_shut_out and not request.path.startswith("/account/suspended/"):
            logout(request)
            return go_to(request, f"{reverse('accounts:suspended')}?held")
        chosen = request.session.get(ACTING)
        found = next((role for role in user.roles_today if role.pk == chosen), None) if chosen else None
        if found:
            user.acting = found
        if reason := queries.why_over(request.session, user, request.META.get("HTTP_USER_AGENT", "")):
            return self._end(request, reason, names_language)
        wall.stand_as(queries.sight_of(user))
        # Pages whose address names a language speak it; all others speak the person's own, or for once `?lang=`.
        if not names_language:
            wanted = request.GET.get("lang", "")
            request.LANGUAGE_CODE = wanted if wanted in dict(settings.LANGUAGES) else user.language
            translation.activate(request.LANGUAGE_CODE)
        self._note_presence(request)
        self._note_use(request)
        with timezone.override(user.time_zone):
            user.factor_due = queries.factor_due(user, has_factor=user.has_factor)
            lacks_factor, must_prove = self._lacks_second_factor(user), self._must_prove(request, user)
            user.is_at_door = lacks_factor or must_prove
            if lacks_factor and not request.path.startswith(WITHOUT_SECOND_FACTOR):
                return go_to(request, "mfa_index")
            if must_prove and not request.path.startswith(WITHOUT_PROOF):
                asked = urlencode({"next": page_of(request)})
                return go_to(request, f"{reverse('accounts:prove_identity')}?{asked}")
            return self._renew_after_proof(request)

    def _renew_after_proof(self, request: HttpRequest) -> HttpResponse:
        """A session that opens more after a proof takes another number; whoever noted the former one holds nothing."""
        proofs = queries.proofs_in(request.session)
        response = self.get_response(request)
        if request.user.is_authenticated and queries.proofs_in(request.session) > proofs:
            actions.rotate_session(request)
        return response

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

    def _end(self, request: HttpRequest, reason: str, names_language: bool) -> HttpResponse:
        """The session is over: the request goes on as a stranger's, who is told why at the next page."""
        actions.end_own_session(request=request, reason=reason)
        told = {
            "age": _("Your session was over. Sign in again to go on."),
            "browser": _("Your session was used in another browser and ended for your safety. Sign in again."),
        }
        messages.info(request, told[reason])
        return self._answer_stranger(request, names_language)

    def _note_use(self, request: HttpRequest) -> None:
        """Every five minutes; what an open page waits for by itself is no use of it."""
        now, used = timezone.now().timestamp(), request.session.get(USED_AT)
        if used is not None and now - used > USE_SECONDS and not request.path.startswith("/live/"):
            request.session[USED_AT] = now

    def _note_presence(self, request: HttpRequest) -> None:
        """At most one write a minute and process: the list of sessions needs no more."""
        key = request.session.session_key
        if key and cache.add(f"seen:{key}", True, PRESENCE_SECONDS):
            actions.note_presence(session_key=key, address=client_address(request))

    def _must_prove(self, request: HttpRequest, user: User) -> bool:
        """Security asks again who sits here (`actions.demand_proof`): this session has not answered since."""
        if user.prove_after is None:
            return False
        proof = queries.last_proof(request.session)
        return proof is None or proof < user.prove_after

    def _lacks_second_factor(self, user: User) -> bool:
        return user.factor_due is not None and user.factor_due <= timezone.now()


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
                user = request.user if isinstance(request.user, User) else None
                actions.note_refused_rate(user=user, who=who, page=page)
                return too_many(request, wait)
        return None

    def _counted(self, request: HttpRequest, page: str, limit: Limit | None) -> list[Any]:
        """(what, who, rate) of each count that this request adds to."""
        if isinstance(request.user, User):
            return [(page, f"user {request.user.pk}", limit.person)] if limit else []
        address = network_of(client_address(request))
        if limit is None:
            return [("pages", address, self.of_all_others.address)]
        named = request.POST.get("email", "") or request.POST.get("login", "")
        told = [(page, f"mail {named.strip().lower()}", limit.person)] if named else []
        return [(page, address, limit.address), *told]
