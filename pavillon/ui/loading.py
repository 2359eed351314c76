"""Several panels of a page answered by one request, each through its own door: its view, its right, its reading.

A page names the panels (`place`, `url_name`), never an address: what is not registered for that place is no panel.
"""

from collections.abc import Callable, Iterable
from copy import copy
from dataclasses import replace
from functools import cache
from typing import Any, cast

from django.conf import settings
from django.core.handlers.exception import convert_exception_to_response
from django.core.handlers.wsgi import WSGIRequest
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, resolve
from django.utils.module_loading import import_string
from django.views.decorators.http import require_GET

from pavillon.core.trace import current_origin, set_origin
from pavillon.core.views import look, requires
from pavillon.ui.panels import Panel, panels_named

Answer = Callable[[HttpRequest], HttpResponse]
Look = Callable[[Any, Any, Any], Any]
# What a piece may have made for the whole answer: the token of the forms that stand in it.
_TOKENS = ("CSRF_COOKIE", "CSRF_COOKIE_NEEDS_UPDATE")


@require_GET
@requires("ui.load_panels")
def load_panels(request: HttpRequest, place: str, subject: int | None = None) -> HttpResponse:
    """The panels of a page that came into sight: `?panel=crm:view_timeline&panel=…`, each asked as if alone."""
    panels = panels_named(place, request.GET.getlist("panel"))
    try:
        drawn = draw_together(request, panels, subject)
    except NoReverseMatch as error:
        # Panels about a record, and none is named; or the other way round.
        raise Http404 from error
    return render(request, "ui/_loaded_panels.html", {"drawn": drawn})


def draw_together(request: HttpRequest, panels: Iterable[Panel], key: int | None) -> list[dict[str, Any]]:
    """[{panel, html}] in the order given; `html` is None for a panel that failed, was refused or leads elsewhere."""
    looking = _look_once()
    return [{"panel": panel, "html": _html(_asked_alone(request, panel.url_of(key), looking))} for panel in panels]


def _look_once() -> Look:
    """All panels are about one record: it is looked for once, and each has a copy of its own."""
    found: dict[tuple[Any, Any], Any] = {}

    def looking(model: Any, user: Any, pk: Any) -> Any:
        if (model, pk) not in found:
            found[model, pk] = look(model, user, pk)
            found[model, pk].shown_to = user.pk
        return copy(found[model, pk])

    return looking


def _html(response: HttpResponse) -> str | None:
    return response.text if response.status_code == 200 else None


def _asked_alone(request: HttpRequest, path: str, looking: Look) -> HttpResponse:
    """The answer to this address as if the same person had asked for it in a request of its own."""
    origin = current_origin()
    set_origin(replace(origin, path=path[:200]))
    piece = _piece_of(request, path)
    piece.look = looking  # type: ignore[attr-defined]
    try:
        return _chain()(piece)
    finally:
        request.META.update({name: piece.META[name] for name in _TOKENS if name in piece.META})
        set_origin(origin)


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
    layers: list[Any] = []

    def call(request: HttpRequest) -> HttpResponse:
        found = request.resolver_match = resolve(request.path_info)
        try:
            response: HttpResponse = found.func(request, *found.args, **found.kwargs)
        except Exception as error:
            answers = (layer.process_exception(request, error) for layer in layers)
            if known := next((answer for answer in answers if answer is not None), None):
                return known
            raise
        return response

    answer = cast(Answer, convert_exception_to_response(call))
    for name in reversed(settings.AROUND_PANELS):
        layer = import_string(name)(answer)
        layers.insert(0, layer)
        answer = cast(Answer, convert_exception_to_response(layer))
    return answer
