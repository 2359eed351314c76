"""The desk, the search, the palette, saved views."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment
from pavillon.ui.messages import say
from pavillon.workspace import actions
from pavillon.workspace.forms import ChangeViewForm, SaveViewForm
from pavillon.workspace.models import SavedView
from pavillon.workspace.queries import (
    desk_of,
    find,
    hint_for,
    is_empty_search,
    opens_first,
    recent_records,
    suggestions,
    views_of,
)


@require_GET
@requires("workspace.view_desk")
def desk(request):
    """The whole page, or its waiting blocks alone when a request moves."""
    context: dict[str, Any] = {"desk": desk_of(request.user)}
    if "HTTP_HX_REQUEST" not in request.META:
        context["recent"] = recent_records(request.user)
    return fragment(request, "workspace/desk.html", "workspace/_desk_waiting.html", context)


@require_GET
@requires("workspace.search")
def search(request):
    text = request.GET.get("q", "").strip()
    groups = find(text, request.user, per_group=20) if text else []
    return render(request, "workspace/search.html", {"text": text, "groups": groups, "hint": hint_for(text)})


@require_GET
@requires("workspace.search")
def palette(request):
    """The answers of the palette; without script its opener is a link to the search page."""
    text = request.GET.get("q", "").strip()
    groups = find(text, request.user) if text else suggestions(request.user)
    hint = hint_for(text) if is_empty_search(text) else ""
    return render(request, "workspace/_palette.html", {"text": text, "groups": groups, "hint": hint})


@require_GET
@requires("workspace.save_view")
def saved_views(request):
    lines = [
        (view, request.user.has_perm("workspace.change_view", view), opens_first(view.url))
        for view in views_of(request.user)
    ]
    return render(request, "workspace/saved_views.html", {"lines": lines})


@requires("workspace.save_view")
def save_view(request):
    form = SaveViewForm(request.POST or None, initial={"url": request.GET.get("url", ""), "is_pinned": True})
    if form.is_valid():
        try:
            view = actions.save_view(by=request.user, **form.cleaned_data)
            say(request, _("The view “%(name)s” is saved.") % {"name": view.name})
            return redirect(view)
        except actions.NameTaken as error:
            form.add_error("name", ValidationError(str(error)))
    return form_page(request, "workspace/save_view.html", {"form": form})


@requires("workspace.change_view", on=SavedView)
def change_view(request, savedview):
    use = views_of(request.user).get(pk=savedview.pk)
    own = {"is_pinned": use.is_pinned, "is_default": use.is_default}
    form = ChangeViewForm(request.POST or None, instance=savedview, initial=own)
    if form.is_valid():
        data = form.cleaned_data
        try:
            actions.change_view(view=savedview, name=data["name"], sharing=data["sharing"], by=request.user)
            actions.use_view(view=savedview, by=request.user, **{name: data.get(name) for name in own})
            say(request, _("The view “%(name)s” is saved.") % {"name": data["name"]})
            return redirect("workspace:saved_views")
        except actions.NameTaken as error:
            form.add_error("name", ValidationError(str(error)))
    return form_page(request, "workspace/change_view.html", {"form": form, "view": savedview})


@require_POST
@requires("workspace.use_view", on=SavedView)
def use_view(request, savedview):
    """Pin it, or let it stand for its list: `is_pinned` or `is_default`, 1 or 0."""
    said = {name: request.POST[name] == "1" for name in ("is_pinned", "is_default") if name in request.POST}
    if said.get("is_default") and not opens_first(savedview.url):
        raise Http404
    actions.use_view(view=savedview, by=request.user, **said)
    return redirect("workspace:saved_views")


@require_POST
@requires("workspace.delete_view", on=SavedView)
def delete_view(request, savedview):
    actions.delete_view(view=savedview, by=request.user)
    say(request, _("The view “%(name)s” was deleted.") % {"name": savedview.name})
    return redirect("workspace:saved_views")
