"""Asking for corrections of what the register rules, and answering."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.curating import AnswerForm, CorrectionForm
from pavillon.directory.models import Company, CorrectionRequest
from pavillon.directory.precedence import COMPANY_GROUPS, MASTERED
from pavillon.directory.queries.card import label_of, spoken
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@requires("directory.ask_correction", on=Company)
def ask_correction(request, company, field):
    """Say what a field that the register rules should be, and why."""
    if field not in MASTERED:
        raise Http404(field)
    form = CorrectionForm(request.POST or None, user=request.user, company=company, group=field)
    if form.is_valid():
        given = {"company": company, "field": field, "values": form.values(), "by": request.user}
        try:
            actions.ask_correction(reason=form.cleaned_data["reason"], **given)
        except (actions.AlreadyAsked, actions.NothingAsked) as error:
            form.add_error(None, str(error))
        else:
            say(request, _("Asked. You are told what the owner of the base decides."))
            return redirect("directory:company_origins", company.pk)
    context = {"form": form, "company": company, "label": label_of(company, field)}
    return form_page(request, "directory/ask_correction.html", context)


@require_GET
@requires("directory.view_corrections")
def corrections(request):
    """Requests for corrections: those that wait first."""
    rows = CorrectionRequest.objects.visible_to(request.user)
    return list_page(
        request,
        rows.select_related("company", "asked_by", "organisation", "decided_by"),
        template="directory/corrections.html",
        rows="directory/_correction_rows.html",
        sorts={"newest": ["-state", "-asked_at"]},
        sort="newest",
        context={"labels": {group: label_of(Company, group) for group in COMPANY_GROUPS}},
    )


@requires("directory.decide_correction", on=CorrectionRequest)
def decide_correction(request, correctionrequest):
    """Accept or refuse a correction; who asked is told."""
    form = AnswerForm(request.POST or None)
    if form.is_valid():
        decide = actions.refuse_correction if form.is_refusal else actions.accept_correction
        try:
            decide(request=correctionrequest, by=request.user, answer=form.cleaned_data["answer"])
        except actions.AlreadyDecided as error:
            messages.warning(request, str(error))
        else:
            say(request, _("Answered. Who asked is told."))
        return redirect("directory:corrections")
    asked = correctionrequest
    texts = spoken(asked.company, {0: (asked.field, asked.stands), 1: (asked.field, asked.proposed)})
    context = {"form": form, "asked": asked, "company": asked.company, "label": label_of(Company, asked.field)}
    return form_page(request, "directory/decide_correction.html", context | {"stands": texts[0], "proposed": texts[1]})
