"""The officer's first page and registers."""

from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.privacy import actions, queries
from pavillon.privacy.forms import (
    BreachForm,
    ControlPointForm,
    ProcessingForm,
    ProcessorForm,
    TellAuthorityForm,
    WordsForm,
)
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor
from pavillon.ui.exports import csv_file
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("privacy.view_registers")
def overview(request):
    context = queries.figures_of_protection() | {"counts": queries.counts_of_requests()}
    return render(request, "privacy/overview.html", context)


@require_GET
@requires("privacy.view_registers")
def processings(request):
    rows = Processing.objects.visible_to(request.user)
    if request.GET.get("format") == "csv":
        return csv_file("register-of-processing", queries.processing_table(rows))
    return render(request, "privacy/processings.html", {"processings": rows})


@requires("privacy.change_registers")
def create_processing(request):
    form = ProcessingForm(request.POST or None)
    if form.is_valid():
        actions.keep_processing(by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect("privacy_team:processings")
    return form_page(request, "privacy/keep_processing.html", {"form": form})


@requires("privacy.change_registers", on=Processing)
def change_processing(request, processing):
    form = ProcessingForm(request.POST or None, instance=processing)
    if form.is_valid():
        actions.keep_processing(processing=processing, by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect("privacy_team:processings")
    return form_page(request, "privacy/keep_processing.html", {"form": form})


@require_GET
@requires("privacy.view_registers")
def processors(request):
    rows = Processor.objects.visible_to(request.user).select_related("country")
    return render(request, "privacy/processors.html", {"processors": rows})


@requires("privacy.change_registers")
def create_processor(request):
    form = ProcessorForm(request.POST or None)
    if form.is_valid():
        actions.keep_processor(by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect("privacy_team:processors")
    return form_page(request, "privacy/keep_processor.html", {"form": form})


@requires("privacy.change_registers", on=Processor)
def change_processor(request, processor):
    form = ProcessorForm(request.POST or None, instance=processor)
    if form.is_valid():
        actions.keep_processor(processor=processor, by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect("privacy_team:processors")
    return form_page(request, "privacy/keep_processor.html", {"form": form})


@require_GET
@requires("privacy.view_breaches")
def breaches(request):
    return render(request, "privacy/breaches.html", {"breaches": Breach.objects.visible_to(request.user)[:200]})


@requires("privacy.change_breach")
def declare_breach(request):
    form = BreachForm(request.POST or None, initial={"noticed_at": timezone.localtime()})
    if form.is_valid():
        return redirect(actions.declare_breach(by=request.user, **form.cleaned_data))
    return form_page(request, "privacy/declare_breach.html", {"form": form})


def _breach_context(breach, **more):
    now = timezone.localtime()
    return {"breach": breach, "authority_form": TellAuthorityForm(initial={"at": now}), "words": WordsForm(), **more}


@require_GET
@requires("privacy.view_breaches", on=Breach)
def breach(request, breach):
    return render(request, "privacy/breach.html", _breach_context(breach))


@requires("privacy.change_breach", on=Breach)
def change_breach(request, breach):
    form = BreachForm(request.POST or None, instance=breach)
    if form.is_valid():
        actions.change_breach(breach=breach, by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect(breach)
    return form_page(request, "privacy/declare_breach.html", {"form": form, "breach": breach})


@require_POST
@requires("privacy.change_breach", on=Breach)
def tell_authority(request, breach):
    form = TellAuthorityForm(request.POST)
    if form.is_valid():
        try:
            actions.tell_authority(breach=breach, by=request.user, **form.cleaned_data)
            say(request, _("The authority is told."))
            return redirect(breach)
        except actions.NotSaid as missing:
            form.add_error("late_reason", str(missing))
    return render(request, "privacy/breach.html", _breach_context(breach, authority_form=form), status=422)


@require_POST
@requires("privacy.change_breach", on=Breach)
def tell_people(request, breach):
    form = WordsForm(request.POST)
    if not form.is_valid():
        return render(request, "privacy/breach.html", _breach_context(breach, words=form), status=422)
    actions.tell_people(breach=breach, message=form.cleaned_data["words"], by=request.user)
    say(request, _("The register is up to date."))
    return redirect(breach)


@require_POST
@requires("privacy.change_breach", on=Breach)
def close_breach(request, breach):
    try:
        actions.close_breach(breach=breach, by=request.user)
        say(request, _("The breach is closed."))
    except actions.NotSaid as missing:
        return render(request, "privacy/breach.html", _breach_context(breach, conflict=str(missing)), status=409)
    return redirect(breach)


@require_GET
@requires("privacy.view_registers")
def control_points(request):
    points = queries.points_with_evidence()
    return render(request, "privacy/control_points.html", {"points": points})


@requires("privacy.change_registers", on=ControlPoint)
def change_point(request, controlpoint):
    form = ControlPointForm(request.POST or None, instance=controlpoint)
    if form.is_valid():
        actions.change_point(point=controlpoint, by=request.user, **form.cleaned_data)
        say(request, _("The register is up to date."))
        return redirect("privacy_team:control_points")
    context = {"form": form, "point": controlpoint, "evidence": queries.evidence_for(controlpoint)}
    return form_page(request, "privacy/change_point.html", context)
