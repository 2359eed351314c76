"""The catalogue, open to everybody, and the desk where offers are proposed and approved."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import public, requires
from pavillon.crm.actions import note_site_visit
from pavillon.metrics.actions import count
from pavillon.solutions.actions import catalogue as actions
from pavillon.solutions.enums import Need
from pavillon.solutions.forms.catalogue import ProposeSolutionForm, RefuseSolutionForm, SolutionFilterForm
from pavillon.solutions.models import Solution
from pavillon.solutions.queries import catalogue as queries
from pavillon.solutions.queries.sites import region_of
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

VERBS = ("approve", "propose", "withdraw")


@public
def catalogue(request):
    form = SolutionFilterForm(request.GET, values=queries.filter_values())
    found = list(queries.search_solutions(**form.criteria())[:60])
    region = region_of(request)
    context = {"form": form, "solutions": found, "needs": Need.choices, "region": region}
    return render(request, "solutions/catalogue.html", context)


@public
def read_solution(request, slug):
    solution = queries.find_solution(slug)
    if solution is None:
        raise Http404
    region = region_of(request)
    count(
        "solutions.solution_viewed",
        subject_type="solution",
        subject_id=solution.pk,
        region_id=getattr(region, "pk", ""),
    )
    note_site_visit(by=request.user, what="solutions")
    return render(request, "solutions/read_solution.html", {"solution": solution, "region": region})


@public
def providers(request):
    context = {"providers": queries.providers_with_counts(), "region": region_of(request)}
    return render(request, "solutions/providers.html", context)


@requires("solutions.list_proposals")
def proposals(request):
    rows = list(queries.proposals_for(request.user)[:200])
    return render(request, "solutions/proposals.html", {"solutions": rows})


@requires("solutions.propose_solution")
def propose_solution(request):
    form = ProposeSolutionForm(request.POST or None, user=request.user)
    if form.is_valid():
        return hand_in(request, form)
    return form_page(request, "solutions/propose_solution.html", {"form": form})


@requires("solutions.propose_solution", on=Solution)
def change_solution(request, solution):
    form = ProposeSolutionForm(request.POST or None, user=request.user, instance=solution)
    if form.is_valid():
        return hand_in(request, form, solution)
    return form_page(request, "solutions/propose_solution.html", {"form": form, "solution": solution})


def hand_in(request, form, solution=None):
    known = form.cleaned_data
    solution = actions.propose_solution(
        by=request.user,
        provider=known["provider"],
        texts=form.texts(),
        need=known["need"],
        stages=known["stages"],
        lines=known["lines"],
        cost=known["cost"],
        solution=solution,
    )
    published = _("“%(title)s” is published.") if solution.is_published else _("“%(title)s” waits for approval.")
    say(request, published % {"title": solution.title})
    return redirect("solutions_team:proposals")


@requires("solutions.list_proposals", on=Solution)
def proposal(request, solution):
    """An offer as it would be published, with what can be done about it."""
    return render(request, "solutions/proposal.html", proposal_page(request, solution, RefuseSolutionForm()))


def proposal_page(request, solution, form):
    may = {f"may_{verb}": request.user.has_perm(f"solutions.{verb}_solution", solution) for verb in VERBS}
    return {"solution": solution, "form": form, **may}


@requires("solutions.approve_solution", on=Solution)
@require_POST
def approve_solution(request, solution):
    actions.approve_solution(solution=solution, by=request.user)
    say(request, _("“%(title)s” is published.") % {"title": solution.title})
    return redirect("solutions_team:proposals")


@requires("solutions.approve_solution", on=Solution)
@require_POST
def refuse_solution(request, solution):
    form = RefuseSolutionForm(request.POST)
    if not form.is_valid():
        return form_page(request, "solutions/proposal.html", proposal_page(request, solution, form))
    actions.refuse_solution(solution=solution, reason=form.cleaned_data["reason"], by=request.user)
    say(request, _("“%(title)s” was sent back.") % {"title": solution.title})
    return redirect("solutions_team:proposals")


@requires("solutions.withdraw_solution", on=Solution)
@require_POST
def withdraw_solution(request, solution):
    actions.withdraw_solution(solution=solution, by=request.user)
    say(request, _("“%(title)s” was withdrawn.") % {"title": solution.title})
    return redirect("solutions_team:proposals")
