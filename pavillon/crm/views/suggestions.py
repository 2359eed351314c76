"""What to do next and why: a page, a panel of the desk, a panel of a company."""

from django.shortcuts import redirect, render
from django.utils.html import format_html_join
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.enums import DismissalReason, SuggestionRule
from pavillon.crm.models import Lead, Suggestion
from pavillon.crm.queries.suggestions import open_suggestions, suggestions_of, worth_of_rules
from pavillon.directory.models import Company
from pavillon.ui.htmx import fragment
from pavillon.ui.messages import say

# On the desk.
FIRST = 4


def _reasons():
    """The choices of "why not", drawn once for all lines."""
    return format_html_join("", '<option value="{}">{}</option>', DismissalReason.choices)


@require_GET
@requires("crm.view_suggestions")
def suggestions(request):
    """All that is suggested to me, or to my team; what each rule was worth."""
    whose = "team" if request.GET.get("whose") == "team" else "mine"
    rule = request.GET.get("rule", "")
    found = open_suggestions(request.user, whose=whose, rule=rule)
    note_read(request.user, Company, how="list", rows=len(found), ids=[line.suggestion.company_id for line in found])
    context = {"lines": found, "whose": whose, "rule": rule, "rules": SuggestionRule.choices}
    context |= {"worth": worth_of_rules(request.user), "reasons": _reasons()}
    return render(request, "crm/suggestions.html", context)


@require_GET
@requires("crm.view_suggestions", how="panel")
def desk_suggestions(request):
    context = {
        "lines": open_suggestions(request.user, limit=FIRST),
        "reasons": _reasons(),
        "is_desk": True,
    }
    return fragment(request, "crm/suggestion_lines.html", "crm/_suggestions.html", context)


@require_GET
@requires("crm.view_suggestions", on=Company, how="panel")
def company_suggestions(request, company):
    context = {"lines": suggestions_of(company, request.user), "reasons": _reasons(), "company": company}
    return fragment(request, "crm/suggestion_lines.html", "crm/_suggestions.html", context)


@require_POST
@requires("crm.follow_suggestion", on=Suggestion)
def follow_suggestion(request, suggestion):
    """A visitor becomes a request, whose page opens; anything else a task of mine."""
    try:
        made = actions.follow_suggestion(suggestion=suggestion, by=request.user)
    except actions.AlreadyDecided as error:
        say(request, str(error))
        return redirect("crm:suggestions")
    if isinstance(made, Lead):
        say(request, _("The request %(reference)s is made.") % {"reference": made.reference})
        return redirect(made if request.user.has_perm("crm.view_lead", made) else "crm:suggestions")
    say(request, _("It is among your tasks, to be done within a week."))
    return redirect(suggestion.company)


@require_POST
@requires("crm.dismiss_suggestion", on=Suggestion)
def dismiss_suggestion(request, suggestion):
    reason = request.POST.get("reason", "")
    try:
        if reason not in DismissalReason.values:
            say(request, _("Say why: it teaches which rules are worth their place."))
        else:
            actions.dismiss_suggestion(suggestion=suggestion, reason=reason, by=request.user)
            say(request, _("Set aside: it does not come back for three months."))
    except actions.AlreadyDecided as error:
        say(request, str(error))
    return redirect("crm:suggestions")
