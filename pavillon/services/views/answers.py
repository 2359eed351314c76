"""The page behind the link of a letter: for whoever of the company holds it, with or without an account."""

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import render
from django.utils.translation import gettext as _

from pavillon.core.views import public
from pavillon.services import actions
from pavillon.services.enums import SurveyKind
from pavillon.services.forms.answers import FIRST, MOST, ImpactForm, SatisfactionForm, flow_forms
from pavillon.services.models import SIGNER
from pavillon.services.queries.surveys import survey_by
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited


@public
@limited("60/h", person="60/h")
def answer_survey(request, link):
    """Nobody of the team answers for a company, even with its link."""
    survey = survey_by(link)
    if survey is None:
        raise Http404
    if getattr(request.user, "is_team", False):
        raise PermissionDenied("services.answer_survey")
    if not survey.is_open:
        return render(request, "services/survey_over.html", {"survey": survey})
    return _satisfaction(request, survey) if survey.kind == SurveyKind.SATISFACTION else _impact(request, survey)


def _satisfaction(request, survey):
    form = SatisfactionForm(request.POST or None)
    if form.is_valid():
        return _thank(request, survey, actions.answer_satisfaction, **form.cleaned_data)
    return form_page(request, "services/answer_survey.html", {"survey": survey, "form": form})


def _impact(request, survey):
    form = ImpactForm(request.POST or None)
    lines = flow_forms(request.POST if request.method == "POST" else None, FIRST)
    if request.method == "POST" and "more" in request.POST:
        lines = _one_more(request)
        form = ImpactForm(initial=request.POST.dict())
    elif form.is_valid() and (form.cleaned_data["result"] == "no" or lines.is_valid()):
        flows = [_flow(line) for line in lines if form.cleaned_data["result"] == "yes" and line.has_changed()]
        if flows or form.cleaned_data["result"] == "no":
            said = {name: form.cleaned_data[name] for name in ("verbatim", "attested_by")}
            return _thank(request, survey, actions.answer_impact, flows=flows, **said)
        form.add_error("result", _("Describe at least one of them below, or answer no."))
    answer = form_page(request, "services/answer_survey.html", {"survey": survey, "form": form, "lines": lines})
    if form.is_bound:
        answer.status_code = 422
    return answer


def _flow(line):
    said = line.cleaned_data
    return actions.Flow(said["kind"], said["country"], said["amount"], said["currency"])


def _one_more(request):
    """The same lines, and an empty one."""
    data = request.POST.copy()
    total = data.get("flows-TOTAL_FORMS", "")
    data["flows-TOTAL_FORMS"] = str(min(int(total) + 1 if total.isdecimal() and len(total) < 4 else FIRST, MOST))
    return flow_forms(data, FIRST)


def _thank(request, survey, answer, **said):
    try:
        survey = answer(survey=survey, **said)
    except actions.AnswerGiven:
        # Somebody else of the company, with the same link, at the same moment.
        survey = survey_by(SIGNER.sign(str(survey.pk)))
    return render(request, "services/survey_over.html", {"survey": survey})
