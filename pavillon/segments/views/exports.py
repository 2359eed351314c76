"""Files that leave the base."""

from django.http import FileResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.segments import actions
from pavillon.segments.forms import ExportForm, ExportLimitForm, ReasonForm
from pavillon.segments.models import ExportFile, ExportLimit
from pavillon.segments.queries import SUBJECTS, limit_in_force, rows_this_hour
from pavillon.segments.queries.content import listing_of_query, rows_of, sentence_of_file
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say


@requires("segments.export_list")
def export_list(request, subject):
    """Format and layout, how many rows would leave, and what the limits say of it."""
    if subject not in SUBJECTS:
        return redirect("directory:companies")
    query = request.POST.get("query", request.GET.urlencode())
    listing = listing_of_query(subject, query, request.user)
    form = ExportForm(request.POST or None, subject=subject, user=request.user, initial=request.GET.dict())
    if form.is_valid():
        said = form.cleaned_data | {"part": form.cleaned_data.get("part", "")}
        rows = rows_of(listing, said["part"], request.user).count()
        export = actions.export_list(
            subject=subject, query=query, sentence=sentence_of_file(listing, said["part"], request.user), rows=rows,
            language=get_language() or "fr", by=request.user, **said,
        )  # fmt: skip
        return redirect(export)
    rows = rows_of(listing, "", request.user).count()
    limit = limit_in_force()
    context = {"form": form, "listing": listing, "rows": rows, "query": query, "subject": subject, "limit": limit}
    context["left"] = max(0, limit.hourly_rows - rows_this_hour(request.user))
    context["is_above"] = rows > min(limit.approval_rows, context["left"])
    return form_page(request, "segments/export_list.html", context)


@require_GET
@requires("segments.view_exports")
def exports(request):
    files = ExportFile.objects.visible_to(request.user).select_related("author", "decided_by")[:100]
    may_decide = request.user.has_perm("segments.approve_export")
    return render(request, "segments/exports.html", {"files": files, "may_decide": may_decide})


@require_GET
@requires("segments.view_exports", on=ExportFile)
def export(request, exportfile):
    """How far a file is; the piece refreshes itself while it is being written."""
    user = request.user
    context = {"file": exportfile, "form": ReasonForm(), "is_mine": exportfile.author_id == user.pk}
    context["may_decide"] = user.has_perm("segments.approve_export", exportfile)
    return fragment(request, "segments/export.html", "segments/_export.html", context)


@require_GET
@requires("segments.download_export", on=ExportFile, how="document")
def download_export(request, exportfile):
    try:
        actions.note_download(export=exportfile, by=request.user)
    except actions.NotInState as error:
        say(request, str(error))
        return redirect(exportfile)
    what = exportfile.part or exportfile.subject
    name = f"{what}-{exportfile.created_at:%Y-%m-%d}-{exportfile.watermark}.{exportfile.format}"
    return FileResponse(exportfile.opened(), as_attachment=True, filename=name)


def _decided(request, export, act, done):
    """One of the acts that need a reason."""
    form = ReasonForm(request.POST)
    if not form.is_valid():
        context = {"file": export, "form": form, "is_mine": export.author_id == request.user.pk}
        context["may_decide"] = request.user.has_perm("segments.approve_export", export)
        return form_page(request, "segments/export.html", context)
    try:
        act(export=export, reason=form.cleaned_data["reason"], by=request.user)
        say(request, done)
    except actions.NotInState as error:
        say(request, str(error))
    return redirect(export)


@require_POST
@requires("segments.request_approval", on=ExportFile)
def request_approval(request, exportfile):
    return _decided(request, exportfile, actions.request_approval, _("Security was asked."))


@require_POST
@requires("segments.approve_export", on=ExportFile)
def approve_export(request, exportfile):
    return _decided(request, exportfile, actions.approve_export, _("The export is approved."))


@require_POST
@requires("segments.refuse_export", on=ExportFile)
def refuse_export(request, exportfile):
    return _decided(request, exportfile, actions.refuse_export, _("The export is refused."))


@require_POST
@requires("segments.cancel_export", on=ExportFile)
def cancel_export(request, exportfile):
    try:
        actions.cancel_export(export=exportfile, by=request.user)
        say(request, _("The export is cancelled."))
    except actions.NotInState as error:
        say(request, str(error))
    return redirect("segments:exports")


@requires("segments.change_export_limit")
def change_export_limit(request):
    limit = limit_in_force()
    form = ExportLimitForm(
        request.POST or None, initial={"hourly_rows": limit.hourly_rows, "approval_rows": limit.approval_rows}
    )
    if form.is_valid():
        data = form.cleaned_data
        actions.change_export_limit(
            hourly_rows=data["hourly_rows"], approval_rows=data["approval_rows"], reason=data["reason"], by=request.user
        )
        say(request, _("The limits are changed."))
        return redirect("segments:exports")
    history = ExportLimit.objects.visible_to(request.user).select_related("decided_by")[:20]
    return form_page(request, "segments/change_export_limit.html", {"form": form, "limit": limit, "history": history})
