"""The typical week, the end of the day, the weekly talk."""

import datetime

from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.accounts.models import User
from pavillon.agenda import actions
from pavillon.agenda.forms.entries import PlanOneToOneForm
from pavillon.agenda.forms.templates import ChangeTemplateForm, PlanDayForm
from pavillon.agenda.models import WeeklyTemplate
from pavillon.agenda.queries import templates as queries
from pavillon.agenda.queries.calendar import monday_of, read_day
from pavillon.agenda.queries.origins import name_by_words
from pavillon.agenda.queries.plans import day_of_plan, lines_of_day, managers_of
from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("agenda.view_template")
def template(request):
    """The week that holds for me: mine, my organisation's, or that of the specification."""
    week = queries.week_of(request.user, request.user.organisation)
    halves = [
        (name, [queries.lay_out(week, day, half) for half in queries.Half])
        for day, name in enumerate(queries.day_names()[:5])
    ]
    is_default = week.template is None
    context = {"week": week, "days": halves, "grid": queries.grid_of(week.cells, is_default=is_default)}
    context |= {
        "names": queries.day_names("abbreviated")[:5],
        "next_monday": monday_of(timezone.localdate() + datetime.timedelta(days=7)),
    }
    context["may_house"] = request.user.has_perm("agenda.change_house_template")
    return render(request, "agenda/template.html", context)


def _change(request, template, organisation, title):
    """The page of a grid: one's own or the organisation's."""
    week = queries.week_of(None if organisation else request.user, request.user.organisation)
    instance = template or WeeklyTemplate(
        **{name: getattr(week.template or WeeklyTemplate(), name) for name in ChangeTemplateForm.Meta.fields}
    )
    form = ChangeTemplateForm(request.POST or None, instance=instance)
    if form.is_valid():
        data = form.cleaned_data
        actions.change_template(
            by=request.user,
            organisation=organisation,
            cells=form.chosen_cells(),
            morning=(data["morning_from"], data["morning_until"]),
            afternoon=(data["afternoon_from"], data["afternoon_until"]),
            buffer=data["buffer"],
            one_to_ones=data["one_to_ones"],
        )
        say(request, _("The typical week is kept."))
        return redirect("agenda:template")
    cells = form.chosen_cells() if form.is_bound else week.cells
    context = {"form": form, "title": title, "is_house": organisation is not None}
    context["grid"] = queries.grid_of(cells, is_default=week.template is None)
    context["names"] = queries.day_names("abbreviated")[:5]
    return form_page(request, "agenda/change_template.html", context)


@requires("agenda.change_template")
def change_template(request):
    own = WeeklyTemplate.objects.visible_to(request.user).filter(person=request.user).first()
    return _change(request, own, None, _("My typical week"))


@requires("agenda.change_house_template")
def change_house_template(request):
    place = request.user.organisation
    own = WeeklyTemplate.objects.visible_to(request.user).filter(organisation=place).first()
    return _change(request, own, place, _("Typical week of %(organisation)s") % {"organisation": place})


@require_POST
@requires("agenda.change_template")
def reset_template(request):
    actions.reset_template(by=request.user)
    say(request, _("The typical week of your organisation holds again."))
    return redirect("agenda:template")


@require_POST
@requires("agenda.apply_template")
def apply_template(request):
    monday = monday_of(read_day(request.POST.get("monday", "")))
    made = actions.apply_template(by=request.user, monday=monday)
    say(request, _("%(n)s times were set aside; what was taken stays.") % {"n": made})
    return redirect(f"{reverse('agenda:agenda')}?on={monday}")


@requires("agenda.plan_day")
def plan_day(request):
    """What was done, what is left, what tomorrow brings; one press plans."""
    plan = day_of_plan(request.user, timezone.localdate())
    name_by_words(plan.lines, request.user)
    form = PlanDayForm(request.POST or None, lines=plan.lines, user=request.user)
    if form.is_valid():
        data = form.cleaned_data
        row = actions.plan_day(
            by=request.user, done=data["done"], moved=data["moved"], first_things=data["first_things"]
        )
        say(request, _("The day is planned: %(done)s done, %(left)s left.") % {"done": row.done, "left": row.left})
        return redirect(f"{reverse('agenda:agenda')}?view=day&on={row.day}")
    tomorrow = lines_of_day(request.user, plan.tomorrow)
    return form_page(request, "agenda/plan_day.html", {"form": form, "plan": plan, "lines": tomorrow})


@requires("agenda.plan_one_to_one")
def plan_one_to_one(request):
    keys = [manager.pk for manager in managers_of(request.user)]
    managers = User.objects.visible_to(request.user).filter(pk__in=keys)
    form = PlanOneToOneForm(request.POST or None, managers=managers)
    if form.is_valid():
        data = form.cleaned_data
        values = {name: data[name] for name in ("manager", "starts_at", "minutes", "until")}
        try:
            first = actions.plan_one_to_one(title=_("One-to-one with the manager"), by=request.user, **values)
        except actions.DayTaken as error:
            form.add_error("day", ValidationError(str(error)))
        else:
            say(request, _("Your weekly one-to-one is in your agenda."))
            return redirect(f"{reverse('agenda:agenda')}?on={first.first_day}")
    return form_page(request, "agenda/plan_one_to_one.html", {"form": form})
