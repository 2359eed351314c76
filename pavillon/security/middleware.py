"""From where somebody asks, that he was refused, and what he is told while the keys are away."""

from collections.abc import Callable
from dataclasses import replace

from django.core.exceptions import BadRequest, PermissionDenied
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.csrf import csrf_failure

from pavillon.core.encryption import DataLocked, met_locked_values
from pavillon.core.trace import Origin, client_address, set_origin
from pavillon.security.actions import note_missing, note_refusal
from pavillon.security.telling import begin_telling, end_telling
from pavillon.ui.asking import ask_for

Answer = Callable[[HttpRequest], HttpResponse]

RETRY_SECONDS = "30"


def locked_answer(request: HttpRequest) -> HttpResponse:
    """503: the data are locked."""
    headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        words = _("The data are locked: their keys are not to be had just now.")
        return JsonResponse({"detail": words}, status=503, headers=headers)
    return HttpResponse(render_to_string("security/data_locked.html", request=request), status=503, headers=headers)


class LockedData:
    """A clear page instead of a fault, and no file or answer to a program with holes in it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        met_locked_values(False)
        response = self.get_response(request)
        if not met_locked_values():
            return response
        is_file = "attachment" in response.headers.get("Content-Disposition", "")
        if response.status_code == 200 and (is_file or request.path.startswith("/api/")):
            response.close()
            return locked_answer(request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        return locked_answer(request) if isinstance(error, DataLocked) else None


def form_without_token(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form came without its token (settings.CSRF_FAILURE_VIEW): Django's page, and a line in the trail."""
    if request.user.is_authenticated:
        note_refusal(user=request.user, permission="form without its token", path=request.path)
    answer: HttpResponse = csrf_failure(request, reason=reason)
    return answer


class NoNullCharacters:
    """No text of ours holds a NUL, and PostgreSQL takes none. Forms refuse one themselves; from what follows the
    question mark it is taken out, and no page has an address with one."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        while "%00" in request.META.get("QUERY_STRING", ""):
            request.META["QUERY_STRING"] = request.META["QUERY_STRING"].replace("%00", "")
        if "\x00" not in request.path:
            return self.get_response(request)
        if request.path.startswith("/api/"):
            return JsonResponse({"detail": "No address here has a null character."}, status=400)
        raise BadRequest("A null character in the address")


class RequestTrace:
    """Remember address and path for the trail while the request runs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        channel = "api" if request.path.startswith("/api/") else "page"
        is_piece = request.META.get("HTTP_HX_REQUEST") == "true"
        origin = Origin(channel, client_address(request), request.path[:200], is_piece)
        set_origin(origin)
        ask_for(lambda: request.user)
        begin_telling()
        try:
            return self.get_response(request)
        finally:
            ask_for(None)
            end_telling()
            # What follows the answer (a file that streams, the next thing this thread does) is no piece of a page.
            set_origin(replace(origin, is_piece=False))


class Refusals:
    """Stands inside everything that knows who asks, on a page or with a key of the API."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        # An address with the number of a record, not a page that never was.
        is_missed = response.status_code == 404 and bool(_numbers(request))
        if is_missed and request.user.is_authenticated and _is_first(request, "missing"):
            note_missing(user=request.user, path=request.path)
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> None:
        if not isinstance(exception, PermissionDenied) or not request.user.is_authenticated:
            return
        if _is_first(request, str(exception)):
            note_refusal(user=request.user, permission=str(exception), path=request.path)


def _numbers(request: HttpRequest) -> tuple[int, ...]:
    """Of the records in the address."""
    found = request.resolver_match
    return tuple(value for value in found.kwargs.values() if isinstance(value, int)) if found else ()


def _is_first(request: HttpRequest, reason: str) -> bool:
    """Panels that one request answers (`ui.loading`) meet the same missing record each: nobody tried it that often."""
    noted = vars(request).setdefault("refusals_noted", set())
    this = (reason, *_numbers(request))
    is_first = this not in noted
    noted.add(this)
    return is_first
