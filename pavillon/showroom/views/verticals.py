"""The verticals of the showroom, changed without code."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.verticals import AttributeForm, RemapForm, VerticalForm
from pavillon.showroom.queries import shelves
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


def found_or_404(slug):
    vertical = shelves.vertical(slug)
    if vertical is None:
        raise Http404
    return vertical


@requires("showroom.view_verticals")
def verticals(request):
    return render(request, "showroom/verticals.html", {"verticals": shelves.verticals_with_counts()})


@requires("showroom.change_vertical")
def create_vertical(request):
    form = VerticalForm(request.POST or None)
    if form.is_valid():
        given = form.cleaned_data
        actions.create_vertical(
            name_fr=given["name_fr"], name_en=given["name_en"], sectors=given["sectors"], by=request.user
        )
        say(request, _("The vertical can be used at once."))
        return redirect("showroom_team:verticals")
    return form_page(request, "showroom/create_vertical.html", {"form": form})


def page_of(request, vertical, **forms):
    context = {
        "vertical": vertical,
        "form": VerticalForm(instance=vertical, initial={"sectors": vertical.sectors.all()}),
        "attribute_form": AttributeForm(),
        "remap_form": RemapForm(vertical=vertical),
        "history": shelves.trail_of(vertical),
    } | forms
    return form_page(request, "showroom/change_vertical.html", context, form=next(iter(forms.values()), None))


@requires("showroom.change_vertical")
def change_vertical(request, slug):
    vertical = found_or_404(slug)
    form = VerticalForm(request.POST, instance=vertical) if request.method == "POST" else None
    if form is None or not form.is_valid():
        return page_of(request, vertical, **({"form": form} if form else {}))
    given = form.cleaned_data
    actions.change_vertical(
        vertical=vertical, name_fr=given["name_fr"], name_en=given["name_en"], sectors=given["sectors"], by=request.user
    )
    say(request, _("The vertical was changed."))
    return redirect("showroom_team:change_vertical", slug=slug)


@require_POST
@requires("showroom.change_vertical")
def close_vertical(request, slug):
    """One button: close, or open again."""
    act = actions.reopen_vertical if request.POST.get("open") == "yes" else actions.close_vertical
    act(vertical=found_or_404(slug), by=request.user)
    return redirect("showroom_team:change_vertical", slug=slug)


@require_POST
@requires("showroom.change_vertical")
def remap_products(request, slug):
    vertical = found_or_404(slug)
    form = RemapForm(request.POST, vertical=vertical)
    if not form.is_valid():
        return page_of(request, vertical, remap_form=form)
    moved = actions.remap_products(vertical=vertical, to=form.cleaned_data["to"], by=request.user)
    say(request, _("%(n)s sheets were moved.") % {"n": moved})
    return redirect("showroom_team:change_vertical", slug=slug)


@require_POST
@requires("showroom.change_vertical")
def add_attribute(request, slug):
    vertical = found_or_404(slug)
    form = AttributeForm(request.POST)
    if not form.is_valid():
        return page_of(request, vertical, attribute_form=form)
    given = form.cleaned_data
    actions.add_attribute(
        vertical=vertical, name_fr=given["name_fr"], name_en=given["name_en"], kind=given["kind"], unit=given["unit"],
        by=request.user,
    )  # fmt: skip
    return redirect("showroom_team:change_vertical", slug=slug)
