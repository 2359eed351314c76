"""Thin layers around each page: its cost, its language, the way back from an address that only takes what is sent."""

import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db import connection
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.middleware.locale import LocaleMiddleware
from django.urls import Resolver404, resolve
from django.utils.translation import get_language

Answer = Callable[[HttpRequest], HttpResponse]


def _called(do: Callable[[Any], Any], told: Any) -> Any:
    return do(told)


# Places on Python's own stack: 264 kB, for which it takes 512 kB at once, untouched. What follows has the rest.
_called.__code__ = _called.__code__.replace(co_stacksize=33_000)


class Deep:
    """Outermost: a page's calls lie in one piece of Python's stack.

    Python takes its stack from the system in pieces of 16 kB and gives a piece back as soon as the call that began it
    ends. A loop in a template that calls across such a border takes and gives back memory at each step: up to a third
    of a list's time went there, and moved with every change of what is called (decision 0047).
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        answer: HttpResponse = _called(self.get_response, request)
        return answer


class ServerTiming:
    """With PAVILLON_TIMING=1, say in `Server-Timing` what a page cost: total, database, SQL statements."""

    def __init__(self, get_response: Answer) -> None:
        if not settings.TIMING:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        count, spent = 0, 0.0

        def timed(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
            nonlocal count, spent
            started = time.perf_counter()
            try:
                return execute(sql, params, many, context)
            finally:
                count, spent = count + 1, spent + time.perf_counter() - started

        started = time.perf_counter()
        with connection.execute_wrapper(timed):
            response = self.get_response(request)
        total = (time.perf_counter() - started) * 1000
        response["Server-Timing"] = (
            f'total;dur={total:.1f}, db;dur={spent * 1000:.1f};desc="{count} statements", sql;dur={count}'
        )
        return response


class Languages(LocaleMiddleware):
    """Django's choice of language, which offers a missing page again under /fr/ or /en/: never one that exists.

    Without this a record that one may not see would answer with a redirect, since the sites answer every address.
    """

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        if response.status_code == 404 and getattr(request, "resolver_match", None):
            response.headers.setdefault("Content-Language", get_language() or "")
            return response
        return super().process_response(request, response)


class PageOfAction:
    """An address that only takes what is sent to it answers a reader with the page on which it is offered.

    Such an address stands in the bar after a refused form, in a bookmark, or behind a sign-in that a session's end put
    in between: the nearest address above it that has a page is shown ("/leads/60/log/" leads to "/leads/60/").
    """

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code != 405 or request.method != "GET" or request.headers.get("HX-Request"):
            return response
        if "text/html" not in request.headers.get("Accept", ""):
            return response
        path = request.path.rstrip("/")
        while path:
            path = path.rpartition("/")[0]
            try:
                found = resolve(f"{path}/")
            except Resolver404:
                continue
            # The editors' pages answer every address, most of them by saying that there is no page.
            if found.url_name != "wagtail_serve":
                return HttpResponseRedirect(f"{path}/")
        return response
