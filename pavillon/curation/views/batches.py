"""Batches of merges: rehearse, run, undo."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.curation import actions
from pavillon.curation.enums import BatchState, LineState
from pavillon.curation.forms import RehearseBatchForm
from pavillon.curation.models import MergeBatch
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("curation.view_batches")
def batches(request):
    found = MergeBatch.objects.visible_to(request.user).select_related("made_by")[:50]
    return render(request, "curation/batches.html", {"batches": list(found)})


@requires("curation.run_batch")
def rehearse_batch(request):
    form = RehearseBatchForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        asked = form.cleaned_data
        batch = actions.rehearse_batch(
            title=asked["title"], least=float(asked["least"]) / 100, most=asked["most"], by=request.user
        )
        return redirect(batch)
    return form_page(request, "curation/rehearse_batch.html", {"form": form})


@require_GET
@requires("curation.view_batches", on=MergeBatch)
def merge_batch(request, mergebatch):
    """What each merge would do, or did."""
    lines = list(mergebatch.lines.select_related("kept__commune", "removed__commune", "event"))
    done = sum(line.state in (LineState.MERGED, LineState.REFUSED) for line in lines)
    context = {
        "batch": mergebatch,
        "lines": lines,
        "done": done,
        "ready": sum(line.state == LineState.READY for line in lines),
        "moves": sum(line.moves for line in lines),
        "may_run": mergebatch.state == BatchState.REHEARSED and request.user.has_perm("curation.run_batch", mergebatch),
        "may_undo": mergebatch.state == BatchState.DONE and request.user.has_perm("curation.run_batch", mergebatch),
    }
    return render(request, "curation/merge_batch.html", context)


@require_POST
@requires("curation.run_batch", on=MergeBatch)
def run_batch(request, mergebatch):
    batch = actions.run_batch(batch=mergebatch, by=request.user)
    say(request, _("The merges are under way."))
    return redirect(batch)


@require_POST
@requires("curation.run_batch", on=MergeBatch)
def undo_batch(request, mergebatch):
    batch = actions.undo_batch(batch=mergebatch, by=request.user)
    say(request, _("The batch is undone."))
    return redirect(batch)
