"""The space of a company under /my/."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.campaigns.queries.links import PARAMETER
from pavillon.core.views import requires
from pavillon.solutions.actions import accounts as accounts
from pavillon.solutions.actions import contact as actions
from pavillon.solutions.forms.accounts import AskContactForm, DecideJoinRequestForm
from pavillon.solutions.models import JoinRequest
from pavillon.solutions.queries import accounts as queries
from pavillon.solutions.queries import diagnosis as diagnoses
from pavillon.solutions.queries.catalogue import find_solution, solutions_for
from pavillon.solutions.sheet import result_chart
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@requires("solutions.view_company_space")
def company_home(request):
    """What to do next, how the requests stand, what the diagnosis said."""
    result = diagnoses.latest_result(request.user)
    steps = diagnoses.steps_of(result) if result else []
    context = {
        "company": queries.company_of(request.user),
        "result": result,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "next_steps": [step for step in steps if not step.is_done][:3],
        "requests": queries.latest_requests(request.user),
        "waiting": queries.join_requests_of(request.user).filter(decided_at__isnull=True).count(),
    }
    return render(request, "solutions/company_home.html", context)


@requires("solutions.view_company_space")
def my_path(request):
    result = diagnoses.latest_result(request.user)
    steps = diagnoses.steps_of(result) if result else []
    context = {
        "diagnosis": result,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "solutions": solutions_for(result, [step.brick.need for step in steps], limit=6) if result else [],
        "from": "my_path",
        "may_answer": True,
    }
    return render(request, "solutions/my_path.html", context)


@requires("solutions.view_company_space")
def my_diagnoses(request):
    """The newest result, and the earlier ones to compare with."""
    rows = list(diagnoses.diagnoses_of(request.user)[:20])
    result = next((row for row in rows if row.is_finished), None)
    chart = result_chart(result) if result else ""
    return render(request, "solutions/my_diagnoses.html", {"diagnoses": rows, "result": result, "chart": chart})


@requires("solutions.ask_contact")
def ask_contact(request):
    """'Be contacted', about a solution or in general; the diagnosis goes along unless one unticks it."""
    company = queries.company_of(request.user)
    if company is None:
        raise Http404
    solution = find_solution(request.GET.get("solution", ""))
    result = diagnoses.latest_result(request.user)
    initial = {"campaign": request.GET.get(PARAMETER, "")[:24]}
    form = AskContactForm(request.POST or None, has_diagnosis=result is not None, initial=initial)
    if form.is_valid():
        attached = result if form.cleaned_data.get("with_diagnosis") else None
        lead = actions.ask_contact(
            company=company,
            by=request.user,
            message=form.cleaned_data["message"],
            diagnosis=attached,
            solution=solution,
            campaign=form.cleaned_data["campaign"],
        )
        return redirect("solutions_company:contact_asked", lead=lead.pk)
    return form_page(
        request,
        "solutions/ask_contact.html",
        {"form": form, "company": company, "solution": solution, "result": result},
    )


@requires("solutions.ask_contact")
def contact_asked(request, lead):
    """Says who handles the request, and by when."""
    found = queries.find_request(request.user, lead)
    if found is None:
        return redirect("crm:my_requests")
    return render(request, "solutions/contact_asked.html", {"lead": found})


@requires("solutions.decide_join_request")
def join_requests(request):
    return render(request, "solutions/join_requests.html", {"join_requests": queries.join_requests_of(request.user)})


@requires("solutions.decide_join_request", on=JoinRequest)
@require_POST
def decide_join_request(request, joinrequest):
    form = DecideJoinRequestForm(request.POST)
    if form.is_valid():
        accept = form.cleaned_data["decision"] == "accept"
        role = form.cleaned_data["role"] or "seller"
        accounts.decide_join_request(join_request=joinrequest, accept=accept, role=role, by=request.user)
        name = {"name": joinrequest.user.full_name}
        say(request, _("%(name)s has joined your company.") % name if accept else _("%(name)s was refused.") % name)
    return redirect("solutions_company:join_requests")
