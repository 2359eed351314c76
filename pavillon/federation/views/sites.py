"""Sites of partners: registered by the platform's administrator, seen and left by the people who sign in there."""

from django.conf import settings
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.federation import actions, queries
from pavillon.federation.forms import SiteForm
from pavillon.federation.models import Site, SiteAccess
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("federation.view_sites")
def sites(request):
    found = Site.objects.visible_to(request.user).select_related("organisation").with_people_count()
    return render(request, "federation/sites.html", {"sites": found, "issuer": settings.BASE_URL})


@requires("federation.change_site")
def create_site(request):
    form = SiteForm(request.POST or None)
    if form.is_valid():
        try:
            site, secret = actions.create_site(by=request.user, **form.cleaned_data)
            return _show_secret(request, site, secret)
        except actions.NameTaken:
            form.add_error("name", _("Another site has this name."))
    return form_page(request, "federation/create_site.html", {"form": form})


@requires("federation.change_site", on=Site)
def change_site(request, site):
    form = SiteForm(request.POST or None, site=site)
    if form.is_valid():
        try:
            actions.change_site(site=site, by=request.user, **form.cleaned_data)
            say(request, _("The site is saved."))
            return redirect("federation:sites")
        except actions.NameTaken:
            form.add_error("name", _("Another site has this name."))
    return form_page(
        request, "federation/change_site.html", {"form": form, "site": site, "told": queries.told_sessions(site)}
    )


def _show_secret(request, site, secret):
    context = {"site": site, "secret": secret, "issuer": settings.BASE_URL}
    return render(request, "federation/site_secret.html", context)


@require_POST
@requires("federation.change_site", on=Site)
def renew_secret(request, site):
    return _show_secret(request, site, actions.renew_secret(site=site, by=request.user))


@require_POST
@requires("federation.change_site", on=Site)
def delete_site(request, site):
    actions.delete_site(site=site, by=request.user)
    say(request, _("The site is taken away."))
    return redirect("federation:sites")


@require_POST
@requires("federation.renew_signing_key")
def renew_signing_key(request):
    actions.renew_signing_key(by=request.user)
    say(request, _("A new key signs from now on; the former one is believed for a day more."))
    return redirect("federation:sites")


@requires("federation.view_my_sites")
def my_sites(request):
    return render(request, "federation/my_sites.html", {"accesses": queries.my_sites(request.user)})


@require_POST
@requires("federation.revoke_access", on=SiteAccess)
def revoke_access(request, siteaccess):
    actions.revoke_access(access=siteaccess, by=request.user)
    say(request, _("%(site)s learns nothing of you any more.") % {"site": siteaccess.site})
    return redirect("federation:my_sites")
