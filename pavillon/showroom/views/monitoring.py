"""The team follows enquiries: that they exist, how far they are, how long buyers wait. Not what is written."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.directory.models import Company
from pavillon.showroom import actions
from pavillon.showroom.forms.enquiries import EscalationForm, PlanForm, SuggestionForm
from pavillon.showroom.lists import MONITORING_COLUMNS, MonitoringFilter
from pavillon.showroom.models import Enquiry, ReplySuggestion
from pavillon.showroom.queries import company_figures, monitoring_rows, showroom_settings
from pavillon.showroom.queries import monitoring as queries
from pavillon.showroom.queries.catalogue import recipients_of
from pavillon.showroom.queries.threads import all_suggestions, thread_of
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("showroom.view_monitoring")
def monitoring(request):
    return list_page(
        request,
        monitoring_rows(request.user),
        template="showroom/monitoring.html",
        rows="showroom/_monitoring_rows.html",
        sorts={
            "waiting": ["-is_waiting", "waits_since", "-sent_at"],
            "newest": ["-sent_at"],
            "response": ["response_minutes"],
            "company": ["shop__company__name"],
        },
        sort="waiting",
        filters=MonitoringFilter,
        columns=MONITORING_COLUMNS,
        export_permission="showroom.export_monitoring",
        context={"settings": showroom_settings()},
    )


def record_of(request, enquiry, form, **forms):
    """An enquiry as the team sees it; its thread only while the seller shares it, and that reading is logged."""
    context = {"enquiry": monitoring_rows(request.user).get(pk=enquiry.pk), "form": form}
    context |= {"settings": showroom_settings(), "recipients": recipients_of(enquiry.shop)}
    context |= {
        "suggestions": all_suggestions(enquiry, request.user),
        "passed_up": queries.passed_up(enquiry) if enquiry.escalated_at else None,
        "may_suggest": request.user.has_perm("showroom.suggest_reply", enquiry),
        "may_escalate": request.user.has_perm("showroom.escalate_enquiry", enquiry),
        "suggestion_form": SuggestionForm(auto_id="suggest_%s"),
        "escalation_form": EscalationForm(auto_id="escalate_%s"),
    }
    context |= forms
    if request.user.has_perm("showroom.read_messages", enquiry):
        note_read(request.user, enquiry, how="document")
        context["thread"] = thread_of(enquiry)["thread"]
    return context


def _plan_form(request, enquiry):
    planned = {"next_step": enquiry.next_step, "next_step_on": enquiry.next_step_on}
    return PlanForm(user=request.user, enquiry=enquiry, initial=planned)


@requires("showroom.view_enquiry_state", on=Enquiry)
def enquiry(request, enquiry):
    return render(request, "showroom/enquiry_state.html", record_of(request, enquiry, _plan_form(request, enquiry)))


@require_POST
@requires("showroom.plan_enquiry", on=Enquiry)
def plan_enquiry(request, enquiry):
    form = PlanForm(request.POST, user=request.user, enquiry=enquiry)
    if not form.is_valid():
        return form_page(request, "showroom/enquiry_state.html", record_of(request, enquiry, form))
    given = form.cleaned_data
    actions.plan_enquiry(
        enquiry=enquiry, next_step=given["next_step"], next_step_on=given["next_step_on"], by=request.user
    )
    say(request, _("The next step was noted."))
    return redirect("showroom_team:enquiry", enquiry=enquiry.pk)


@require_POST
@requires("showroom.remind_seller", on=Enquiry)
def remind_seller(request, enquiry):
    actions.remind_seller(enquiry=enquiry, by=request.user)
    say(request, _("%(company)s was reminded.") % {"company": enquiry.shop.company})
    return redirect("showroom_team:enquiry", enquiry=enquiry.pk)


def _help(request, enquiry, name, form, deed, done, undo=None):
    """One deed for a company that leaves a buyer waiting; what came too late is told on the page."""
    if form.is_valid():
        try:
            made = deed(enquiry=enquiry, by=request.user, **form.cleaned_data)
        except actions.NothingWaits as error:
            form.add_error(None, str(error))
        else:
            say(request, done(made), undo=undo(made) if undo else "")
            return redirect("showroom_team:enquiry", enquiry=enquiry.pk)
    context = record_of(request, enquiry, _plan_form(request, enquiry), **{name: form})
    return form_page(request, "showroom/enquiry_state.html", context, form=form)


@require_POST
@requires("showroom.suggest_reply", on=Enquiry)
def suggest_reply(request, enquiry):
    form = SuggestionForm(request.POST, auto_id="suggest_%s")
    done = _("%(company)s reads your suggestion beside the request.") % {"company": enquiry.shop.company}
    return _help(request, enquiry, "suggestion_form", form, actions.suggest_reply, lambda suggestion: done, _taken_back)


def _taken_back(suggestion):
    return reverse("showroom_team:withdraw_suggestion", args=[suggestion.pk])


@require_POST
@requires("showroom.withdraw_suggestion", on=ReplySuggestion)
def withdraw_suggestion(request, replysuggestion):
    enquiry = replysuggestion.enquiry_id
    try:
        actions.withdraw_suggestion(suggestion=replysuggestion, by=request.user)
    except actions.NothingWaits as error:
        messages.warning(request, str(error))
    else:
        say(request, _("The company no longer reads your suggestion."))
    return redirect("showroom_team:enquiry", enquiry=enquiry)


@require_POST
@requires("showroom.escalate_enquiry", on=Enquiry)
def escalate_enquiry(request, enquiry):
    form = EscalationForm(request.POST, auto_id="escalate_%s")
    return _help(request, enquiry, "escalation_form", form, actions.escalate_enquiry, _whom_it_reached)


def _whom_it_reached(told):
    people = {"people": ", ".join(person.full_name for person in told.people)}
    if told.is_beyond_own:
        return _("Told: %(people)s. Your own managers do not see this company’s requests.") % people
    return _("Told: %(people)s.") % people


@requires("showroom.view_monitoring")
def buyers_by_country(request):
    return render(request, "showroom/buyers_by_country.html", queries.buyers_report())


@requires("showroom.view_company_panel", on=Company, how="panel")
def company_panel(request, company):
    shop, told = queries.shop_of(company, request.user), {}
    if shop is not None:
        rows = monitoring_rows(request.user).filter(shop__company=company)
        told = {
            "figures": company_figures(company),
            "enquiries": rows.order_by("-is_waiting", "waits_since", "-sent_at")[:5],
        }
    context = {"company": company, "shop": shop, **told}
    return render(request, "showroom/_company_panel.html", context)


@requires("showroom.view_desk_panel")
def desk_panel(request):
    hours = showroom_settings().unanswered_hours
    overdue = queries.longest_waiting(request.user, hours, 6)
    return render(request, "showroom/_desk_panel.html", {"overdue": overdue, "hours": hours})
