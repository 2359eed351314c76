"""Who takes part, what they answer and what they write; the team and where it is."""

import datetime

from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from pavillon.agenda import actions
from pavillon.agenda.enums import Answer
from pavillon.agenda.forms.exchange import InviteParticipantForm, MessageForm
from pavillon.agenda.models import Entry, Participant
from pavillon.agenda.queries.calendar import read_day
from pavillon.agenda.queries.meetings import invitation_by, page_of
from pavillon.agenda.queries.team import team_on
from pavillon.core.views import public, requires
from pavillon.core.wall import house
from pavillon.ui.htmx import form_page, is_htmx
from pavillon.ui.limits import limited
from pavillon.ui.messages import say

GIVEN = frozenset(Answer) - {Answer.WAITING}


@requires("agenda.invite_participant", on=Entry)
def invite_participant(request, entry):
    form = InviteParticipantForm(request.POST or None)
    if form.is_valid():
        try:
            guest = actions.invite_participant(entry=entry, by=request.user, **form.cleaned_data)
            say(request, _("%(who)s is invited, by a letter with the event in it.") % {"who": guest})
            return redirect(entry)
        except actions.AlreadyInvited as error:
            form.add_error("email", ValidationError(str(error)))
    return form_page(request, "agenda/invite_participant.html", {"form": form, "entry": entry})


@require_POST
@requires("agenda.remove_participant", on=Participant)
def remove_participant(request, participant):
    actions.remove_participant(participant=participant, by=request.user)
    say(request, _("%(who)s no longer takes part, and is told.") % {"who": participant})
    return redirect(participant.entry)


@require_POST
@requires("agenda.answer_invitation", on=Participant)
def answer_invitation(request, participant):
    answer = request.POST.get("answer", "")
    if answer in GIVEN:
        actions.answer_invitation(participant=participant, answer=answer, by=request.user)
        say(request, _("Your answer is known: %(answer)s.") % {"answer": Answer(answer).label})
    return redirect("agenda:agenda" if answer == Answer.DECLINED else participant.entry)


@public
@limited("60/h", person="60/h")
@house()
def answer_by_link(request, secret):
    """For who has no account here: the link of the letter, and three buttons."""
    participant = invitation_by(secret)
    if participant is None:
        raise Http404
    owner = participant.entry.owner
    answer = request.POST.get("answer", "")
    if answer in GIVEN:
        participant = actions.answer_invitation(participant=participant, answer=answer, by=None)
    with timezone.override(owner.time_zone):
        context = {"participant": participant, "entry": participant.entry, "zone": owner.time_zone}
        context["answers"] = [(each.value, each.label) for each in Answer if each in GIVEN]
        return render(request, "agenda/answer_by_link.html", context)


@require_GET
@requires("agenda.view_entry", on=Entry)
def meeting_thread(request, entry):
    """The messages alone: loaded again because somebody wrote."""
    return render(request, "agenda/_thread.html", page_of(entry, request.user))


@require_POST
@requires("agenda.write_message", on=Entry)
def write_message(request, entry):
    form = MessageForm(request.POST)
    if form.is_valid():
        actions.write_message(entry=entry, text=form.cleaned_data["text"], by=request.user)
        if is_htmx(request):
            return render(request, "agenda/_thread.html", page_of(entry, request.user))
        return redirect(entry)
    return form_page(request, "agenda/entry.html", {**page_of(entry, request.user), "form": form})


@require_GET
@requires("agenda.view_team")
def team(request):
    """Who is there on one day, hour by hour on the reader's clock, and what time it is where they are."""
    on = read_day(request.GET.get("on", ""))
    found = team_on(request.user, on, email=request.GET.get("email", "").strip(), office=request.GET.get("office", ""))
    day = datetime.timedelta(days=1)
    return render(request, "agenda/team.html", {"on": on, "before": on - day, "after": on + day, "found": found})
