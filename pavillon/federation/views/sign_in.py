"""Signing in at a site of a partner: what the browser sees, then what the site's server asks."""

from allauth.core.internal import jwkkit
from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseRedirect, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST
from oauthlib.oauth2.rfc6749.errors import FatalClientError, OAuth2Error

from pavillon.accounts.queries import has_second_factor
from pavillon.core.views import public
from pavillon.federation import actions, protocol, queries
from pavillon.ui.limits import limited


@public
@limited("120/m", person="60/m")
@never_cache
def authorize(request):
    """A site sent the browser here: sign in if need be, agree if need be, and back with a code."""
    try:
        asked = protocol.read_asked(request)
    except FatalClientError as error:
        return render(request, "federation/bad_request.html", {"error": error}, status=400)
    except OAuth2Error as error:
        return HttpResponseRedirect(error.in_uri(error.redirect_uri))
    if not asked.is_silent and not request.user.is_authenticated:
        asked.note_wish(request)
        return redirect_to_login(request.get_full_path(), reverse("account_login"))
    if asked.wants_new_proof(request):
        if asked.is_silent:
            return HttpResponseRedirect(asked.refusal("login_required"))
        return _prove_again(request, asked)
    return _answer(request, asked)


def _answer(request, asked):
    answer = request.POST.get("answer", "")
    if answer == "no":
        return _go_on(request, asked, asked.refusal())
    if answer == "yes":
        proof = {"page": "/identity/authorize", "language": get_language() or "", "button": "yes"}
        actions.allow_site(site=asked.site, by=request.user, data=asked.data, proof=proof)
    elif "consent" in asked.prompt or not queries.is_agreed(asked.site, request.user, asked.data):
        told = queries.claims_in_words(request.user, asked.data)
        return render(request, "federation/authorize.html", {"asked": asked, "site": asked.site, "told": told})
    return _go_on(request, asked, protocol.way_back(request, asked))


def _prove_again(request, asked):
    """By the second factor, else the password, else a whole new sign-in; then the site's request is asked again.

    A new sign-in ends the session, which no address that a site wrote may do by itself: a page asks, a POST says yes.
    """
    answer = request.POST.get("answer", "")
    asked.note_wish(request)
    if has_second_factor(request.user):
        page = "mfa_reauthenticate"
    elif request.user.has_usable_password():
        page = "account_reauthenticate"
    elif answer == "no":
        return _go_on(request, asked, asked.refusal("login_required"))
    elif answer != "again":
        return render(request, "federation/sign_in_again.html", {"site": asked.site, "person": request.user})
    else:
        page, wishes = "account_login", request.session[protocol.WISHES]
        logout(request)
        request.session[protocol.WISHES] = wishes
    return redirect_to_login(request.get_full_path(), reverse(page))


def _go_on(request, asked, address):
    """By a page that goes on by itself: our policy lets no form lead to another site, through a redirect neither."""
    asked.forget_wish(request)
    if asked.is_silent:
        return HttpResponseRedirect(address)
    return render(request, "federation/go_on.html", {"address": address, "name": asked.site.name})


@public
@limited("60/m", person="30/m")
@never_cache
def leave_site(request):
    """Somebody signed out at a site: his choice whether the platform's session ends too."""
    leaving, answer = protocol.read_leaving(request), request.POST.get("answer", "")
    if request.user.is_authenticated and answer not in ("stay", "leave"):
        return render(request, "federation/leave_site.html", {"leaving": leaving})
    if request.user.is_authenticated and leaving.site:
        actions.leave_site(site=leaving.site, user=request.user)
    if request.user.is_authenticated and answer == "leave":
        logout(request)
    if leaving.site and leaving.address:
        return render(request, "federation/go_on.html", {"address": leaving.address, "name": leaving.site.name})
    return redirect("accounts:home" if request.user.is_authenticated else "account_login")


# What a site's server asks.


@public
@csrf_exempt
@limited("600/m", person="600/m")
@never_cache
@require_POST
def token(request):
    return protocol.answer_site(request, lambda server: server.create_token_response)


@public
@csrf_exempt
@limited("600/m", person="600/m")
@never_cache
def userinfo(request):
    return protocol.answer_site(request, lambda server: server.create_userinfo_response)


@public
@csrf_exempt
@limited("600/m", person="600/m")
@never_cache
@require_POST
def revoke_token(request):
    return protocol.answer_site(request, lambda server: server.create_revocation_response)


@public
@csrf_exempt
@limited("600/m", person="600/m")
@never_cache
@require_POST
def introspect_token(request):
    return protocol.answer_site(request, lambda server: server.create_introspect_response)


@public
def discovery(request):
    return JsonResponse(protocol.discovery(), headers={"Access-Control-Allow-Origin": "*"})


@public
def public_keys(request):
    """The public halves of our keys."""
    keys = [jwkkit.load_jwk_from_pem(key.pem)[0] | {"use": "sig", "alg": "RS256"} for key in queries.signing_keys()]
    headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "max-age=600, must-revalidate"}
    return JsonResponse({"keys": keys}, headers=headers)
