"""The desk, the search, the palette, one's own views."""

from typing import Any

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say
from pavillon.workspace import actions
from pavillon.workspace.forms import ChangeViewForm, SaveViewForm
from pavillon.workspace.models import SavedView
from pavillon.workspace.queries import desk_of, find, recent_records, suggestions


@require_GET
@requires("workspace.view_desk")
def desk(request):
    """The whole page, or its waiting blocks alone when a request moves."""
    context: dict[str, Any] = {"desk": desk_of(request.user)}
    if "HX-Request" not in request.headers:
        context["recent"] = recent_records(request.user)
    return fragment(request, "workspace/desk.html", "workspace/_desk_waiting.html", context)


@require_GET
@requires("workspace.search")
def search(request):
    text = request.GET.get("q", "").strip()
    groups = find(text, request.user, per_group=20) if text else []
    return render(request, "workspace/search.html", {"text": text, "groups": groups})


@require_GET
@requires("workspace.search")
def palette(request):
    """The answers of the palette; without script its opener is a link to the search page."""
    text = request.GET.get("q", "").strip()
    groups = find(text, request.user) if text else suggestions(request.user)
    return render(request, "workspace/_palette.html", {"text": text, "groups": groups})


@require_GET
@requires("workspace.save_view")
def saved_views(request):
    return render(request, "workspace/saved_views.html", {"views": SavedView.objects.visible_to(request.user)})


@requires("workspace.save_view")
def save_view(request):
    form = SaveViewForm(request.POST or None, initial={"url": request.GET.get("url", ""), "is_pinned": True})
    if form.is_valid():
        data = form.cleaned_data
        try:
            view = actions.save_view(name=data["name"], url=data["url"], is_pinned=data["is_pinned"], by=request.user)
            say(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return redirect(view)
        except actions.NameTaken as error:
            form.add_error("name", ValidationError(str(error)))
    return form_page(request, "workspace/save_view.html", {"form": form})


@requires("workspace.change_view", on=SavedView)
def change_view(request, savedview):
    form = ChangeViewForm(request.POST or None, instance=savedview)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_view(view=savedview, name=data["name"], is_pinned=data["is_pinned"], by=request.user)
            say(request, _("The view “%(name)s” is saved.") % {"name": data["name"]})
            return redirect("workspace:saved_views")
        except actions.NameTaken as error:
            form.add_error("name", ValidationError(str(error)))
    return form_page(request, "workspace/change_view.html", {"form": form, "view": savedview})


@require_POST
@requires("workspace.delete_view", on=SavedView)
def delete_view(request, savedview):
    actions.delete_view(view=savedview, by=request.user)
    say(request, _("The view “%(name)s” was deleted.") % {"name": savedview.name})
    return redirect("workspace:saved_views")
