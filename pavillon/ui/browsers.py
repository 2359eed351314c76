"""What browsers and programs are told about each answer: policies, what may be kept, which methods there are."""

from collections.abc import Callable
from typing import Any

from csp.constants import HEADER
from csp.middleware import CheckableLazyObject, CSPMiddleware, PolicyParts
from csp.utils import build_policy
from django.conf import settings
from django.contrib.messages.storage.cookie import CookieStorage
from django.contrib.messages.storage.fallback import FallbackStorage
from django.contrib.messages.storage.session import SessionStorage
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed, JsonResponse

Answer = Callable[[HttpRequest], HttpResponse]

# Programs speak by more methods than browsers; their addresses are asked in clear text by mistake only.
METHODS = {"GET", "HEAD", "OPTIONS", "POST"}
METHODS_OF_PROGRAMS = METHODS | {"PUT", "PATCH", "DELETE"}
METHODS_OF_CALENDARS = METHODS_OF_PROGRAMS | {"PROPFIND", "PROPPATCH", "REPORT", "MKCALENDAR", "MKCOL"}
CALENDARS = ("/dav/", "/.well-known/caldav")
PROGRAMS = ("/api/", "/scim/", "/identity/", *CALENDARS)
SIGNING_OUT = ("/account/logout/", "/identity/")
# Nothing of a machine is asked for; passkeys are a page's own right, and copying too.
PERMISSIONS_POLICY = ", ".join(
    f"{name}=()"
    for name in (
        "accelerometer", "autoplay", "browsing-topics", "camera", "display-capture", "encrypted-media",
        "gamepad", "geolocation", "gyroscope", "hid", "idle-detection", "local-fonts", "magnetometer", "microphone",
        "midi", "payment", "picture-in-picture", "screen-wake-lock", "serial", "usb", "xr-spatial-tracking",
    )
)  # fmt: skip


def headers_of_streams() -> dict[str, str]:
    """What an answer needs that passes no middleware: the live stream."""
    told = {
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": settings.SECURE_REFERRER_POLICY,
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Permissions-Policy": PERMISSIONS_POLICY,
    }
    if settings.SECURE_HSTS_SECONDS:
        told["Strict-Transport-Security"] = f"max-age={settings.SECURE_HSTS_SECONDS}; includeSubDomains; preload"
    return told


class Manners:
    """Outermost: methods that no page takes are refused, and so are programs that come without TLS.

    A browser that comes without TLS is sent to the right address (SECURE_SSL_REDIRECT). A program would have sent its
    key in clear text each time and never notice.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self._refusal(request) or self.get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS_POLICY)
        return response

    def _refusal(self, request: HttpRequest) -> HttpResponse | None:
        path = request.path
        is_program = path.startswith(PROGRAMS)
        methods = METHODS_OF_CALENDARS if path.startswith(CALENDARS) else METHODS_OF_PROGRAMS if is_program else METHODS
        if request.method not in methods:
            return HttpResponseNotAllowed(sorted(methods))
        if is_program and settings.SECURE_SSL_REDIRECT and not request.is_secure():
            return JsonResponse({"detail": "Ask by https: nothing is answered in clear text."}, status=403)
        return None


class ContentPolicy(CSPMiddleware):
    """The strict policy everywhere; the editor, whose own scripts stand in its pages, has one that it can work with."""

    # The setting, and the words of its header.
    _plain: tuple[Any, str] = (None, "")

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """The header of all answers that ask for nothing else is put together once."""
        policy = settings.CONTENT_SECURITY_POLICY
        asks_otherwise = "_csp_" in " ".join((*vars(response), *vars(request)))
        is_plain = policy.keys() == {"DIRECTIVES"} and not request.path.startswith("/cms/")
        if asks_otherwise or not is_plain or settings.DEBUG or hasattr(settings, "CONTENT_SECURITY_POLICY_REPORT_ONLY"):
            return super().process_response(request, response)
        known, words = self._plain
        if known is not policy:
            words = build_policy()
            self._plain = (policy, words)
        response.headers.setdefault(HEADER, words)
        request.csp_nonce = CheckableLazyObject(self._csp_nonce_post_response)  # type: ignore[attr-defined]
        return response

    def get_policy_parts(
        self, request: HttpRequest, response: HttpResponseBase, report_only: bool = False
    ) -> PolicyParts:
        parts = super().get_policy_parts(request, response, report_only)
        if request.path.startswith("/cms/") and not report_only:
            parts.replace = settings.EDITORS_POLICY
        return parts


class Sessions(SessionMiddleware):
    """A session's cookie is taken away where somebody goes to another page, by nothing that an open page asks itself.

    When a session takes a new number (a second factor, a proof), an answer to what a tab asked with the former one may
    come after the new cookie: it would sign out whoever has just come in.
    """

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        """Leave the cookie where it is when a script asked, as browsers tell; those that do not tell are believed."""
        response = super().process_response(request, response)
        cookie = response.cookies.get(settings.SESSION_COOKIE_NAME)
        is_script = request.META.get("HTTP_SEC_FETCH_MODE", "navigate") != "navigate"
        if is_script and cookie is not None and not cookie.value:
            del response.cookies[settings.SESSION_COOKIE_NAME]
        return response


class Keeping:
    """Nothing that somebody signed in reads, and nothing of the API, is kept by a browser or on the way.

    What says itself how long it may be kept (the pictures of open shops, style sheets) stays so. When somebody signs
    out, the browser is told to forget what it holds of this site: pages, and what scripts keep in its tabs.
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        was_in = request.user.is_authenticated
        response = self.get_response(request)
        is_in = request.user.is_authenticated
        if was_in or is_in or request.path.startswith(PROGRAMS):
            response.headers.setdefault("Cache-Control", "no-store")
        # Not when a session merely ran out: what was typed then is given back after the next sign-in (drafts.js).
        if was_in and not is_in and request.method == "POST" and request.path.startswith(SIGNING_OUT):
            response.headers["Clear-Site-Data"] = '"cache", "storage"'
        return response


class _NamedCookie(CookieStorage):
    cookie_name = f"{settings.COOKIE_PREFIX}messages"


class Notices(FallbackStorage):
    """Django's messages, in a cookie that is named as the others are."""

    storage_classes: Any = (_NamedCookie, SessionStorage)
