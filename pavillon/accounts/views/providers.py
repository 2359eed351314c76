"""Identity providers, as data."""

from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.accounts import actions
from pavillon.accounts.forms.providers import PRESETS, IdentityProviderForm
from pavillon.accounts.models import IdentityProvider
from pavillon.accounts.trying import try_provider
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("accounts.view_identity_providers")
def identity_providers(request):
    providers = IdentityProvider.objects.visible_to(request.user)
    presets = [(key, preset["name"]) for key, preset in PRESETS.items()]
    return render(request, "accounts/identity_providers.html", {"providers": providers, "presets": presets})


@requires("accounts.change_identity_provider")
def create_identity_provider(request):
    form = IdentityProviderForm(request.POST or None, preset=request.GET.get("preset", ""))
    if form.is_valid():
        try:
            actions.create_identity_provider(by=request.user, **form.cleaned_data)
            say(request, _("The provider is saved."))
            return redirect("accounts:identity_providers")
        except actions.SlugTaken:
            form.add_error("slug", _("Another provider has this short name."))
    return form_page(request, "accounts/create_identity_provider.html", {"form": form})


@requires("accounts.change_identity_provider", on=IdentityProvider)
def change_identity_provider(request, identityprovider):
    form = IdentityProviderForm(request.POST or None, provider=identityprovider)
    if form.is_valid():
        actions.change_identity_provider(provider=identityprovider, by=request.user, **form.cleaned_data)
        say(request, _("The provider is saved."))
        return redirect("accounts:identity_providers")
    context = {"form": form, "provider": identityprovider, "addresses": _addresses(request, identityprovider)}
    return form_page(request, "accounts/change_identity_provider.html", context)


def _addresses(request, provider):
    """What the provider's people register of us: [(what for, address)]."""
    names = [
        (_("Way back after signing in"), "openid_connect_callback", [provider.slug]),
        (_("Way back after signing out"), "account_login", []),
        (_("Told when somebody signs out there (back-channel)"), "accounts:provider_signed_out", [provider.slug]),
    ]
    if provider.private_key:
        names.append((_("Our public key (JWKS)"), "accounts:provider_keys", [provider.slug]))
    return [(label, request.build_absolute_uri(reverse(name, args=args))) for label, name, args in names]


@require_POST
@requires("accounts.change_identity_provider", on=IdentityProvider)
def try_identity_provider(request, identityprovider):
    """Ask the provider what it offers and whether it knows us; nobody signs in."""
    callback = request.build_absolute_uri(reverse("openid_connect_callback", args=[identityprovider.slug]))
    findings = try_provider(identityprovider, callback)
    context = {"provider": identityprovider, "findings": findings, "is_fine": all(f.is_fine for f in findings)}
    return render(request, "accounts/try_identity_provider.html", context)


@require_POST
@requires("accounts.change_identity_provider", on=IdentityProvider)
def renew_provider_key(request, identityprovider):
    actions.renew_provider_key(provider=identityprovider, by=request.user)
    say(request, _("We prove ourselves by a new key; the provider fetches it from our page."))
    return redirect("accounts:change_identity_provider", identityprovider.pk)


@require_POST
@requires("accounts.change_identity_provider", on=IdentityProvider)
def delete_identity_provider(request, identityprovider):
    actions.delete_identity_provider(provider=identityprovider, by=request.user)
    say(request, _("The provider is taken away."))
    return redirect("accounts:identity_providers")
