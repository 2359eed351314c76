"""Where the lines are drawn between merged, asked and left alone."""

from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.curation import actions, queries
from pavillon.curation.forms import ThresholdsForm
from pavillon.matching.actions import NoFrozenPairs, NotBetter
from pavillon.matching.queries import live_model
from pavillon.ui.charts import Series, line
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


def _page(request, form):
    live = live_model("company").thresholds
    now = {"automatic": live.automatic, "review": live.review}
    tried = form.probabilities() if form.is_bound and form.is_valid() else now
    points = queries.curve()
    title = _("Precision and recall by threshold")
    series = [
        Series(_("Precision (%)"), [None if p.precision is None else round(p.precision * 100, 1) for p in points]),
        Series(_("Recall (%)"), [None if p.recall is None else round(p.recall * 100, 1) for p in points]),
    ]
    context = {
        "form": form,
        "now": now,
        "tried": tried,
        "published": queries.published(now["automatic"]),
        "at_tried": queries.published(tried["automatic"]),
        "chart": line(title, [f"{p.threshold:.1%}".replace(".0%", "%") for p in points], series),
        "dry_run": queries.dry_run(**tried, user=request.user),
        "versions": queries.model_versions(),
        "may_change": request.user.has_perm("curation.change_thresholds"),
    }
    return form_page(request, "curation/thresholds.html", context)


@require_GET
@requires("curation.view_thresholds")
def thresholds(request):
    """The curve, the versions, and a trial: `?automatic=97&review=40` tells what would change."""
    live = live_model("company").thresholds
    initial = {"automatic": round(live.automatic * 100, 1), "review": round(live.review * 100, 1)}
    return _page(request, ThresholdsForm(request.GET or None, initial=initial))


@requires("curation.change_thresholds")
def change_thresholds(request):
    form = ThresholdsForm(request.POST)
    if form.is_valid():
        try:
            actions.change_thresholds(**form.probabilities(), by=request.user)
            say(request, _("The new thresholds hold from the next search on."))
            return redirect("curation:thresholds")
        except (NotBetter, NoFrozenPairs, ValueError) as error:
            form.add_error(None, str(error))
    return _page(request, form)
