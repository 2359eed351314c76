"""Where requests come from, and what each channel costs."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.crm import actions
from pavillon.crm.forms.channels import ChannelCostForm, PeriodForm
from pavillon.crm.models import ChannelCost
from pavillon.crm.queries.channels import costs_noted, what_channels_bring
from pavillon.ui.htmx import form_page
from pavillon.ui.messages import say


@require_GET
@requires("crm.view_channels")
def view_channels(request):
    """Requests and cost by channel, and within a channel by network or campaign."""
    form, since, until = PeriodForm.read(request.GET)
    context = {
        "form": form,
        "since": since,
        "until": until,
        "channels": what_channels_bring(request.user, since, until),
        "costs": costs_noted(request.user, since, until),
        "may_note": request.user.has_perm("crm.note_channel_cost"),
    }
    return render(request, "crm/view_channels.html", context)


@requires("crm.note_channel_cost")
def note_channel_cost(request):
    form = ChannelCostForm(request.POST or None, user=request.user)
    if form.is_valid():
        actions.note_channel_cost(by=request.user, **form.cleaned_data)
        say(request, _("The cost is noted."))
        return redirect("crm:view_channels")
    return form_page(request, "crm/note_channel_cost.html", {"form": form})


@require_POST
@requires("crm.remove_channel_cost", on=ChannelCost)
def remove_channel_cost(request, channelcost):
    actions.remove_channel_cost(cost=channelcost, by=request.user)
    say(request, _("The cost was removed; the trail keeps it."))
    return redirect("crm:view_channels")
