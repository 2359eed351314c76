"""The queue of likely duplicates: list, one pair, decisions."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.curation import actions, queries
from pavillon.curation.enums import Verdict
from pavillon.curation.forms import DecisionForm, DuplicateFilter
from pavillon.curation.models import Decision, DuplicatePair
from pavillon.directory.actions import AlreadyMerged, CannotUndo, TwoAccounts, TwoSirens
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

REFUSALS = (actions.AlreadyDecided, actions.OpinionGiven, AlreadyMerged, TwoAccounts, TwoSirens)


@require_GET
@requires("curation.view_duplicates")
def duplicates(request):
    user = request.user
    pairs = DuplicatePair.objects.visible_to(user).select_related("left__commune", "right__commune")
    return list_page(
        request,
        pairs if request.GET.get("state") else pairs.open(),
        template="curation/duplicates.html",
        rows="curation/_duplicate_rows.html",
        filters=DuplicateFilter,
        sorts={"priority": ["-priority", "pk"], "score": ["-probability", "pk"], "newest": ["-found_at", "pk"]},
        sort="priority",
        context={
            "may_batch": user.has_perm("curation.view_batches"),
            **queries.overview_of(user),
            "mine": queries.last_decisions(user),
        },
    )


@require_GET
@requires("curation.view_duplicates")
def next_pair(request):
    """The pair that matters most now."""
    pair = queries.next_pair(request.user)
    return redirect(pair) if pair else redirect("curation:duplicates")


@require_GET
@requires("curation.review_pair", on=DuplicatePair)
def review_pair(request, duplicatepair):
    """Two records side by side, the score field by field, and four answers."""
    return _pair_page(request, duplicatepair)


def _pair_page(request, pair, refusal="", status=200):
    user = request.user
    probability, bars = queries.waterfall(pair)
    mine = next(iter(queries.last_decisions(user, most=1)), None)
    following = queries.next_pair(user, besides=pair)
    context = {
        "pair": pair,
        "lines": queries.side_by_side(pair, user),
        "bars": bars,
        "probability": probability,
        "verdicts": [(Verdict.MERGE, "m"), (Verdict.DISTINCT, "d"), (Verdict.GROUP, "g"), (Verdict.UNSURE, "u")],
        "following": following,
        "last": mine,
        "opinions": pair.decisions.standing().count(),
        "refusal": refusal,
        "waiting": DuplicatePair.objects.visible_to(user).for_reviewer(user).count(),
    }
    return render(request, "curation/review_pair.html", context, status=status)


@require_POST
@requires("curation.decide_pair", on=DuplicatePair)
def decide_pair(request, duplicatepair):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _pair_page(request, duplicatepair, _("Choose one of the four answers."), status=422)
    try:
        verdict = Verdict(form.cleaned_data["verdict"])
        decision = actions.decide_pair(pair=duplicatepair, verdict=verdict, by=request.user)
    except REFUSALS as error:
        return _pair_page(request, duplicatepair, str(error), status=409)
    say(request, f"{duplicatepair}: {decision.get_verdict_display()}")
    following = queries.next_pair(request.user, besides=duplicatepair)
    return redirect(following) if following else redirect("curation:duplicates")


@require_POST
@requires("curation.undo_decision", on=Decision)
def undo_decision(request, decision):
    try:
        pair = actions.undo_decision(decision=decision, by=request.user)
    except (actions.AlreadyDecided, CannotUndo) as error:
        return _pair_page(request, decision.pair, str(error), status=409)
    say(request, _("%(pair)s waits again.") % {"pair": pair})
    return redirect(pair)
