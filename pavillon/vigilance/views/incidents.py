"""Incidents, and people whom rules leave alone."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts.queries import password_locked_until
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say
from pavillon.vigilance import actions
from pavillon.vigilance.forms import ExemptionForm, IncidentFilter, ReasonForm
from pavillon.vigilance.models import Exemption, Incident
from pavillon.vigilance.queries.incidents import told_incidents

SHOWN = 100


@require_GET
@requires("vigilance.read_incidents")
def read_incidents(request):
    """The newest first; the list fetches itself again when something is noticed."""
    form = IncidentFilter(request.GET)
    wanted = {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else {}
    rows = Incident.objects.visible_to(request.user).filter(**wanted).select_related("user", "organisation")
    context = {"incidents": told_incidents(rows[:SHOWN]), "form": form, "query": request.GET.urlencode(), "most": SHOWN}
    return fragment(request, "vigilance/read_incidents.html", "vigilance/_incidents.html", context)


def _page(request, incident, form):
    may = {
        name: request.user.has_perm(f"vigilance.{name}", incident)
        for name in ("look_at_incident", "close_incident", "lift_incident")
    }
    stands = incident.user.is_suspended or password_locked_until(incident.user.email) is not None
    is_suspended = incident.suspended_until is not None and stands
    context = {"told": told_incidents([incident])[0], "form": form, "may": may, "is_suspended": is_suspended}
    return form_page(request, "vigilance/read_incident.html", context)


@require_GET
@requires("vigilance.read_incident", on=Incident)
def read_incident(request, incident):
    return _page(request, incident, ReasonForm())


@require_POST
@requires("vigilance.look_at_incident", on=Incident)
def look_at_incident(request, incident):
    return _done(request, incident, lambda: actions.look_at_incident(incident=incident, by=request.user))


@require_POST
@requires("vigilance.close_incident", on=Incident)
def close_incident(request, incident):
    return _reasoned(request, incident, actions.close_incident)


@require_POST
@requires("vigilance.lift_incident", on=Incident)
def lift_incident(request, incident):
    return _reasoned(request, incident, actions.lift_incident)


def _reasoned(request, incident, act):
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, incident, form)
    return _done(request, incident, lambda: act(incident=incident, reason=form.cleaned_data["reason"], by=request.user))


def _done(request, incident, act):
    try:
        act()
        say(request, _("Done, and written in the trail."))
    except actions.NotOpen as error:
        say(request, str(error))
    return redirect(incident)


@requires("vigilance.exempt_person")
def exempt_person(request):
    """Who is exempt now, and one more."""
    form = ExemptionForm(request.POST or None, by=request.user, initial={"user": request.GET.get("person")})
    if form.is_valid():
        actions.exempt_person(**form.cleaned_data, by=request.user)
        say(request, _("The exemption is written."))
        return redirect("vigilance:exempt_person")
    known = Exemption.objects.visible_to(request.user).select_related("user", "rule", "made_by")[:50]
    return form_page(request, "vigilance/exempt_person.html", {"form": form, "exemptions": known})


@require_POST
@requires("vigilance.end_exemption", on=Exemption)
def end_exemption(request, exemption):
    actions.end_exemption(exemption=exemption, by=request.user)
    say(request, _("The exemption has ended."))
    return redirect("vigilance:exempt_person")
