"""Two records of one company: choose, look at both, merge."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.companies import ChooseOtherForm
from pavillon.directory.models import Company
from pavillon.directory.queries import candidates, compare_companies, what_moves
from pavillon.ui.messages import say

PROPOSED = 10


@requires("directory.merge_companies", on=Company)
def choose_duplicate(request, company):
    """Which other record is the same company: the likely ones, or a search."""
    others = Company.objects.visible_to(request.user).standing().exclude(pk=company.pk)
    form = ChooseOtherForm(request.GET or None)
    text = request.GET.get("q", "").strip()
    found = list(others.matching(text).with_facts().order_by("name")[:PROPOSED]) if text else []
    if text.isdecimal() and len(text) < 9:
        found = [*others.filter(pk=int(text)).with_facts(), *found]
    likely = [] if text else candidates(**_described(company))
    context = {"company": company, "form": form, "found": found, "likely": likely, "text": text}
    return render(request, "directory/choose_duplicate.html", context)


def _described(company):
    return {
        "name": company.name,
        "commune": company.commune,
        "website": company.website,
        "besides": company,
        "limit": PROPOSED,
    }


@requires("directory.merge_companies", on=Company)
def merge_companies(request, company, other):
    """Both records side by side, what moves, and the button."""
    standing = Company.objects.visible_to(request.user).standing().with_facts()
    removed = get_object_or_404(standing.exclude(pk=company.pk), pk=other)
    refusal = ""
    if request.method == "POST":
        try:
            actions.merge_companies(kept=company, removed=removed, by=request.user)
        except (actions.AlreadyMerged, actions.TwoSirens, actions.TwoAccounts) as error:
            refusal = str(error)
        else:
            say(request, _("%(name)s was merged into this company.") % {"name": removed.name})
            return redirect(company)
    context = {
        "company": company,
        "removed": removed,
        "lines": compare_companies(company, removed, request.user),
        "moves": what_moves(removed),
        "refusal": refusal or actions.why_not_merged(company, removed),
    }
    return render(request, "directory/merge_companies.html", context, status=409 if refusal else 200)
