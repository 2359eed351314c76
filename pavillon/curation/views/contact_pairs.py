"""The queue of people who may stand twice in the base: list, one pair, decisions."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.curation import actions, queries
from pavillon.curation.enums import ContactVerdict
from pavillon.curation.forms import ContactDecisionForm, ContactPairFilter
from pavillon.curation.models import ContactPair
from pavillon.directory.actions import AlreadyMerged, CannotUndo, TwoAccounts
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

REFUSALS = (actions.AlreadyDecided, AlreadyMerged, TwoAccounts)


@require_GET
@requires("curation.view_duplicates")
def contact_pairs(request):
    pairs = ContactPair.objects.visible_to(request.user).select_related("left__company", "right__company")
    return list_page(
        request,
        pairs if request.GET.get("state") else pairs.open(),
        template="curation/contact_pairs.html",
        rows="curation/_contact_pair_rows.html",
        filters=ContactPairFilter,
        sorts={"score": ["-probability", "pk"], "newest": ["-found_at", "pk"]},
        sort="score",
        context={
            "following": queries.next_contact_pair(request.user),
            "last": queries.last_contact_decision(request.user),
        },
    )


@require_GET
@requires("curation.review_contact_pair", on=ContactPair)
def review_contact_pair(request, contactpair):
    """Two people side by side, the score field by field, and three answers."""
    return _pair_page(request, contactpair)


def _pair_page(request, pair, refusal="", status=200):
    user = request.user
    probability, bars = queries.contact_waterfall(pair)
    context = {
        "pair": pair,
        "lines": queries.people_side_by_side(pair, user),
        "bars": bars,
        "probability": probability,
        "verdicts": [(ContactVerdict.MERGE, "m"), (ContactVerdict.DISTINCT, "d"), (ContactVerdict.UNSURE, "u")],
        "following": queries.next_contact_pair(user, besides=pair),
        "last": queries.last_contact_decision(user),
        "refusal": refusal,
        "waiting": ContactPair.objects.visible_to(user).open().count(),
    }
    return render(request, "curation/review_contact_pair.html", context, status=status)


@require_POST
@requires("curation.decide_contact_pair", on=ContactPair)
def decide_contact_pair(request, contactpair):
    form = ContactDecisionForm(request.POST)
    if not form.is_valid():
        return _pair_page(request, contactpair, _("Choose one of the answers."), status=422)
    try:
        verdict = ContactVerdict(form.cleaned_data["verdict"])
        actions.decide_contact_pair(pair=contactpair, verdict=verdict, by=request.user)
    except REFUSALS as error:
        return _pair_page(request, contactpair, str(error), status=409)
    say(request, f"{contactpair}: {verdict.label}")
    following = queries.next_contact_pair(request.user, besides=contactpair)
    return redirect(following) if following else redirect("curation:contact_pairs")


@require_POST
@requires("curation.undo_contact_decision", on=ContactPair)
def undo_contact_decision(request, contactpair):
    try:
        pair = actions.undo_contact_decision(pair=contactpair, by=request.user)
    except (actions.AlreadyDecided, CannotUndo) as error:
        return _pair_page(request, contactpair, str(error), status=409)
    say(request, _("%(pair)s waits again.") % {"pair": pair})
    return redirect(pair)
