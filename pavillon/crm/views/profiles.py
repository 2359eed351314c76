"""Companies of high potential that nobody follows; thresholds of the classes; the profile on a company's page."""

from django.core import signing
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.profiles import ProfileSettingsForm, TakeForm
from pavillon.crm.models import ProfileSettings
from pavillon.crm.queries.profiles import (
    CALL_REASONS,
    FACTORS,
    lifecycle_counts,
    potentials,
    profile_of,
    reasons,
    regions,
    rule_in_words,
    settings_in_force,
    time_saved,
)
from pavillon.directory.models import Company
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

SALT = "pavillon.crm.potentials"
OPENED_FOR = 8 * 3600
PAGE = 50


@require_GET
@requires("crm.view_potentials")
def potentials_without_referent(request):
    region = request.GET.get("region", request.user.region_id or "")
    found = potentials(request.user, region=region, after=_after(request), limit=PAGE)
    note_read(request.user, Company, how="list", rows=len(found), ids=[each.company.pk for each in found])
    context = {"potentials": found, "region": region, "regions": regions(), "saved": time_saved()}
    context |= {"form": TakeForm(user=request.user), "settings": settings_in_force()}
    context["opened"] = signing.dumps(timezone.now().isoformat(), salt=SALT)
    context["after"] = f"{found[-1].profile.score}.{found[-1].company.pk}" if len(found) == PAGE else ""
    return render(request, "crm/potentials.html", context)


def _after(request):
    score, _dot, number = request.GET.get("after", "").partition(".")
    return (int(score), int(number)) if score.isdecimal() and number.isdecimal() and len(number) < 18 else None


@require_POST
@requires("crm.take_potential", on=Company)
def take_potential(request, company):
    form = TakeForm(request.POST, user=request.user)
    if not form.is_valid():
        say(request, _("Choose an adviser of your organisation."))
        return redirect("crm:potentials")
    try:
        actions.take_potential(
            company=company, adviser=form.cleaned_data["adviser"], organisation=request.user.organisation,
            by=request.user, opened_at=_opened(request),
        )  # fmt: skip
        say(
            request,
            _("%(adviser)s is the referent of %(company)s.")
            % {"adviser": form.cleaned_data["adviser"], "company": company},
        )
    except actions.ReferentExists as error:
        say(request, str(error))
    return redirect(
        f"{request.POST.get('back') or '/potentials/'}"
        if request.POST.get("back", "").startswith("/potentials/")
        else "crm:potentials"
    )


def _opened(request):
    try:
        return parse_datetime(signing.loads(request.POST.get("opened", ""), salt=SALT, max_age=OPENED_FOR))
    except signing.BadSignature:
        return timezone.now()


@require_GET
@requires("crm.view_profile", on=Company, how="panel")
def view_profile(request, company):
    """The classes of a company with the rule that gave each, its scores opened."""
    profile = profile_of(company, request.user)
    context = {"company": company, "profile": profile}
    if profile:
        context |= {"rule": rule_in_words(profile, request.user)}
        context["factors"] = reasons(profile.factors, FACTORS, request.user)
        context["call_reasons"] = reasons(profile.call_factors, CALL_REASONS, request.user)
    return render(request, "crm/_profile_panel.html", context)


@requires("crm.change_profile_settings")
def change_profile_settings(request):
    present = settings_in_force()
    form = ProfileSettingsForm(request.POST or None, initial=vars(present) | {"reason": ""})
    if form.is_valid():
        data = dict(form.cleaned_data)
        actions.change_profile_settings(reason=data.pop("reason"), by=request.user, **data)
        say(request, _("The thresholds are changed; the classes follow within minutes."))
        return redirect("crm:change_profile_settings")
    history = ProfileSettings.objects.visible_to(request.user).select_related("decided_by")[:10]
    context = {"form": form, "counts": lifecycle_counts(request.user), "history": history}
    return form_page(request, "crm/change_profile_settings.html", context)
