"""Reports written on the way, with or without a network."""

from functools import cache
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.http import HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.reading import note_read
from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.interactions import ReportForm
from pavillon.crm.queries.at_hand import companies_at_hand
from pavillon.crm.queries.on_the_way import agenda_on_the_way
from pavillon.crm.views.leads import logged
from pavillon.directory.models import Company
from pavillon.ui.messages import say


@require_GET
@requires("crm.store_report")
def field_reports(request):
    """The page that the device keeps: the next days, a report form and what waits to be sent."""
    form = ReportForm(user=request.user, at_hand=companies_at_hand(request.user))
    return render(request, "crm/field_reports.html", {"form": form, "way": _on_the_way(request)})


def _on_the_way(request):
    """The next days, read now: the device shows them later."""
    way = agenda_on_the_way(request.user)
    numbers = [sheet.company.pk for sheet in way.sheets]
    note_read(request.user, Company, how="list", rows=len(numbers), ids=numbers)
    return way


@require_POST
@requires("crm.store_report")
def store_report(request):
    """One report. A device asks for JSON: 200 stored, 409 which of the two, 422 what is wrong with it."""
    form = ReportForm(request.POST, user=request.user, at_hand=companies_at_hand(request.user))
    is_device = request.headers.get("Accept") == "application/json"
    stored = _stored(request, form)
    if isinstance(stored, actions.AlreadyLogged) and is_device:
        return JsonResponse(_conflict(stored), status=409)
    if stored is None or isinstance(stored, actions.AlreadyLogged):
        if is_device:
            return JsonResponse({"errors": _errors(form)}, status=422)
        return render(request, "crm/field_reports.html", {"form": form, "way": _on_the_way(request)}, status=422)
    if is_device:
        return JsonResponse({"stored": stored.pk, "company": str(stored.company), "address": _address(stored)})
    say(request, _("The exchange is logged."))
    return redirect("crm:field_reports")


def _stored(request, form):
    """The exchange; AlreadyLogged, or None with the reasons on the form."""
    if not form.is_valid():
        return None
    data = form.cleaned_data
    known = {"company": data["company"], "token": data["token"], "despite": data["despite"]}
    fields = {name: value for name, value in logged(data).items() if name != "contact"}
    try:
        return actions.store_report(by=request.user, **known, **fields)
    except actions.NotYetHappened as error:
        form.add_error("happened_at", str(error))
    except actions.AlreadyLogged as error:
        form.add_error(None, str(error))
        return error
    return None


def _conflict(error):
    other = error.interaction
    return {"conflict": str(error), "theirs": other.summary, "at": other.happened_at, "address": _address(other)}


def _errors(form):
    """What is wrong, each with the label of its field."""
    fields = form.fields
    return [
        f"{fields[name].label}: {text}" if name in fields and fields[name].label else text
        for name, texts in form.errors.items()
        for text in texts
    ]


def _address(interaction):
    return interaction.company.get_absolute_url()


@require_GET
@requires("crm.store_report")
def report_token(request):
    """Whose session it is, in which role, and the token that its forms need: what a device asks before it sends."""
    return JsonResponse({"person": request.user.pk, "role": request.user.acting.pk, "csrf": get_token(request)})


@require_GET
@requires("crm.store_report")
def report_worker(request):
    """The script that keeps the page of reports on the device; its address is what it may rule."""
    return HttpResponse(_worker(), content_type="text/javascript")


@cache
def _worker():
    found = finders.find("build/field-worker.js") or staticfiles_storage.path("build/field-worker.js")
    return Path(found).read_bytes()
