"""One's own account: start page, card, roles, invitation, and the few pages of the entrance that are ours."""

from allauth.account.internal.flows.reauthentication import raise_if_reauthentication_required
from django.contrib.auth import logout
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from pavillon.accounts import actions, queries
from pavillon.accounts.forms.people import AcceptInvitationForm, ProfileForm
from pavillon.accounts.models import Membership
from pavillon.core.views import public, requires
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited
from pavillon.ui.messages import say


@public
@never_cache
def home(request):
    """Sends everybody to the page where his day begins; strangers to the public site in their language."""
    if not request.user.is_authenticated:
        return redirect(f"/{get_language()}/")
    return redirect(queries.start_page(request.user))


@requires("accounts.change_profile")
def change_profile(request):
    form = ProfileForm(request.POST or None, user=request.user)
    if form.is_valid():
        if form.cleaned_data["phone"] != request.user.phone:
            ask_for_proof(request)
        actions.change_profile(by=request.user, **form.cleaned_data)
        say(request, _("Your profile is saved."))
        return redirect("accounts:change_profile")
    roles = request.user.roles_today
    return form_page(request, "accounts/change_profile.html", {"form": form, "roles": roles})


@require_POST
@requires("accounts.switch_membership", on=Membership)
def switch_membership(request, membership):
    actions.switch_membership(membership=membership, by=request.user, is_default="default" in request.POST)
    request.session[queries.ACTING] = membership.pk
    actions.rotate_session(request)
    say(request, _("You now act as %(role)s.") % {"role": membership})
    return redirect("accounts:home")


def ask_for_proof(request):
    """Raises what leads to the page of proof unless one was given lately; the request goes on behind it."""
    raise_if_reauthentication_required(request, app="allauth.account")


@require_POST
@requires("accounts.end_session")
def end_session(request, session):
    """Sign one of one's own browsers out."""
    found = queries.session_of(request.user, session)
    if found is None:
        raise Http404
    ask_for_proof(request)
    actions.end_session(session=found, by=request.user)
    say(request, _("The session has ended."))
    return redirect("usersessions_list")


@public
@limited("60/h", person="60/h")
@never_cache
def accept_invitation(request, token):
    try:
        person = queries.invited_user(token)
    except queries.InvitationExpired as error:
        may_renew = error.person is not None and error.person.is_invited
        context = {"token": token, "may_renew": may_renew}
        return render(request, "accounts/invitation_expired.html", context, status=410)
    form = AcceptInvitationForm(request.POST or None, person=person)
    if form.is_valid():
        logout(request)
        person = actions.accept_invitation(user=person, **form.cleaned_data)
        return actions.sign_in(request, person)
    return form_page(request, "accounts/accept_invitation.html", {"form": form, "person": person})


@public
@never_cache
@require_POST
@limited("20/h", person="3/h")
def renew_invitation(request, token):
    """A link whose time is over asks for a new letter, to the address that was invited and no other."""
    try:
        queries.invited_user(token)
    except queries.InvitationExpired as error:
        if error.person is not None and error.person.is_invited:
            actions.send_invitation(user=error.person, by=None)
    say(request, _("A new letter is on its way, to the address that was invited."))
    return redirect("account_login")


@public
@never_cache
def sign_in_instead(request):
    """From the letter to who has an account already: no code will come, so its page lets go; then the sign-in."""
    actions.leave_sign_up(request)
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode()}")


@never_cache
@requires("accounts.change_profile")
def prove_identity(request):
    """Security asks again who sits here: by the second factor, else by the password, else by a new sign-in."""
    user, asked = request.user, request.GET.get("next", "/")
    is_ours = url_has_allowed_host_and_scheme(asked, allowed_hosts={request.get_host()}, require_https=False)
    has_factor = queries.has_second_factor(user)
    page = "mfa_reauthenticate" if has_factor else "account_reauthenticate" if user.has_usable_password() else ""
    way = f"{reverse(page)}?{urlencode({'next': asked if is_ours else '/'})}" if page else ""
    context = {"way": way, "has_factor": has_factor}
    return render(request, "accounts/prove_identity.html", context)


@public
def suspended(request):
    """Where whoever proved who he is lands while his account is suspended; `?held` when security alone lifts it."""
    return render(request, "accounts/suspended.html", {"is_held": "held" in request.GET}, status=403)


@public
def unknown_identity(request, reason):
    if reason not in ("side", "team", "email", "company", "level"):
        raise Http404
    return render(request, "accounts/unknown_identity.html", {"reason": reason}, status=403)
