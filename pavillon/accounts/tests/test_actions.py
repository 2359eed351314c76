"""What no page shows by itself: erasure, letters that are not sent, units, what the trail keeps."""

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.core import mail
from django.utils import timezone

from pavillon.accounts import actions
from pavillon.accounts.actions.people import end_sessions_of
from pavillon.accounts.models import PeopleImport, SignInGuard, User
from pavillon.accounts.models.people import UserQuerySet


def trail(verb):
    return apps.get_model("activity.Entry").objects.filter(verb=verb)


def test_create_user_once_whatever_the_case(cast):
    with pytest.raises(actions.EmailTaken) as found:
        actions.create_user(email=" NOUR@Example.example", first_name="N", last_name="T", language="fr")
    assert found.value.user == cast.nour
    assert EmailAddress.objects.get(user=cast.nour).verified


def test_change_user_keeps_old_and_new_in_the_trail(cast):
    actions.change_user(user=cast.nour, by=cast.maud, phone="+33 1 99 00 00 03")
    entry = trail("accounts.user_changed").get()
    assert entry.changes.keys() == {"phone"}
    before, after = entry.changes["phone"]
    assert before == ""
    assert after, "kept"
    assert "99 00" not in after, "sealed"
    assert entry.actor == cast.maud
    actions.change_user(user=cast.nour, by=cast.maud, phone="+33 1 99 00 00 03")
    assert trail("accounts.user_changed").count() == 1
    with pytest.raises(TypeError):
        actions.change_user(user=cast.nour, by=cast.maud, is_superuser=True)
    actions.change_profile(by=cast.nour, is_staff=True, phone="")
    assert not User.objects.get(pk=cast.nour.pk).is_staff


def test_forget_user_loses_the_person_and_keeps_the_line(cast):
    entries = apps.get_model("activity.Entry").objects.filter(actor=cast.nour).count()
    actions.forget_user(cast.nour)
    forgotten = User.objects.get(pk=cast.nour.pk)
    assert (forgotten.first_name, forgotten.last_name, forgotten.phone) == ("", "", "")
    assert "nour" not in forgotten.email
    assert not forgotten.is_active
    assert not EmailAddress.objects.filter(user=forgotten).exists()
    assert apps.get_model("activity.Entry").objects.filter(actor=cast.nour).count() == entries
    assert end_sessions_of(forgotten) == 0


def test_forget_people_import_empties_its_rows(cast):
    rows = [{"email": "p@new.example", "first_name": "P", "last_name": "Q", "role": "adviser"}]
    rehearsal = actions.rehearse_people_import(organisation=cast.chamber, rows=rows, file_name="x.csv", by=cast.maud)
    assert trail("accounts.people_import_rehearsed").get().facts["lines"] == 1
    actions.forget_people_import(rehearsal)
    assert PeopleImport.objects.get().rows == []


def test_letters_that_have_no_reason_any_more_are_not_sent(cast):
    """A job may run late: the person came meanwhile, the suspension is over."""
    User.objects.filter(pk=cast.nour.pk).update(last_login=timezone.now())
    actions.send_invitation_letter(user=User.objects.get(pk=cast.nour.pk), by=cast.maud)
    actions.send_suspension_letter(user=cast.nour)
    assert mail.outbox == []
    actions.send_membership_letter(membership=cast.theo.memberships.get())
    assert mail.outbox[0].to == ["theo@example.example"]
    assert trail("accounts.letter_sent").get().facts["letter"] == "membership"


def test_letters_speak_the_language_of_their_reader(cast):
    actions.change_user(user=cast.theo, by=cast.tess, language="fr")
    actions.send_membership_letter(membership=User.objects.get(pk=cast.theo.pk).memberships.get())
    assert "Bonjour Theo" in mail.outbox[0].body
    assert "Conseiller" in mail.outbox[0].body


def test_create_unit_and_office(cast):
    top = actions.create_unit(name="Agence", by=cast.admin)
    below = actions.create_unit(name="Réseau France", parent=top, by=cast.admin)
    assert (below.code, below.path, below.depth) == ("reseau-france", "agence.reseau-france", 1)


def test_note_sign_in_forgets_failures(cast):
    actions.note_failed_sign_in(email=cast.nour.email)
    assert SignInGuard.objects.count() == 1
    actions.note_sign_in(user=cast.nour)
    guard = SignInGuard.objects.get()
    assert (guard.failures, len(guard.recent)) == (0, 1), "the rules of unusual events still look back on it"
    SignInGuard.objects.update(first_failed_at="2026-01-01T00:00Z")
    actions.forget_attempts()
    assert not SignInGuard.objects.exists()


def test_organisations_have_one_name_per_type(cast):
    with pytest.raises(actions.NameTaken):
        actions.create_organisation(name="CCI Bretagne", kind="chamber", by=cast.admin)
    # Companies may share a name.
    actions.create_organisation(name="Atelier du Ponant", kind="company", by=cast.admin)


def test_an_address_taken_at_the_same_moment_is_refused_with_the_person(cast, monkeypatch):
    # The question "is it taken?" finds nothing yet; the database knows better.
    monkeypatch.setattr(UserQuerySet, "first", lambda self: None)
    with pytest.raises(actions.EmailTaken) as refused:
        actions.create_user(email=cast.nour.email, first_name="N", last_name="N", language="fr")
    assert refused.value.user == cast.nour


def test_a_letter_of_one_job_leaves_once(cast):
    membership = cast.theo.memberships.get()
    actions.send_membership_letter(membership=membership, job=7)
    actions.send_membership_letter(membership=membership, job=7)
    assert len(mail.outbox) == 1


def test_a_letter_that_could_not_leave_leaves_later(cast, monkeypatch):
    membership = cast.theo.memberships.get()
    with monkeypatch.context() as broken:
        broken.setattr(mail.EmailMessage, "send", lambda self: (_ for _ in ()).throw(OSError("away")))
        with pytest.raises(OSError, match="away"):
            actions.send_membership_letter(membership=membership, job=8)
    actions.send_membership_letter(membership=membership, job=8)
    assert len(mail.outbox) == 1
