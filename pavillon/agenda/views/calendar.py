"""The agenda itself, and what one does with its lines."""

import contextlib
import datetime

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts.models import User
from pavillon.agenda import actions
from pavillon.agenda.forms.entries import ChangeEntryForm, CreateEntryForm, MoveEntryForm, PlanAbsenceForm
from pavillon.agenda.models import Entry, Series
from pavillon.agenda.queries import calendar as queries
from pavillon.agenda.queries.meetings import new_video_url, page_of
from pavillon.agenda.queries.plans import beside_agenda, today_of
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page, fragment, is_htmx
from pavillon.ui.messages import say
from pavillon.ui.words import moment

# The buttons of an entry.
DEEDS = ("change_entry", "move_entry", "delete_entry", "finish_entry", "start_work", "invite_participant")


def _person(request):
    """Whose agenda: one's own, or that of a colleague of one's organisation."""
    who = request.GET.get("who", "")
    colleague = User.objects.visible_to(request.user).filter(pk=who).first() if who.isdecimal() else None
    return colleague or request.user


@require_GET
@requires("agenda.view_agenda")
def agenda(request):
    """A day, a week, four weeks, three months or a year: `?view=…&on=2026-03-02&who=…`."""
    view = request.GET.get("view", "week")
    view = view if view in queries.VIEWS else "week"
    on, person = queries.read_day(request.GET.get("on", "")), _person(request)
    first, end = queries.span_of(view, on)
    days = queries.agenda_of(person, request.user, first, end)
    before, after = queries.neighbours_of(view, on)
    context = {"view": view, "on": on, "person": person, "is_own": person == request.user, "days": days}
    # What the links of somebody else's agenda say.
    context["who"] = "" if context["is_own"] else person.pk
    context |= {"first": first, "last": end - datetime.timedelta(days=1), "before": before, "after": after}
    context |= queries.words_of_calendar()
    context |= {"weeks": queries.weeks_of(days), "months": queries.months_of(days) if view == "year" else []}
    if person == request.user and not is_htmx(request):
        context |= beside_agenda(person, on)
    return fragment(request, "agenda/agenda.html", "agenda/_calendar.html", context)


@require_GET
@requires("agenda.view_agenda")
def day_panel(request):
    """Today on the desk: the plan made yesterday evening, the lines, and the clock."""
    return fragment(request, "agenda/day_panel.html", "agenda/_day_panel.html", today_of(request.user))


@require_GET
@requires("agenda.view_entry", on=Entry)
def entry(request, entry):
    may = {deed: request.user.has_perm(f"agenda.{deed}", entry) for deed in DEEDS}
    return render(request, "agenda/entry.html", {**page_of(entry, request.user), "may": may})


def _warn(request, entry):
    """What else is at that time: said, never refused."""
    others = queries.clashes_of(request.user, entry.starts_at, entry.ends_at, but=entry.pk)
    for other in others if entry.is_busy else []:
        words = {"title": other.title, "moment": moment(other.starts_at)}
        messages.warning(request, _("At the same time: %(title)s (%(moment)s).") % words)


def _first_hour(request):
    """The next full hour, or what the place that was pressed says (`?start=2026-03-02T14:00&minutes=30`)."""
    start = timezone.localtime().replace(minute=0, second=0, microsecond=0) + datetime.timedelta(hours=1)
    with contextlib.suppress(ValueError):
        start = datetime.datetime.fromisoformat(request.GET.get("start", ""))
    minutes = request.GET.get("minutes", "")
    end = start + datetime.timedelta(minutes=min(int(minutes), 720) if minutes.isdecimal() else 60)
    return {"day": start.date(), "start": start.time(), "end": end.time()}


def _fields(form):
    names = ("title", "starts_at", "ends_at", "kind", "activity", "place", "company", "sight", "notes")
    return {name: form.cleaned_data[name] for name in names}


def _week_of(entry):
    return f"{reverse('agenda:agenda')}?on={entry.first_day}"


@requires("agenda.create_entry")
def create_entry(request):
    form = CreateEntryForm(request.POST or None, user=request.user, initial=_first_hour(request))
    if form.is_valid():
        data = form.cleaned_data
        again = {"repeat": data["repeat"], "repeat_until": data["repeat_until"]}
        video = new_video_url() if data["has_video"] else ""
        try:
            entry = actions.create_entry(by=request.user, video_url=video, **_fields(form), **again)
        except actions.DayTaken as error:
            form.add_error("day", ValidationError(str(error)))
        else:
            say(request, _("%(title)s is in your agenda.") % {"title": entry.title})
            _warn(request, entry)
            return redirect(_week_of(entry))
    return form_page(request, "agenda/create_entry.html", {"form": form})


@requires("agenda.change_entry", on=Entry)
def change_entry(request, entry):
    start, end = timezone.localtime(entry.starts_at), timezone.localtime(entry.ends_at)
    names = ("title", "kind", "activity", "place", "sight", "notes", "video_url")
    initial = {name: getattr(entry, name) for name in names}
    initial |= {"day": start.date(), "start": start.time(), "end": end.time(), "company": str(entry.company or "")}
    form = ChangeEntryForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        values = {**_fields(form), "video_url": form.cleaned_data["video_url"]}
        try:
            entry = actions.change_entry(entry=entry, by=request.user, **values)
        except actions.DayTaken as error:
            form.add_error("day", ValidationError(str(error)))
        else:
            say(request, _("%(title)s is changed.") % {"title": entry.title})
            _warn(request, entry)
            return redirect(_week_of(entry))
    return form_page(request, "agenda/change_entry.html", {"form": form, "entry": entry})


@requires("agenda.move_entry", on=Entry)
def move_entry(request, entry):
    """By the mouse and the keys of the week, or by two fields."""
    form = MoveEntryForm(request.POST or None, initial={"starts_at": entry.starts_at, "minutes": entry.minutes})
    if form.is_valid():
        data = form.cleaned_data
        try:
            entry = actions.move_entry(
                entry=entry, starts_at=data["starts_at"], ends_at=data["ends_at"], by=request.user
            )
        except actions.DayTaken as error:
            form.add_error("starts_at", ValidationError(str(error)))
        else:
            say(request, _("%(title)s: %(moment)s.") % {"title": entry.title, "moment": moment(entry.starts_at)})
            _warn(request, entry)
            return redirect(_week_of(entry))
    return form_page(request, "agenda/move_entry.html", {"form": form, "entry": entry})


@requires("agenda.delete_entry", on=Entry)
def delete_entry(request, entry):
    if request.method == "POST":
        actions.delete_entry(entry=entry, by=request.user)
        say(request, _("%(title)s was deleted.") % {"title": entry.title})
        return redirect(_week_of(entry))
    return render(request, "agenda/delete_entry.html", {"entry": entry})


@require_POST
@requires("agenda.delete_series", on=Series)
def delete_series(request, series):
    gone = actions.delete_series(series=series, by=request.user)
    say(request, _("%(n)s days to come were deleted; those that were stay.") % {"n": gone})
    return redirect("agenda:agenda")


@require_POST
@requires("agenda.finish_entry", on=Entry)
def finish_entry(request, entry):
    """Tick it, or with `again` take the tick away."""
    actions.finish_entry(entry=entry, by=request.user, is_done="again" not in request.POST)
    return redirect("accounts:home" if request.POST.get("from") == "desk" else _week_of(entry))


@requires("agenda.plan_absence")
def plan_absence(request):
    form = PlanAbsenceForm(request.POST or None, initial={"starts_on": request.GET.get("on")})
    if form.is_valid():
        data = form.cleaned_data
        try:
            entry = actions.plan_absence(
                starts_on=data["starts_on"], ends_on=data["ends_on"], reason=data["reason"], by=request.user
            )
        except actions.DayTaken as error:
            form.add_error("starts_on", ValidationError(str(error)))
        else:
            say(request, _("%(title)s is in your agenda.") % {"title": entry.title})
            return redirect(_week_of(entry))
    return form_page(request, "agenda/plan_absence.html", {"form": form})
