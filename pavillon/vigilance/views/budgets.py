"""Budgets of reading: one's own, the officer's limits, wishes for more."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say
from pavillon.vigilance import actions
from pavillon.vigilance.forms import AskForm, DecisionForm, GrantForm, LimitForm, ReasonForm
from pavillon.vigilance.models import Extension, ReadingLimit
from pavillon.vigilance.queries import heaviest_readers, standing_of
from pavillon.vigilance.queries.incidents import names_of_officers


def _own(request, form):
    user = request.user
    wishes = Extension.objects.visible_to(user).filter(user=user)[:10]
    context = {"standing": standing_of(user), "wishes": wishes, "form": form, "officers": names_of_officers()}
    return form_page(request, "vigilance/my_reading.html", context)


@require_GET
@requires("vigilance.my_reading")
def my_reading(request):
    return _own(request, AskForm())


@require_POST
@requires("vigilance.ask_extension")
def ask_extension(request):
    form = AskForm(request.POST)
    if not form.is_valid():
        return _own(request, form)
    data = form.cleaned_data
    actions.ask_extension(rows=data["rows"] or 0, records=data["records"] or 0, reason=data["reason"], by=request.user)
    say(request, _("Security was asked."))
    return redirect("vigilance:my_reading")


@require_GET
@requires("vigilance.read_limits")
def read_limits(request):
    rows = ReadingLimit.objects.visible_to(request.user).select_related("organisation", "decided_by")
    wishes = Extension.objects.visible_to(request.user).select_related("user", "decided_by")
    context = {
        "limits": rows.in_force(),
        "product": None if rows.in_force().filter(role="", organisation=None).exists() else ReadingLimit(),
        "history": rows[:20],
        "waiting": wishes.waiting(),
        "granted": wishes.in_force(),
        "readers": heaviest_readers(),
    }
    return render(request, "vigilance/read_limits.html", context)


@requires("vigilance.change_limit")
def change_limit(request):
    """A limit for a scope that has none, or instead of the one that it has."""
    known = ReadingLimit.objects.visible_to(request.user).in_force().filter(pk=request.GET.get("from") or None).first()
    begin = known or ReadingLimit()
    initial = {name: getattr(begin, name) for name in LimitForm.Meta.fields if name != "reason"}
    form = LimitForm(request.POST or None, user=request.user, initial=initial)
    if form.is_valid():
        try:
            actions.change_limit(**form.cleaned_data, by=request.user)
            say(request, _("The limit holds from now on."))
            return redirect("vigilance:read_limits")
        except actions.OwnLimit as error:
            form.add_error(None, str(error))
    return form_page(request, "vigilance/change_limit.html", {"form": form})


@requires("vigilance.end_limit", on=ReadingLimit)
def end_limit(request, readinglimit):
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            actions.end_limit(limit=readinglimit, reason=form.cleaned_data["reason"], by=request.user)
            say(request, _("The wider limit counts again."))
            return redirect("vigilance:read_limits")
        except actions.OwnLimit as error:
            form.add_error(None, str(error))
    return form_page(request, "vigilance/end_limit.html", {"form": form, "limit": readinglimit})


def _wish(request, extension, form):
    """The wish, what its author reads now, and the decision."""
    may = request.user.has_perm("vigilance.grant_extension", extension)
    context = {"wish": extension, "form": form, "may_decide": may, "standing": standing_of(extension.user)}
    return form_page(request, "vigilance/read_extension.html", context)


@require_GET
@requires("vigilance.read_extension", on=Extension)
def read_extension(request, extension):
    return _wish(request, extension, GrantForm(instance=extension))


@require_POST
@requires("vigilance.grant_extension", on=Extension)
def grant_extension(request, extension):
    form = GrantForm(request.POST, instance=extension)
    if not form.is_valid():
        return _wish(request, extension, form)
    try:
        actions.grant_extension(extension=extension, **form.cleaned_data, by=request.user)
        say(request, _("The extension holds from now on."))
    except actions.Decided as error:
        say(request, str(error))
    return redirect("vigilance:read_limits")


@require_POST
@requires("vigilance.refuse_extension", on=Extension)
def refuse_extension(request, extension):
    form = DecisionForm(request.POST)
    if not form.is_valid():
        return _wish(request, extension, GrantForm(request.POST, instance=extension))
    try:
        actions.refuse_extension(extension=extension, decision=form.cleaned_data["decision"], by=request.user)
        say(request, _("The wish is refused."))
    except actions.Decided as error:
        say(request, str(error))
    return redirect("vigilance:read_limits")
