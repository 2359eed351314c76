"""The templates of shops and sheets, changed without code."""

from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.core.views import requires
from pavillon.showroom import actions
from pavillon.showroom.forms.templates import TemplateForm
from pavillon.showroom.models import TemplateVersion
from pavillon.showroom.queries import templates as kept
from pavillon.ui.htmx import form_page, is_htmx
from pavillon.ui.messages import say


def spot_or_404(kind, language, vertical):
    spot = kept.spot_of(kind, language, vertical)
    if spot is None:
        raise Http404
    return spot


@requires("showroom.view_templates")
def templates(request):
    return render(request, "showroom/templates.html", {"templates": kept.templates()})


def page_of(request, spot, form):
    context = {
        "spot": spot,
        "form": form,
        "outline": form.outline,
        "versions": kept.versions_of(spot),
        "wider": kept.wider_outline(spot),
        "beside": kept.verticals_beside(spot),
    }
    return form_page(request, "showroom/change_template.html", context)


@requires("showroom.change_template")
def change_template(request, kind, language, vertical):
    spot = spot_or_404(kind, language, vertical)
    form = TemplateForm(request.POST or None, initial=vars(kept.outline_of(spot)), spot=spot, user=request.user)
    if form.is_valid():
        actions.change_template(**spot.key, **vars(form.outline), by=request.user)
        say(request, _("The template was changed. What is begun from now on starts with it."))
        return redirect(spot.url)
    return page_of(request, spot, form)


@require_POST
@requires("showroom.change_template")
def preview_template(request, kind, language, vertical):
    """What the words in the form would give; nothing is saved."""
    spot = spot_or_404(kind, language, vertical)
    form = TemplateForm(request.POST, spot=spot, user=request.user)
    form.is_valid()
    if not is_htmx(request):
        return page_of(request, spot, form)
    return render(request, "showroom/_template_preview.html", {"spot": spot, "outline": form.outline})


@require_POST
@requires("showroom.change_template")
def restore_template(request, kind, language, vertical):
    """Take an earlier version again; version 0 is what holds without one."""
    spot, number = spot_or_404(kind, language, vertical), request.POST.get("number", "")
    try:
        actions.restore_template(**spot.key, number=int(number) if number.isdecimal() else -1, by=request.user)
    except TemplateVersion.DoesNotExist as error:
        raise Http404 from error
    say(request, _("The earlier words hold again."))
    return redirect(spot.url)
