from django.utils.translation import gettext_lazy as _

from pavillon.agenda import actions
from pavillon.agenda.models import (
    AgendaKey,
    DayPlan,
    Entry,
    Interruption,
    InvitationLetter,
    MeetingMessage,
    Participant,
    Series,
    Subscription,
    TemplateCell,
    TimeSpan,
    WeeklyTemplate,
)
from pavillon.agenda.queries.meetings import invitations_of
from pavillon.core.personal_data import holds_no_personal_data, holds_personal_data

holds_no_personal_data(Series, TemplateCell, TimeSpan, WeeklyTemplate)
holds_personal_data(
    Entry,
    fields=["title", "place", "notes", "reason"],
    keep_months=24,
    purpose=_("Keep the agenda of the people of the team"),
    erase=actions.forget_entry,
    of=lambda person: Entry.objects.filter(owner__in=person.users),
    clock="ends_at",
)
holds_personal_data(
    Participant,
    fields=["name", "email"],
    keep_months=24,
    purpose=_("Invite people to meetings and know who comes"),
    erase=actions.forget_participant,
    of=invitations_of,
    clock="invited_at",
)
holds_personal_data(
    MeetingMessage,
    fields=["text"],
    keep_months=24,
    purpose=_("Let those who take part in a meeting write to each other"),
    erase=actions.forget_message,
    of=lambda person: MeetingMessage.objects.filter(author__in=person.users),
    clock="written_at",
)
holds_personal_data(
    Interruption,
    fields=["name"],
    keep_months=12,
    purpose=_("Show a person where his own time goes"),
    erase=actions.forget_interruption,
    of=lambda person: Interruption.objects.filter(owner__in=person.users),
    clock="began_at",
)
holds_personal_data(
    DayPlan,
    fields=["first_things"],
    keep_months=12,
    purpose=_("Begin the day with what was planned the evening before"),
    erase=actions.forget_plan,
    of=lambda person: DayPlan.objects.filter(owner__in=person.users),
    clock="made_on",
)
holds_personal_data(
    AgendaKey,
    fields=["name"],
    keep_months=24,
    purpose=_("Open one’s agenda to one’s own calendar applications"),
    erase=actions.forget_key,
    of=lambda person: AgendaKey.objects.filter(owner__in=person.users),
)
holds_personal_data(
    Subscription,
    fields=["name", "url"],
    keep_months=24,
    purpose=_("Show one’s other calendars beside one’s agenda"),
    erase=actions.forget_subscription,
    of=lambda person: Subscription.objects.filter(owner__in=person.users),
)
holds_personal_data(
    InvitationLetter,
    fields=["content"],
    keep_months=1,
    purpose=_("Hand an invitation to the mail server"),
    erase=actions.forget_letter,
    clock="written_at",
)
