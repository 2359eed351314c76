"""What this room shows on a company's page, and the pages behind it."""

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.enums import InteractionKind
from pavillon.crm.forms.interactions import InteractionForm, LogInteractionForm
from pavillon.crm.forms.referents import HandOverReferentForm, SetReferentForm
from pavillon.crm.models import Interaction, Referent
from pavillon.crm.queries.journey import journey_of
from pavillon.crm.queries.leads import leads_of, referents_seen
from pavillon.crm.queries.territory_pages import territories_of
from pavillon.crm.queries.timeline import CHANGES, OFFERS, REQUESTS, SERVICES, timeline_of, told_kinds
from pavillon.crm.views.leads import logged
from pavillon.directory.models import Company
from pavillon.ui.htmx import form_page, fragment, is_htmx, toast
from pavillon.ui.messages import say


def _moment_of(text):
    """What an address says; without a zone it is the reader's. None for what is no moment."""
    try:
        moment = parse_datetime(text)
    except ValueError:
        return None
    return timezone.make_aware(moment) if moment and timezone.is_naive(moment) else moment


def _timeline_context(request, company, form=None):
    kind = request.GET.get("kind", "")
    kinds = [("", _("All")), *InteractionKind.choices, (REQUESTS, _("Requests")), (CHANGES, _("Changes"))]
    above = ((SERVICES, pgettext("timeline", "Services")), (OFFERS, pgettext("timeline", "Offers")))
    kinds[-1:-1] = [each for each in above if each[0] in told_kinds()]
    before = _moment_of(request.GET.get("before", "").replace(" ", "+"))
    if form is None and request.user.has_perm("crm.log_interaction", company):
        form = LogInteractionForm(user=request.user, company=company, auto_id="log_%s")
    return {
        "company": company,
        "timeline": timeline_of(company, request.user, kind=kind, before=before),
        "kinds": kinds,
        "kind": kind,
        "form": form,
    }


@require_GET
@requires("crm.view_timeline", on=Company, how="panel")
def view_timeline(request, company):
    """Composer and timeline: a panel of the company's page, a page of its own without script."""
    context = _timeline_context(request, company)
    return fragment(request, "crm/view_timeline.html", "crm/_timeline_panel.html", context)


@require_GET
@requires("crm.view_timeline", on=Company, how="panel")
def timeline_lines(request, company):
    """The lines alone: filtered, continued, or loaded again because something happened."""
    context = _timeline_context(request, company)
    return fragment(request, "crm/view_timeline.html", "crm/_timeline.html", context)


@require_GET
@requires("crm.view_timeline", on=Company, how="panel")
def view_journey(request, company):
    """The seven stages of the company's export life: a panel of its page."""
    context = {"company": company, "journey": journey_of(company, request.user)}
    return fragment(request, "crm/view_journey.html", "crm/_journey_panel.html", context)


@require_POST
@requires("crm.log_interaction", on=Company)
def log_interaction(request, company):
    form = LogInteractionForm(request.POST, user=request.user, company=company, auto_id="log_%s")
    if form.is_valid():
        try:
            actions.log_interaction(company=company, by=request.user, **logged(form.cleaned_data))
        except actions.NotYetHappened as error:
            form.add_error("happened_at", ValidationError(str(error)))
        else:
            done = _("The exchange is logged.")
            if is_htmx(request):
                context = _timeline_context(request, company)
                return toast(render(request, "crm/_timeline_panel.html", context), done)
            say(request, done)
            return redirect(company)
    context = _timeline_context(request, company, form)
    template = "crm/_timeline_panel.html" if is_htmx(request) else "crm/view_timeline.html"
    return render(request, template, context, status=422)


@requires("crm.change_interaction", on=Interaction)
def change_interaction(request, interaction):
    fields = ("summary", "outcome", "duration_minutes", "contact", "visibility")
    initial = {name: getattr(interaction, name) for name in fields}
    form = InteractionForm(
        request.POST or None, user=request.user, company=interaction.company, interaction=interaction, initial=initial
    )
    if form.is_valid():
        data = {name: form.cleaned_data.get(name, initial[name]) for name in fields}
        actions.change_interaction(interaction=interaction, by=request.user, **data)
        say(request, _("The exchange was corrected; the former text stays in the trail."))
        return redirect(interaction.company)
    return form_page(request, "crm/change_interaction.html", {"form": form, "interaction": interaction})


@require_POST
@requires("crm.finish_next_action", on=Interaction)
def finish_next_action(request, interaction):
    actions.finish_next_action(interaction=interaction, by=request.user)
    say(request, _("Done: %(what)s") % {"what": interaction.next_action})
    return redirect(interaction.company)


@require_GET
@requires("crm.view_timeline", on=Company, how="panel")
def company_leads(request, company):
    """The requests of a company that the reader may see: a panel."""
    context = {"company": company, "leads": leads_of(company, request.user)}
    return fragment(request, "crm/company_leads.html", "crm/_company_leads.html", context)


@require_GET
@requires("crm.view_referent", on=Company, how="panel")
def view_referent(request, company):
    rows = referents_seen(company, request.user)
    context = {
        "company": company,
        "current": next((row for row in rows if row.is_current), None),
        "planned": next((row for row in rows if row.is_planned), None),
        "former": [row for row in rows if not row.is_current and not row.is_planned],
        "territories": territories_of(company) if request.user.has_perm("crm.view_territories") else [],
        "may_set": request.user.has_perm("crm.set_referent", company),
        "may_hand_over": request.user.has_perm("crm.hand_over_referent", company),
    }
    return fragment(request, "crm/view_referent.html", "crm/_referent.html", context)


@requires("crm.set_referent", on=Company)
def set_referent(request, company):
    territories = [one for one in territories_of(company) if one.organisation_id == request.user.organisation.pk]
    proposed = territories[0].adviser if territories else None
    form = SetReferentForm(request.POST or None, user=request.user, region_id=company.region_id, proposed=proposed)
    return _referent_page(request, company, form, actions.set_referent, "crm/set_referent.html")


@requires("crm.hand_over_referent", on=Company)
def hand_over_referent(request, company):
    form = HandOverReferentForm(request.POST or None, user=request.user, region_id=company.region_id)
    return _referent_page(request, company, form, actions.hand_over_referent, "crm/hand_over_referent.html")


def _referent_page(request, company, form, action, template):
    if form.is_valid():
        data = form.cleaned_data
        try:
            referent = action(
                company=company,
                adviser=form.colleague,
                organisation=form.team,
                by=request.user,
                starts_on=data["starts_on"],
                reason=data.get("reason", ""),
            )
        except (actions.ReferentExists, actions.WrongPeriod) as error:
            form.add_error(None, ValidationError(str(error)))
        else:
            say(request, _("%(adviser)s is the referent. The company was told.") % {"adviser": referent.adviser})
            return redirect(company)
    current = Referent.objects.visible_to(request.user).current().filter(company=company).first()
    return form_page(request, template, {"form": form, "company": company, "current": current})
