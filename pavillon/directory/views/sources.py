"""The sources of the base."""

from django.shortcuts import redirect
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from pavillon.core.views import requires
from pavillon.directory import actions
from pavillon.directory.forms.curating import SourceForm
from pavillon.directory.models import Source
from pavillon.directory.precedence import STALE_DAYS
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say


@require_GET
@requires("directory.view_sources")
def sources(request):
    """Who gives values to the base, the most trusted first, and the rules of precedence in words."""
    return list_page(
        request,
        Source.objects.visible_to(request.user).select_related("organisation"),
        template="directory/sources.html",
        rows="directory/_source_rows.html",
        sorts={"trust": ["-trust", "name"], "name": ["name"]},
        sort="trust",
        context={"stale_days": STALE_DAYS, "may_change": request.user.has_perm("directory.change_source")},
    )


@requires("directory.create_source")
def create_source(request):
    form = SourceForm(request.POST or None, user=request.user)
    if form.is_valid():
        known = {name: value for name, value in form.known_values().items() if name != "is_active"}
        code = _free_code(request.user, known["name"])
        actions.create_source(code=code, by=request.user, **known)
        say(request, _("The source was added."))
        return redirect("directory:sources")
    return form_page(request, "directory/create_source.html", {"form": form})


def _free_code(user, name):
    """A code from the name that no source has."""
    plain = slugify(name)[:40] or "source"
    taken = set(Source.objects.visible_to(user).filter(code__startswith=plain).values_list("code", flat=True))
    return next(code for code in (plain, *(f"{plain}-{n}" for n in range(2, 1000))) if code not in taken)


@requires("directory.change_source", on=Source)
def change_source(request, source):
    form = SourceForm(request.POST or None, user=request.user, row=source)
    if form.is_valid():
        actions.change_source(source=source, by=request.user, **form.known_values())
        say(request, _("Saved."))
        return redirect("directory:sources")
    return form_page(request, "directory/change_source.html", {"form": form, "source": source})
