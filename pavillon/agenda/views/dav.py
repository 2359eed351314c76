"""One CalDAV calendar a person: what applications on phones and computers read and write."""

import base64
import binascii
from functools import partial
from urllib.parse import quote, unquote, urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from pavillon.accounts.queries import sight_of
from pavillon.agenda import actions, dav
from pavillon.agenda.dav import c, d, element, href
from pavillon.agenda.enums import KeyKind
from pavillon.agenda.ical import NotACalendar, expanded_text, resource_text
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.exchange import resources_of, state_of, version_of
from pavillon.core.permissions import is_allowed
from pavillon.core.reading import note_read
from pavillon.core.trace import client_address
from pavillon.core.views import public
from pavillon.core.wall import stand_as
from pavillon.ui.limits import limited

CALENDAR = "calendars/agenda/"
KIND = "text/calendar; charset=utf-8; component=VEVENT"


@csrf_exempt
@public
@limited("6000/h", person="6000/h")
def dav_resource(request, path=""):
    """Answers for the person whose application password comes with the request (HTTP Basic)."""
    user = _who(request)
    if user is None:
        refused = HttpResponse(
            "Sign in with an application password.", status=401, content_type="text/plain; charset=utf-8"
        )
        refused.headers["WWW-Authenticate"] = 'Basic realm="Pavillon agenda", charset="UTF-8"'
        return refused
    stand_as(sight_of(user))
    with timezone.override(user.time_zone), translation.override(user.language):
        response = _answer(request, path, user)
    response.headers["DAV"] = "1, calendar-access"
    response.headers["Allow"] = ", ".join(dav.METHODS)
    return response


def _who(request):
    scheme, _space, told = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        email, _colon, secret = base64.b64decode(told, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    key = actions.use_key(secret, KeyKind.APP)
    if key is None or key.owner.email.lower() != email.lower():
        actions.note_wrong_password(email=email, address=client_address(request))
        return None
    return key.owner if is_allowed(key.owner, "agenda.view_agenda") else None


def _answer(request, path, user):
    doors = {"PROPFIND": _propfind, "REPORT": _report, "GET": _get, "HEAD": _get, "PUT": _put, "DELETE": _delete}
    door = doors.get(request.method)
    if request.method == "OPTIONS":
        return HttpResponse(status=200)
    if door is None or len(request.body) > dav.MOST_BYTES:
        return HttpResponse(status=405 if door is None else 413)
    try:
        return door(request, path, user)
    except dav.BadRequest:
        return HttpResponse(status=400)
    except dav.UnknownFilter:
        return _refusal(c("supported-filter"))


def _refusal(name):
    return HttpResponse(dav.error(name), status=403, content_type="application/xml; charset=utf-8")


def _at(path=""):
    return reverse("agenda:dav", args=[path]) if path else reverse("agenda:dav_root")


def _href_of(uid):
    return _at(CALENDAR) + quote(uid, safe="@") + ".ics"


def _uid_in(path):
    """The name of an event in an address, "" when it is none."""
    name = path.removeprefix(CALENDAR)
    return name.removesuffix(".ics") if path.startswith(CALENDAR) and name.endswith(".ics") else ""


def _places(user):
    """The properties of what does not move: the root, the person, his calendars, the calendar."""
    person, home = href(_at("principal/")), href(_at("calendars/"))
    of_all = {
        d("current-user-principal"): lambda: element(d("current-user-principal"), person),
        d("principal-URL"): lambda: element(d("principal-URL"), person),
        d("owner"): lambda: element(d("owner"), person),
        c("calendar-home-set"): lambda: element(c("calendar-home-set"), home),
        c("calendar-user-address-set"): lambda: element(c("calendar-user-address-set"), href(f"mailto:{user.email}")),
    }
    folder = partial(element, d("resourcetype"), element(d("collection")))
    principal = partial(element, d("resourcetype"), element(d("collection")), element(d("principal")))
    name = partial(element, d("displayname"), text=user.full_name)
    return {
        "": {**of_all, d("resourcetype"): folder},
        "principal/": {**of_all, d("resourcetype"): principal, d("displayname"): name},
        "calendars/": {**of_all, d("resourcetype"): folder, d("displayname"): name},
        CALENDAR: {**of_all, **_calendar(user)},
    }


def _calendar(user):
    events = element(c("supported-calendar-component-set"), element(c("comp"), name="VEVENT"))
    rights = [element(d("privilege"), element(d(each))) for each in ("read", "write", "bind", "unbind")]
    reports = [
        element(d("supported-report"), element(d("report"), element(c(each))))
        for each in ("calendar-query", "calendar-multiget")
    ]
    state = f"{{{dav.SERVER}}}getctag"
    return {
        d("resourcetype"): lambda: element(d("resourcetype"), element(d("collection")), element(c("calendar"))),
        d("displayname"): lambda: element(d("displayname"), text=f"Pavillon – {user.full_name}"),
        d("current-user-privilege-set"): lambda: element(d("current-user-privilege-set"), *rights),
        d("supported-report-set"): lambda: element(d("supported-report-set"), *reports),
        c("supported-calendar-component-set"): lambda: events,
        state: lambda: element(state, text=state_of(user)),
    }


def _event(entries, query=None):
    """The properties of one event; its text only when it is asked for."""
    expand = query.expand if query else None
    days = [x for x in entries if x.starts_at < expand[1] and x.ends_at > expand[0]] if expand else entries
    text = partial(expanded_text, days) if expand else partial(resource_text, entries)
    return {
        d("resourcetype"): lambda: element(d("resourcetype")),
        d("getetag"): lambda: element(d("getetag"), text=version_of(entries[0])),
        d("getcontenttype"): lambda: element(d("getcontenttype"), text=KIND),
        c("calendar-data"): lambda: element(c("calendar-data"), text=text()),
    }


def _told(answers):
    return HttpResponse(dav.multistatus(answers), status=207, content_type="application/xml; charset=utf-8")


def _propfind(request, path, user):
    names, places = dav.read_propfind(request.body), _places(user)
    depth = request.headers.get("Depth", "0")
    if uid := _uid_in(path):
        found = resources_of(user, uids=[uid]).get(uid)
        return _told([dav.chosen(_href_of(uid), _event(found), names)]) if found else HttpResponse(status=404)
    if path not in places:
        return HttpResponse(status=404)
    below = {"": ["principal/", "calendars/"], "calendars/": [CALENDAR]}.get(path, []) if depth != "0" else []
    answers = [dav.chosen(_at(each), places[each], names) for each in [path, *below]]
    if path == CALENDAR and depth != "0":
        listed = names or [d("resourcetype"), d("getetag"), d("getcontenttype")]
        answers += [dav.chosen(_href_of(uid), _event(rows), listed) for uid, rows in resources_of(user).items()]
    return _told(answers)


def _report(request, path, user):
    if path != CALENDAR:
        return HttpResponse(status=404)
    query = dav.read_report(request.body)
    uids = query.uids
    if query.hrefs is not None:
        base = _at(CALENDAR)
        asked = {each: unquote(urlsplit(each).path).removeprefix(base).removesuffix(".ics") for each in query.hrefs}
        uids = list(asked.values())
    found = resources_of(user, since=query.since, until=query.until, uids=uids) if query.wants_events else {}
    answers = [dav.chosen(_href_of(uid), _event(rows, query), query.names) for uid, rows in found.items()]
    if query.hrefs is not None:
        answers += [dav.Answer(each, status="404 Not Found") for each, uid in asked.items() if uid not in found]
    note_read(user, Entry, how="export", rows=len(found), ids=[rows[0].pk for rows in found.values()])
    return _told(answers)


def _get(request, path, user):
    uid = _uid_in(path)
    found = resources_of(user, uids=[uid]).get(uid) if uid else None
    if not found:
        return HttpResponse(status=404)
    note_read(user, found[0], how="export")
    return HttpResponse(resource_text(found), content_type=KIND, headers={"ETag": version_of(found[0])})


def _expected(request):
    if request.headers.get("If-None-Match") == "*":
        return "new"
    return request.headers.get("If-Match", "")


def _put(request, path, user):
    uid = _uid_in(path)
    if not uid or not is_allowed(user, "agenda.create_entry"):
        return HttpResponse(status=403)
    try:
        is_new = actions.put_resource(uid=uid, content=request.body, by=user, expects=_expected(request))
    except NotACalendar:
        return _refusal(c("valid-calendar-data"))
    except actions.NotFromHere:
        return _refusal(d("cannot-modify-protected-property"))
    except actions.DayTaken:
        return HttpResponse(status=409)
    except actions.WasChanged:
        return HttpResponse(status=412)
    return HttpResponse(status=201 if is_new else 204)


def _delete(request, path, user):
    uid = _uid_in(path)
    if not uid or not resources_of(user, uids=[uid]):
        return HttpResponse(status=404)
    try:
        actions.delete_resource(uid=uid, by=user, expects=_expected(request))
    except actions.NotFromHere:
        return HttpResponse(status=403)
    except actions.WasChanged:
        return HttpResponse(status=412)
    return HttpResponse(status=204)


@public
def well_known(request):
    """Applications that only know the name of the server ask here (RFC 6764)."""
    return redirect("agenda:dav_root", permanent=True)
