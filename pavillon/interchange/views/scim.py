"""SCIM 2.0: a partner's system opens and closes the accounts of its own people (RFC 7644)."""

import json
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from pavillon.accounts.actions import AlreadyMember, EmailTaken, WrongRole
from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.accounts.queries import sight_of
from pavillon.core.reading import note_read
from pavillon.core.trace import Origin, client_address, set_origin
from pavillon.core.wall import stand_as
from pavillon.interchange import actions, queries
from pavillon.interchange.enums import Scope
from pavillon.interchange.scim import resources
from pavillon.interchange.scim.resources import Refused
from pavillon.ui.limits import limited

MEDIA = "application/scim+json"


def _answer(body, status=200, **headers):
    response = JsonResponse(body, status=status, content_type=MEDIA)
    for name, value in headers.items():
        response[name.replace("_", "-")] = value
    return response


def _error(status, detail, kind="", **headers):
    told = {"schemas": [resources.ERROR], "status": str(status), "detail": detail}
    return _answer(told | ({"scimType": kind} if kind else {}), status, **headers)


def _open_by_key(request):
    """Let the request act as the membership of its key. Raises Refused."""
    scheme, _space, token = request.headers.get("Authorization", "").partition(" ")
    key = queries.key_in_force(token.strip()) if scheme.lower() == "bearer" and token.strip() else None
    if key is None:
        if token.strip():
            actions.note_unknown_key(secret=token.strip(), path=request.path, address=client_address(request))
        raise Refused(
            401,
            "A key in force with the scope people: Authorization: Bearer pav_… While its maker’s account is closed or "
            "suspended by security it opens nothing: ask the security officer.",
        )
    if Scope.PEOPLE not in key.scopes or key.membership.role != Role.ORGANISATION_ADMIN:
        raise Refused(
            403, "This key may not look after accounts: it needs the scope people and an administrator's role."
        )
    actions.spend_call(key=key)
    user = key.membership.user
    user.acting = key.membership
    request.user, request.organisation = user, key.membership.organisation
    stand_as(sight_of(user))
    set_origin(Origin("api", client_address(request), f"{request.path[:140]} (key {key.start}… {key.name[:40]})"))


def scim(*methods):
    """A door of SCIM: its key, its methods, and its way to say what is wrong."""

    def decorate(view):
        @wraps(view)
        def guarded(request, **arguments):
            try:
                _open_by_key(request)
                if request.method not in methods:
                    return _error(405, f"Here: {', '.join(methods)}.", Allow=", ".join(methods))
                return view(request, **arguments)
            except Refused as error:
                more = {"WWW_Authenticate": "Bearer"} if error.status == 401 else {}
                return _error(error.status, error.detail, error.kind, **more)
            except actions.QuotaExceeded:
                return _error(429, "The calls of this hour are used up: wait.", Retry_After="600")
            except actions.UserNameTaken as error:
                return _error(409, f"{error} is taken in this organisation.", "uniqueness")
            except EmailTaken:
                return _error(409, "Another call brings this person right now: ask for her again.", "uniqueness")
            except actions.Outdated:
                return _error(412, "It changed since you read it: read it again.")
            except (WrongRole, AlreadyMember) as error:
                return _error(400, str(error), "invalidValue")
            except PermissionDenied:
                return _error(403, "An administrator of this organisation may not do this to this person.")
            except Http404:
                return _error(404, "Nobody of this organisation has this number.")

        guarded.permission = "api"  # type: ignore[attr-defined]
        limits = limited("6000/10m", person="6000/10m")
        return login_not_required(csrf_exempt(limits(never_cache(guarded))))

    return decorate


def _body(request):
    try:
        return json.loads(request.body or b"null")
    except ValueError:
        raise Refused(400, "The body is no JSON.", "invalidSyntax") from None


def _number(request, name, default, least, most):
    try:
        return max(least, min(int(request.GET.get(name, default)), most))
    except ValueError:
        raise Refused(400, f"{name}: a number.", "invalidValue") from None


def _show(request, user, status=200):
    """The person, which is a reading whatever the call did besides."""
    note_read(request.user, user, how="api")
    told = resources.picture(user, request.organisation, request.user)
    return _answer(told, status, ETag=told["meta"]["version"], Location=told["meta"]["location"])


@scim("GET", "POST")
def scim_users(request):
    if request.method == "POST":
        return _create(request)
    start, count = _number(request, "startIndex", 1, 1, 10**9), _number(request, "count", 100, 0, resources.MOST)
    name, value = resources.read_filter(request.GET.get("filter", ""))
    found = queries.provisioned_matching(request.organisation, name, value)
    rows = list(found[start - 1 : start - 1 + count])
    known = queries.standings(rows, request.organisation)
    told = [resources.picture(row, request.organisation, request.user, known[row.pk]) for row in rows]
    note_read(request.user, User, how="list", rows=len(rows), ids=[row.pk for row in rows])
    return _answer(resources.listed(told, found.count(), start))


def _create(request):
    wish = resources.wish_of(_body(request), request.organisation)
    if not wish.user_name:
        raise Refused(400, "userName is needed: an e-mail address.", "invalidValue")
    card = {"first_name": "", "last_name": "", "language": "fr", **wish.card}
    user = actions.provision_user(
        organisation=request.organisation,
        email=wish.user_name,
        card=card,
        role=wish.role,
        external_id=wish.external_id or "",
        active=wish.active is not False,
        by=request.user,
    )
    return _show(request, user, 201)


@scim("GET", "PUT", "PATCH", "DELETE")
def scim_user(request, user):
    found = queries.provisioned_people(request.organisation).filter(pk=user).first()
    if found is None:
        raise Http404
    if request.method == "GET":
        shown = _show(request, found)
        return HttpResponse(status=304) if request.headers.get("If-None-Match") == shown["ETag"] else shown
    if request.method == "DELETE":
        actions.remove_provisioned(
            user=found, organisation=request.organisation, by=request.user, unless=_outdated(request)
        )
        return HttpResponse(status=204)
    return _change(request, found)


def _outdated(request):
    """What `If-Match` demands: the version that the caller read is the one of now."""
    wanted = request.headers.get("If-Match", "*")
    if wanted == "*":
        return None
    return lambda user: resources.picture(user, request.organisation, request.user)["meta"]["version"] != wanted


def _change(request, user):
    body = _body(request)
    told = resources.patched(body) if request.method == "PATCH" else body
    wish = resources.wish_of(told, request.organisation)
    if wish.user_name and wish.user_name != user.email:
        raise Refused(400, "userName: people change their address themselves, and prove it.", "mutability")
    if request.method == "PUT" and not wish.user_name:
        raise Refused(400, "userName is needed: PUT brings the whole person.", "invalidValue")
    changed = actions.change_provisioned(
        user=user,
        organisation=request.organisation,
        by=request.user,
        active=wish.active,
        card=wish.card,
        role=wish.role,
        external_id=wish.external_id,
        unless=_outdated(request),
    )
    return _show(request, changed)


@scim("GET")
def scim_config(request):
    return _answer(resources.provider_config())


def _one_or_all(found, name):
    if not name:
        return _answer(resources.listed(found, len(found)))
    one = next((each for each in found if each["id"].lower() == name.lower()), None)
    if one is None:
        raise Refused(404, "There is no such thing here.")
    return _answer(one)


@scim("GET")
def scim_schemas(request, name=""):
    return _one_or_all(resources.schemas(), name)


@scim("GET")
def scim_resource_types(request, name=""):
    return _one_or_all(resources.resource_types(), name)


@scim("GET", "POST", "PUT", "PATCH", "DELETE")
def scim_nothing(request, rest):
    raise Refused(404, "There is no such thing here: people are at /scim/v2/Users.")
