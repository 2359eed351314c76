"""What is left when the person in a row is erased."""

from pavillon.agenda import actions
from pavillon.agenda.models import AgendaKey, InvitationLetter, Participant, Subscription
from pavillon.agenda.tests.factories import at, entry, fresh


def test_an_erased_entry_keeps_its_time_and_nothing_else(cast, now_is):
    made = entry(
        cast.nour, title="Rencontre avec Mme Le Gall", place="Chez elle", notes="Veut vendre", company=cast.atelier
    )
    actions.forget_entry(made)
    made.refresh_from_db()
    assert (made.place, made.notes, made.company, made.starts_at) == ("", "", None, at(1))
    assert "Gall" not in made.title


def test_who_was_invited_and_what_was_written_goes(cast, now_is):
    made = entry(cast.nour, kind="meeting")
    guest = actions.invite_participant(entry=made, email="gwenn@x.example", by=fresh(cast.nour))
    message = actions.write_message(entry=made, text="Mon numéro est le 06", by=fresh(cast.nour))
    actions.forget_message(message)
    actions.forget_participant(guest)
    actions.forget_letter(InvitationLetter.objects.get())
    message.refresh_from_db()
    assert "06" not in message.text
    assert not Participant.objects.exists()
    assert not InvitationLetter.objects.exists()


def test_names_in_interruptions_plans_keys_and_calendars_go(cast, now_is):
    told = actions.log_interruption(who="client", why="call", minutes=5, name="M. Hervé", by=fresh(cast.nour))
    actions.forget_interruption(told)
    plan = actions.plan_day(by=fresh(cast.nour), done=[], moved=[], first_things="Appeler M. Hervé")
    actions.forget_plan(plan)
    key, _secret = actions.create_key(kind="feed", name="Téléphone de Nour", by=fresh(cast.nour))
    actions.forget_key(key)
    calendar = actions.subscribe_calendar(name="Famille", url="https://a.example/a.ics", by=fresh(cast.nour))
    actions.forget_subscription(calendar)
    told.refresh_from_db()
    plan.refresh_from_db()
    assert (told.name, told.minutes, plan.first_things) == ("", 5, "")
    assert not AgendaKey.objects.exists()
    assert not Subscription.objects.exists()
