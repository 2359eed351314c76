"""The cookie bar and its page, the notice; what is kept to prove an answer."""

from urllib.parse import urlsplit

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import Resolver404, resolve
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import get_language
from django.views.decorators.http import require_POST

from pavillon.continuity.queries.pages import stays_in_the_union
from pavillon.core.views import public
from pavillon.privacy import actions, queries
from pavillon.privacy.forms import ChooseCookiesForm
from pavillon.privacy.wording import cookies_in_use, processings
from pavillon.ui.limits import limited


@public
def cookies(request):
    """Every cookie by name, and the choice by purpose, which may be changed at any time."""
    choices = queries.read_choices(request)
    return render(
        request,
        "privacy/cookies.html",
        {"cookies": cookies_in_use(), "purposes": queries.browser_purposes(request), "choices": choices},
    )


@public
@limited("240/h", person="60/h")
@require_POST
def choose_cookies(request):
    form = ChooseCookiesForm(request.POST)
    if not form.is_valid():
        return render(request, "privacy/bad_choice.html", {"form": form}, status=422)
    known = queries.read_choices(request) or {"key": ""}
    value = actions.choose_cookies(
        accepted=form.accepted, person_key=known["key"], by=request.user, proof=proof_of(request)
    )
    response = redirect(safe_next(request, form.cleaned_data["next"]))
    return keep_choices(request, response, value)


def keep_choices(request, response: HttpResponse, value: str) -> HttpResponse:
    response.set_cookie(
        queries.COOKIE, value, max_age=queries.COOKIE_SECONDS, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    return response


def safe_next(request, target: str) -> str:
    allowed = url_has_allowed_host_and_scheme(target, {request.get_host()}, require_https=request.is_secure())
    return target if target and allowed else "privacy:cookies"


def _page_of(request) -> str:
    """The page on which an answer was given, as its route: an address may carry a secret, such as a resume link."""
    path = urlsplit(request.headers.get("Referer", "")).path or request.path
    try:
        return f"/{resolve(path).route}"
    except Resolver404:
        return ""


def proof_of(request) -> dict[str, str]:
    """What is kept to prove an answer: page, language, button. No address: the answer itself is proof enough."""
    return {
        "page": _page_of(request)[:200],
        "language": get_language() or "",
        "button": request.POST.get("answer", "save")[:20],
    }


@public
def notice(request):
    context = {"processings": processings(), "stays_in_the_union": stays_in_the_union()}
    return render(request, "privacy/notice.html", context)
