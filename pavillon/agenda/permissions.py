"""Who may do what with agendas: one's own is one's own; what one may see of others is in the QuerySets."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.agenda.enums import EntryKind
from pavillon.agenda.models import AgendaKey, Entry, Participant, Series, Subscription
from pavillon.core.permissions import permission, sees


def _owns(user: User, entry: Entry | None) -> bool:
    """One's own entry that is written here, or the act without one."""
    return user.is_team and (entry is None or (entry.owner_id == user.pk and entry.is_own_writing))


@permission("agenda.view_agenda")
def view_agenda(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.view_entry")
def view_entry(user: User, entry: Entry | None) -> bool:
    return user.is_team and (entry is None or sees(user, entry))


@permission("agenda.create_entry")
def create_entry(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.change_entry")
def change_entry(user: User, entry: Entry | None) -> bool:
    return _owns(user, entry) and (entry is None or entry.kind != EntryKind.ABSENCE)


@permission("agenda.move_entry")
def move_entry(user: User, entry: Entry | None) -> bool:
    return _owns(user, entry) and (entry is None or not entry.all_day)


@permission("agenda.delete_entry")
def delete_entry(user: User, entry: Entry | None) -> bool:
    return _owns(user, entry)


@permission("agenda.delete_series")
def delete_series(user: User, series: Series | None) -> bool:
    return user.is_team and (series is None or series.owner_id == user.pk)


@permission("agenda.finish_entry")
def finish_entry(user: User, entry: Entry | None) -> bool:
    return user.is_team and (entry is None or (entry.owner_id == user.pk and entry.subscription_id is None))


@permission("agenda.plan_absence")
def plan_absence(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.view_template")
def view_template(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.change_template")
def change_template(user: User, subject: None) -> bool:
    """One's own typical week."""
    return user.is_team


@permission("agenda.change_house_template")
def change_house_template(user: User, subject: None) -> bool:
    """The typical week of one's organisation, for all who made none of their own."""
    return user.has_role(Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN)


@permission("agenda.apply_template")
def apply_template(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.plan_day")
def plan_day(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.plan_one_to_one")
def plan_one_to_one(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.start_work")
def start_work(user: User, entry: Entry | None) -> bool:
    return user.is_team and (entry is None or entry.owner_id == user.pk)


@permission("agenda.stop_work")
def stop_work(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.log_interruption")
def log_interruption(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.view_diagnosis")
def view_diagnosis(user: User, subject: None) -> bool:
    """One's own time only: what it really took is shown to nobody else, a manager included."""
    return user.is_team


@permission("agenda.view_team")
def view_team(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.view_exchange")
def view_exchange(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.create_key")
def create_key(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.revoke_key")
def revoke_key(user: User, key: AgendaKey | None) -> bool:
    return key is None or key.owner_id == user.pk


@permission("agenda.import_calendar")
def import_calendar(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.subscribe_calendar")
def subscribe_calendar(user: User, subject: None) -> bool:
    return user.is_team


@permission("agenda.unsubscribe_calendar")
def unsubscribe_calendar(user: User, subscription: Subscription | None) -> bool:
    return subscription is None or subscription.owner_id == user.pk


@permission("agenda.invite_participant")
def invite_participant(user: User, entry: Entry | None) -> bool:
    return _owns(user, entry) and (entry is None or entry.kind not in (EntryKind.ABSENCE, EntryKind.SLOT))


@permission("agenda.remove_participant")
def remove_participant(user: User, participant: Participant | None) -> bool:
    return user.is_team and (participant is None or participant.entry.owner_id == user.pk)


@permission("agenda.answer_invitation")
def answer_invitation(user: User, participant: Participant | None) -> bool:
    return user.is_team and (participant is None or participant.person_id == user.pk)


@permission("agenda.write_message")
def write_message(user: User, entry: Entry | None) -> bool:
    """Whoever takes part, and its owner."""
    if not user.is_team or entry is None:
        return user.is_team
    return entry.owner_id == user.pk or entry.participants.filter(person=user).exists()
