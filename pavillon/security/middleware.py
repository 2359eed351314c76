"""While the keys are away: a clear page instead of a fault, and no file or answer to a program with holes in it."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from pavillon.core.encryption import DataLocked, met_locked_values

RETRY_SECONDS = "30"


def locked_answer(request: HttpRequest) -> HttpResponse:
    """503: the data are locked."""
    headers = {"Retry-After": RETRY_SECONDS, "Cache-Control": "no-store"}
    if request.path.startswith("/api/"):
        words = _("The data are locked: their keys are not to be had just now.")
        return JsonResponse({"detail": words}, status=503, headers=headers)
    return HttpResponse(render_to_string("security/data_locked.html", request=request), status=503, headers=headers)


class LockedData:
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
