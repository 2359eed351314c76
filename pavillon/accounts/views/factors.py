"""Recovery codes, and second factors that an officer takes off."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from pavillon.accounts import actions, queries
from pavillon.accounts.forms.people import RemoveFactorsForm
from pavillon.accounts.models import User
from pavillon.accounts.views.account import ask_for_proof
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@never_cache
@requires("accounts.change_profile")
def recovery_codes(request):
    """How many are left; new ones are shown once, in the answer to their making."""
    codes = []
    if request.method == "POST":
        ask_for_proof(request)
        try:
            codes = actions.renew_recovery_codes(user=request.user)
        except actions.NoSecondFactor:
            return redirect("mfa_index")
    context = {"codes": codes, "left": queries.recovery_codes_of(request.user)}
    return render(request, "accounts/recovery_codes.html", context)


@requires("accounts.remove_second_factors", on=User)
def remove_second_factors(request, user):
    form = RemoveFactorsForm(request.POST or None)
    if form.is_valid():
        ask_for_proof(request)
        actions.remove_second_factors(user=user, by=request.user, **form.cleaned_data)
        say(request, _("%(person)s sets up a second factor anew at the next sign-in.") % {"person": user})
        return redirect("accounts:user", user.pk)
    return form_page(request, "accounts/remove_second_factors.html", {"form": form, "person": user})
