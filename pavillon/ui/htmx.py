"""Answers to htmx: a page's own piece, what to do next, forms that came back with errors."""

import json
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import escape_leading_slashes, url_has_allowed_host_and_scheme


def is_htmx(request: HttpRequest) -> bool:
    """True when htmx asks for a piece of page (and not the browser for a page)."""
    # Not `request.headers`, which would be made of all of them, for each panel again.
    told = request.META
    return told.get("HTTP_HX_REQUEST") == "true" and told.get("HTTP_HX_HISTORY_RESTORE_REQUEST") != "true"


def fragment(
    request: HttpRequest, template: str, fragment_template: str, context: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """The page, or its piece alone when htmx asks. The page must include the same piece: never a copy."""
    response = render(request, fragment_template if is_htmx(request) else template, context, status=status)
    # A cache, or the browser's back button, must not confuse the two.
    response.headers["Vary"] = ", ".join(filter(None, [response.headers.get("Vary"), "HX-Request"]))
    return response


def form_page(request: HttpRequest, template: str, context: dict[str, Any], *, form: Any = None) -> HttpResponse:
    """A page with a form: 422 when the form came back with errors, so that htmx and machines can tell."""
    form = form if form is not None else context.get("form")
    has_errors = form is not None and form.is_bound and not form.is_valid()
    return render(request, template, context, status=422 if has_errors else 200)


def trigger(response: HttpResponse, event: str, **detail: Any) -> HttpResponse:
    """Make the browser announce `event` after the swap; several calls add up."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = detail
    # Headers are Latin-1: json.dumps keeps to ASCII.
    response.headers["HX-Trigger"] = json.dumps(events)
    return response


def toast(response: HttpResponse, text: Any, *, level: str = "ok", detail: Any = "", url: str = "") -> HttpResponse:
    """Show a short message with an htmx answer. A full page uses Django's messages instead."""
    return trigger(response, "toast", text=str(text), level=level, detail=str(detail), url=url)


def page_of(request: HttpRequest) -> str:
    """Path of the page on which somebody stands: what he asks for, or where he sent a form or pressed a button."""
    if request.method == "GET" and not is_htmx(request):
        return request.get_full_path()
    page = request.headers.get("HX-Current-URL") or request.headers.get("Referer", "")
    parts = urlsplit(page)
    # Two strokes at its beginning would make the path alone the address of another site.
    path = f"{escape_leading_slashes(parts.path)}?{parts.query}".rstrip("?")
    is_ours = url_has_allowed_host_and_scheme(page, allowed_hosts={request.get_host()})
    return path if is_ours and parts.path else "/"


def go_to(request: HttpRequest, to: Any, *args: Any, **kwargs: Any) -> HttpResponse:
    """Redirect the whole page, from htmx as from a plain form."""
    response = redirect(to, *args, **kwargs)
    if not is_htmx(request):
        return response
    return HttpResponse(status=204, headers={"HX-Redirect": response.url})


def refresh() -> HttpResponse:
    """Ask htmx to load the whole page again."""
    return HttpResponse(status=204, headers={"HX-Refresh": "true"})
