"""Several panels of a page answered by one request, each through its own door: its view, its right, its reading.

A page names the panels (`place`, `url_name`), never an address: what is not registered for that place is no panel.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.response import SimpleTemplateResponse
from django.urls import NoReverseMatch, ResolverMatch, get_urlconf, resolve, reverse
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from pavillon.core.trace import current_origin, set_origin
from pavillon.core.views import look, requires
from pavillon.ui.htmx import trigger
from pavillon.ui.panels import Panel, panels_named

Answer = Callable[[HttpRequest], HttpResponse]
Look = Callable[..., Any]
# What a piece may have made for the whole answer: the token of the forms that stand in it.
_TOKENS = ("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")
# A piece that answers so speaks about the page that it stands on.
_LEADS_AWAY = ("HX-Redirect", "HX-Refresh")


@require_GET
@requires("ui.load_panels")
def load_panels(request: HttpRequest, place: str, subject: int | None = None) -> HttpResponse:
    """The panels of a page that came into sight: `?panel=crm:view_timeline&panel=…`, each asked as if alone."""
    panels = panels_named(place, request.GET.getlist("panel"))
    answers = []
    for answer in _asked_together(request, _addresses(panels, subject)):
        if any(name in answer.headers for name in _LEADS_AWAY):
            return answer
        answers.append(answer)
    drawn = [{"panel": panel, "html": _html(answer)} for panel, answer in zip(panels, answers, strict=True)]
    return _with_what_pieces_bring(render(request, "ui/_loaded_panels.html", {"drawn": drawn}), answers)


def _addresses(panels: Iterable[Panel], key: int | None) -> list[tuple[str, ResolverMatch]]:
    """Where to ask for each, and what answers there, before any is asked."""
    try:
        return [(panel.url_of(key), _answering(panel.url_name, key)) for panel in panels]
    except NoReverseMatch as error:
        # Panels about a record, and none is named; or the other way round.
        raise Http404 from error


# A number that no record has.
_ANY = 8_070_605_040_302_010


def _answering(name: str, key: int | None) -> ResolverMatch:
    """What resolves the address of that name: for another record it differs by its number alone."""
    known = vars(_resolved(name, key is not None, get_urlconf()))
    renewed = {
        each: {argument: key if value == _ANY else value for argument, value in known[each].items()}
        for each in ("kwargs", "captured_kwargs")
    }
    answering = ResolverMatch.__new__(ResolverMatch)
    vars(answering).update(known, **renewed)
    return answering


@cache
def _resolved(name: str, has_subject: bool, _urlconf: Any) -> ResolverMatch:
    return resolve(reverse(name, args=[_ANY] if has_subject else []))


def _asked_together(request: HttpRequest, addresses: Iterable[tuple[str, ResolverMatch]]) -> Iterator[HttpResponse]:
    looking = _look_once()
    # What the panels are refused for the same reason is noted once (`security.middleware.Refusals`).
    request.refusals_noted = set()  # type: ignore[attr-defined]
    return (_asked_alone(request, address, answering, looking) for address, answering in addresses)


def _look_once() -> Look:
    """All panels are about one record: it is looked for once, found or not, and each has a copy of its own."""
    known: dict[tuple[Any, Any, str], Any] = {}
    shared: dict[tuple[Any, Any], dict[str, Any]] = {}

    def found(model: Any, user: Any, pk: Any, brings: str) -> Any:
        try:
            row = look(model, user, pk, brings)
        except Http404 as error:
            return error
        row.shown_to = user.pk
        # What one panel finds out about the record for all of them: its copies have the same dictionary.
        row.shared = shared.setdefault((model, pk), {})
        return row

    def looking(model: Any, user: Any, pk: Any, brings: str = "") -> Any:
        if (model, pk, brings) not in known:
            known[model, pk, brings] = found(model, user, pk, brings)
        row = known[model, pk, brings]
        if isinstance(row, Http404):
            raise Http404(*row.args)
        return copy(row)

    return looking


def _html(response: HttpResponse) -> str | None:
    """None for a panel that failed, was refused or leads elsewhere."""
    return response.text if response.status_code == 200 and not response.streaming else None


def _with_what_pieces_bring(response: HttpResponse, pieces: Iterable[HttpResponse]) -> HttpResponse:
    """The cookies of the pieces, and what they announce in the browser (toasts)."""
    for piece in pieces:
        response.cookies.update(piece.cookies)
        for event, detail in json.loads(piece.headers.get("HX-Trigger", "{}")).items():
            trigger(response, event, **detail)
    return response


def _asked_alone(request: HttpRequest, path: str, answering: ResolverMatch, looking: Look) -> HttpResponse:
    """The answer to this address as if the same person had asked for it in a request of its own.

    Raises what stands against the whole answer (`is_for_whole_answer`): a proof that somebody has to give first.
    """
    origin = current_origin()
    set_origin(replace(origin, path=path[:200]))
    piece = _piece_of(request, path)
    piece.look, piece.resolver_match = looking, answering  # type: ignore[attr-defined]
    try:
        response = _chain()(piece)
    finally:
        request.META.update({name: piece.META[name] for name in _TOKENS if name in piece.META})
        set_origin(origin)
    if (error := vars(piece).get("stopped_by")) is not None:
        raise error
    return response


def _piece_of(request: HttpRequest, path: str) -> HttpRequest:
    """A request for a panel that shares with the page's all that was found out about who asks."""
    piece = WSGIRequest({**request.META, "PATH_INFO": path, "QUERY_STRING": "", "HTTP_HX_REQUEST": "true"})
    mine = {"GET", "headers"}
    for name, value in vars(request).items():
        if name not in mine:
            vars(piece).setdefault(name, value)
    return piece


@cache
def _chain() -> Answer:
    """The views, inside the layers that each panel needs around itself (settings.AROUND_PANELS)."""
    on_error: list[Callable[[HttpRequest, Exception], HttpResponse | None]] = []

    def call(request: HttpRequest) -> HttpResponse:
        try:
            return _answer_of_view(request)
        except Exception as error:
            if getattr(error, "is_for_whole_answer", False):
                request.stopped_by = error  # type: ignore[attr-defined]
                return HttpResponse()
            answers = (ask(request, error) for ask in on_error)
            if known := next((answer for answer in answers if answer is not None), None):
                return known
            raise

    answer = cast(Answer, convert_exception_to_response(call))
    for name in reversed(settings.AROUND_PANELS):
        layer = import_string(name)(answer)
        if hasattr(layer, "process_exception"):
            on_error.append(layer.process_exception)
        answer = cast(Answer, convert_exception_to_response(layer))
    return answer


def _answer_of_view(request: HttpRequest) -> HttpResponse:
    found = request.resolver_match
    assert found is not None
    response: HttpResponse = found.func(request, *found.args, **found.kwargs)
    # Views may leave it to the layers to draw their template.
    return response.render() if isinstance(response, SimpleTemplateResponse) else response
