"""Programmes: the list, the sheet of one with its report, its deeds."""

from django.core.exceptions import ValidationError
from django.db.models import Count, Q
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.campaigns.permissions import plans_for_all
from pavillon.core.views import requires
from pavillon.loyalty import actions
from pavillon.loyalty.forms import PeriodForm, ProgrammeFilter, ProgrammeForm
from pavillon.loyalty.models import Programme
from pavillon.loyalty.queries.repeats import SMALL, repeats_of
from pavillon.segments.models import Segment
from pavillon.ui import exports
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

SORTS = {"name": ["name"], "newest": ["-starts_on"], "companies": ["present"], "discount": ["discount"]}
COLUMNS = [
    Column(gettext_lazy("Name"), lambda one: one.name),
    Column(gettext_lazy("Who decides"), lambda one: str(one.organisation)),
    Column(gettext_lazy("Services delivered, at least"), lambda one: one.min_services),
    Column(gettext_lazy("Within the last (months)"), lambda one: one.within_months),
    Column(gettext_lazy("Discount (%)"), lambda one: one.discount),
    Column(pgettext_lazy("day", "From"), lambda one: one.starts_on),
    Column(pgettext_lazy("day", "To"), lambda one: one.ends_on),
    Column(gettext_lazy("Companies in it"), lambda one: one.present),
]
DEEDS = ("change_programme", "close_programme", "reopen_programme", "enrol_segment")


@require_GET
@requires("loyalty.view_programmes")
def programmes(request):
    """With the companies that are in each, counted in one statement."""
    seen = Programme.objects.visible_to(request.user).select_related("organisation")
    return list_page(
        request,
        seen.annotate(present=Count("enrolments", filter=Q(enrolments__left_at__isnull=True))),
        template="loyalty/programmes.html",
        rows="loyalty/_programme_rows.html",
        sorts=SORTS,
        sort="name",
        filters=ProgrammeFilter,
        columns=COLUMNS,
        export_permission="loyalty.export_enrolments",
        context={"may_create": request.user.has_perm("loyalty.create_programme")},
    )


@require_GET
@requires("loyalty.view_programme", on=Programme)
def view_programme(request, programme):
    """Its rule and its benefit, and whether companies come back more often with it than without."""
    form, since, until = PeriodForm.read(request.GET, programme)
    repeats = repeats_of(programme, request.user, since, until)
    may_export = request.user.has_perm("loyalty.export_enrolments")
    if may_export and request.GET.get("format") in exports.FORMATS:
        return _file(request.GET["format"], programme, repeats)
    context = {
        "programme": programme,
        "is_segment_seen": Segment.objects.visible_to(request.user).filter(pk=programme.segment_id).exists(),
        "services": programme.services.all(),
        "present": programme.enrolments.present().count(),
        "form": form,
        "repeats": repeats,
        "small": SMALL,
        "formats": [(name, f"?format={key}&since={since}&until={until}") for key, name in exports.FORMATS.items()],
        "may_export": may_export,
        "may": {deed: request.user.has_perm(f"loyalty.{deed}", programme) for deed in DEEDS},
    }
    return render(request, "loyalty/view_programme.html", context)


def _file(kind, programme, repeats):
    """The report as a table: figures of groups, of no company by name."""
    head = [
        _("Programme"), _("Group"), pgettext_lazy("day", "From"), pgettext_lazy("day", "To"), _("Companies"),
        _("With an order"), _("With two or more"), _("Repeat rate (%)"), _("At least (%)"), _("At most (%)"),
    ]  # fmt: skip
    rows = [
        [programme.name, one.label, one.since, one.until, one.companies, one.once, one.again, one.rate,
         *(one.bounds or (None, None))]
        for one in repeats.groups
    ]  # fmt: skip
    write = exports.xlsx if kind == "xlsx" else exports.csv_file
    return write("repeat-rate", [[str(cell) for cell in head], *rows])


def _own(request):
    """The organisation that a planner decides for, None for who decides for all."""
    return None if plans_for_all(request.user) else request.user.organisation


@requires("loyalty.create_programme")
def create_programme(request):
    initial = {"organisation": request.user.organisation}
    form = ProgrammeForm(request.POST or None, user=request.user, own=_own(request), initial=initial)
    if form.is_valid():
        try:
            programme = actions.create_programme(by=request.user, **form.cleaned_data)
            say(request, _("The programme is decided: now enrol its segment."))
            return redirect(programme)
        except actions.ProgrammeNamed as error:
            form.add_error("name", ValidationError(str(error)))
    return form_page(request, "loyalty/create_programme.html", {"form": form})


@requires("loyalty.change_programme", on=Programme)
def change_programme(request, programme):
    form = ProgrammeForm(request.POST or None, user=request.user, own=_own(request), instance=programme)
    if form.is_valid():
        try:
            actions.change_programme(programme=programme, by=request.user, **form.cleaned_data)
            say(request, _("The programme is changed; discounts that were given stay."))
            return redirect(programme)
        except actions.ProgrammeNamed as error:
            form.add_error("name", ValidationError(str(error)))
    # The form has written into the row what was typed: the page tells what stands.
    stored = Programme.objects.visible_to(request.user).get(pk=programme.pk)
    return form_page(request, "loyalty/create_programme.html", {"form": form, "programme": stored})


@require_POST
@requires("loyalty.close_programme", on=Programme)
def close_programme(request, programme):
    actions.close_programme(programme=programme, by=request.user)
    say(request, _("The programme is closed: it gives nothing more."))
    return redirect(programme)


@require_POST
@requires("loyalty.reopen_programme", on=Programme)
def reopen_programme(request, programme):
    actions.reopen_programme(programme=programme, by=request.user)
    say(request, _("The programme gives its benefit again, within its days."))
    return redirect(programme)
