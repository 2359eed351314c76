"""The clock, interruptions and the diagnosis of time."""

import datetime

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.agenda import actions
from pavillon.agenda.forms.templates import EndInterruptionForm, LogInterruptionForm, PeriodForm
from pavillon.agenda.models import Entry
from pavillon.agenda.queries.calendar import read_day
from pavillon.agenda.queries.diagnosis import clock_of, diagnosis_of
from pavillon.agenda.queries.sheets import sheet_of
from pavillon.core.views import requires
from pavillon.ui.exports import csv_file, xlsx
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say

# A year and a day: beyond, the report is asked for in parts.
LONGEST = datetime.timedelta(days=366)


def _back(request):
    return redirect("accounts:home" if request.POST.get("from") == "desk" else "agenda:clock")


@require_GET
@requires("agenda.stop_work")
def clock(request):
    """What runs, and the two presses of an interruption: a page for the phone, and for who has no script."""
    span, interruption = clock_of(request.user)
    context = {"span": span, "interruption": interruption, "form": LogInterruptionForm()}
    return render(request, "agenda/clock.html", context)


@require_POST
@requires("agenda.start_work", on=Entry)
def start_work(request, entry):
    actions.start_work(entry=entry, by=request.user)
    return _back(request)


@require_POST
@requires("agenda.stop_work")
def stop_work(request):
    try:
        actions.stop_work(by=request.user, is_done="done" in request.POST)
    except actions.NothingRuns as error:
        messages.warning(request, str(error))
    return _back(request)


@require_POST
@requires("agenda.log_interruption")
def begin_interruption(request):
    actions.begin_interruption(by=request.user)
    return _back(request)


@require_POST
@requires("agenda.log_interruption")
def end_interruption(request):
    form = EndInterruptionForm(request.POST)
    if form.is_valid():
        data = form.cleaned_data
        try:
            told = actions.end_interruption(who=data["who"], why=data["why"], name=data["name"], by=request.user)
            say(request, _("Noted: %(n)s min.") % {"n": told.minutes})
        except actions.NothingRuns as error:
            messages.warning(request, str(error))
    else:
        messages.warning(request, _("Say who interrupted you, and why."))
    return _back(request)


@requires("agenda.log_interruption")
def log_interruption(request):
    form = LogInterruptionForm(request.POST or None)
    if form.is_valid():
        data = form.cleaned_data
        told = {name: data[name] for name in ("who", "why", "minutes", "name")}
        actions.log_interruption(by=request.user, **told)
        say(request, _("Noted: %(n)s min.") % {"n": data["minutes"]})
        return redirect("agenda:clock")
    return form_page(request, "agenda/log_interruption.html", {"form": form})


@require_GET
@requires("agenda.view_diagnosis")
def diagnosis(request):
    """Planned and real time of a day or a period: page, print, `?format=xlsx` and `?format=csv`."""
    today = timezone.localdate()
    since, until = (read_day(request.GET.get(name, str(today))) for name in ("since", "until"))
    until = min(max(since, until), since + LONGEST)
    found = diagnosis_of(request.user, since, until)
    name = f"{_('time')}-{since}-{until}"
    if request.GET.get("format") in ("xlsx", "csv"):
        write = xlsx if request.GET["format"] == "xlsx" else csv_file
        return write(name, sheet_of(found))
    form = PeriodForm(initial={"since": since, "until": until})
    return render(request, "agenda/diagnosis.html", {"found": found, "form": form, "is_day": since == until})
