"""The public API: one document, mounted from the rooms that have endpoints; no rule of its own."""

from importlib import import_module
from importlib.util import find_spec

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.security import HttpBearer

from pavillon.accounts.enums import SECOND_FACTOR_ROLES
from pavillon.accounts.models import User
from pavillon.accounts.queries import sight_of
from pavillon.core.trace import Origin, client_address, set_origin
from pavillon.core.wall import stand_as
from pavillon.interchange.actions import QuotaExceeded, note_unknown_key, spend_call
from pavillon.interchange.models import Key
from pavillon.interchange.queries import key_in_force
from pavillon.security.actions import note_refusal

READS = frozenset({"GET", "HEAD", "OPTIONS"})
ROOMS = ("directory", "intake", "crm", "showroom")


class PartnerKey(HttpBearer):
    """`Authorization: Bearer pav_…`. The request then acts as the membership of the key."""

    def authenticate(self, request: HttpRequest, token: str) -> Key | None:
        key = key_in_force(token)
        if key is None:
            note_unknown_key(secret=token, path=request.path, address=client_address(request))
            return None
        if key.membership.role in SECOND_FACTOR_ROLES:
            # The role changed since the key was made: a secret in a file is no second factor.
            note_refusal(user=key.membership.user, permission="key without second factor", path=request.path)
            raise HttpError(403, "The role of this key demands a second factor: use a key of another role.")
        room = request.path.removeprefix("/api/v1/").split("/")[0]
        if room not in key.scopes:
            note_refusal(user=key.membership.user, permission=f"scope {room[:40]}", path=request.path)
            raise HttpError(403, f"This key may not read {room}: ask for the scope {room}.")
        if request.method not in READS and f"{room}:write" not in key.scopes:
            note_refusal(user=key.membership.user, permission=f"scope {room}:write", path=request.path)
            raise HttpError(403, f"This key may not write in {room}: ask for the scope {room}:write.")
        try:
            spend_call(key=key)
        except QuotaExceeded as error:
            raise HttpError(429, f"Quota of {key.hourly_quota} calls an hour is used up: wait.") from error
        user = key.membership.user
        user.acting = key.membership
        request.user = user
        stand_as(sight_of(user))
        # The read log and the trail name the key beside the person.
        set_origin(Origin("api", client_address(request), f"{request.path[:140]} (key {key.start}… {key.name[:40]})"))
        return key


def session_of_team(request: HttpRequest) -> User | None:
    """A member of the team may try the API from the documentation with his own session, for reading."""
    user = request.user
    # Whoever sends a key means the key: a bad one is never made good by a session.
    if "Authorization" in request.headers or request.method != "GET":
        return None
    return user if isinstance(user, User) and user.is_active and user.is_team else None


api = NinjaAPI(
    title="Pavillon",
    version="1",
    description=(
        "The shared base under the same rights as the screens: rows by organisation and region, fields by the "
        "privilege matrix. A field that you may not read is absent, and cannot be asked. Every read is logged. What "
        "you write is the word of your organisation and is weighed as such. A key reads the rooms of its scopes "
        "(`directory`, `intake`, `crm`, `showroom`); POST, PATCH, PUT and DELETE ask for the scope of writing besides "
        "(`directory:write`, `intake:write`). PATCH changes the fields that are sent and no other; DELETE takes back "
        "what was entered by mistake. 422 names the fields that are wrong, 409 what stands against it. Name a writing "
        "call by `Idempotency-Key`: made again within two days it is answered the same and done once."
    ),
    auth=[PartnerKey(), session_of_team],
    docs_url=None,
    openapi_url=None,
    urls_namespace="api",
)
for room in ROOMS:
    if find_spec(f"pavillon.{room}") and find_spec(f"pavillon.{room}.endpoints"):
        api.add_router(f"/{room}/", import_module(f"pavillon.{room}.endpoints").router, tags=[room])


@api.exception_handler(HttpError)
def explain(request: HttpRequest, error: HttpError) -> HttpResponse:
    return api.create_response(request, {"detail": str(error)}, status=error.status_code)


@api.exception_handler(PermissionDenied)
def refuse(request: HttpRequest, error: PermissionDenied) -> HttpResponse:
    """A program reads no page. The trail notes it as it does for pages (`security.middleware.Refusals`)."""
    if isinstance(request.user, User):
        note_refusal(user=request.user, permission=str(error), path=request.path)
    return api.create_response(request, {"detail": f"Your role may not do this: {error}."}, status=403)
