"""Calls that write can be made again without harm: `Idempotency-Key` names one, and it is done once."""

from collections.abc import Callable
from hashlib import sha256

from django.http import HttpRequest, HttpResponse, JsonResponse

from pavillon.interchange.actions import OtherCall, answer_once
from pavillon.interchange.models import Key, digest_of

WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
LONGEST = 120


class NamedCalls:
    """Stands before the API; calls without the header, or without a key, pass as they are."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.method not in WRITES or not request.path.startswith("/api/v1/"):
            return self.get_response(request)
        name = request.headers.get("Idempotency-Key", "")
        scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
        if not name or scheme.lower() != "bearer":
            return self.get_response(request)
        key = Key.objects.in_force().filter(digest=digest_of(token.strip())).first()
        if key is None:
            return self.get_response(request)
        if len(name) > LONGEST:
            return JsonResponse({"detail": f"Idempotency-Key: at most {LONGEST} characters."}, status=422)
        told = f"{request.method} {request.get_full_path()}\n".encode() + request.body
        try:
            return answer_once(
                key=key, name=name, digest=sha256(told).hexdigest(), call=lambda: self.get_response(request)
            )
        except OtherCall:
            detail = "This Idempotency-Key was given to another call: choose a new one."
            return JsonResponse({"detail": detail}, status=422)
