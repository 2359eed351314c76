"""Telling people: once each, in their language, by the ways that they chose, and only after the commit."""

from unittest.mock import Mock

import pytest
from django.core import mail
from django.core.mail import BadHeaderError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.activity import mailbox
from pavillon.activity.actions import change_preferences, forget_notification, notify, read_notifications
from pavillon.activity.kinds import register_kind
from pavillon.activity.models import Notification, Preference
from pavillon.activity.tasks import send_notification

pytestmark = pytest.mark.django_db

KIND = "activity.test_happened"


@pytest.fixture
def helene():
    return User.objects.create_user("helene@pavillon.example", first_name="Hélène", last_name="Le Goff", language="fr")


@pytest.fixture
def tom():
    return User.objects.create_user("tom@pavillon.example", first_name="Tom", last_name="Souza", language="en")


def test_each_person_is_told_once_in_his_own_language(helene, tom):
    notify([helene, tom, helene], KIND, title=_("Notifications"), body=_("Nothing new"), url="/x/")
    assert {n.recipient.first_name: n.body for n in Notification.objects.all()} == {
        "Hélène": "Rien de nouveau",
        "Tom": "Nothing new",
    }


def test_mail_leaves_once_even_if_the_job_runs_twice(helene):
    (told,) = notify([helene], KIND, title="Une demande attend", body="Texte", url="/leads/1/")
    send_notification(told.pk)
    send_notification(told.pk)
    assert [m.to for m in mail.outbox] == [["helene@pavillon.example"]]
    assert "/leads/1/" in mail.outbox[0].body
    told.refresh_from_db()
    assert (told.email_state, told.email_attempts) == ("sent", 1)


def test_a_notification_that_was_removed_sends_nothing(helene):
    (told,) = notify([helene], KIND, title="Une demande attend")
    number = told.pk
    told.delete()
    send_notification(number)
    assert not mail.outbox


def test_a_mail_dated_without_a_zone_is_shown_at_its_moment(client, settings, tmp_path):
    settings.DEMO, settings.DATA = True, tmp_path
    mailbox.keep(
        b"From: a@pavillon.example\nTo: b@pavillon.example\nSubject: Code\nDate: Sun, 22 Nov 2026 04:57:04 -0000\n\nx",
        1,
    )
    page = client.get(reverse("activity:demo_mailbox"))
    assert "2026-11-22T05:57:04+01:00" in page.content.decode()


def test_a_failure_is_kept_and_tried_again(helene, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1  # nobody listens there
    (told,) = notify([helene], KIND, title="Une demande attend")
    with pytest.raises(OSError, match="refused"):
        send_notification(told.pk)
    told.refresh_from_db()
    assert told.email_state == "failed"
    assert told.email_error
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    send_notification(told.pk)
    told.refresh_from_db()
    assert (told.email_state, told.email_error) == ("sent", "")


def test_change_preferences_keeps_the_inbox_and_stops_the_mail(client, helene):
    register_kind(KIND, "Test", "buyer")
    client.force_login(helene)
    client.post(reverse("activity:change_preferences"), {"by_email": []})
    assert Preference.objects.get(user=helene, kind=KIND).by_email is False
    (told,) = notify([helene], KIND, title="Une demande attend")
    assert told.email_state == "none"
    change_preferences(by=helene, silenced=[], kinds=[KIND])
    assert notify([helene], KIND, title="Une autre")[0].email_state == "queued"


def test_the_inbox_lists_counts_and_marks_as_read(client, helene, tom, django_assert_max_num_queries):
    for number in range(30):
        notify([helene], KIND, title=f"Nouvelle {number}", url="/inbox/")
    client.force_login(helene)
    with django_assert_max_num_queries(9):
        page = client.get(reverse("activity:inbox"))
    assert "Nouvelle 29" in page.content.decode()
    assert client.get(reverse("activity:unread")).content == b"30"
    first = Notification.objects.last()
    assert client.get(reverse("activity:open_notification", args=[first.pk])).status_code == 302
    assert client.get(reverse("activity:unread")).content == b"29"
    client.post(reverse("activity:read_notifications"))
    assert client.get(reverse("activity:unread")).content == b""
    assert read_notifications(by=helene) == 0
    client.force_login(tom)
    assert client.get(reverse("activity:open_notification", args=[first.pk])).status_code == 404
    assert "Nouvelle" not in client.get(reverse("activity:inbox")).content.decode()


def test_forget_notification_empties_it(helene):
    (told,) = notify([helene], KIND, title="Une demande de Claire", body="Texte")
    forget_notification(told)
    told.refresh_from_db()
    assert (told.title, told.body) == ("", "")


def test_the_post_office_shows_letters_only_in_a_demonstration(client, settings, tmp_path):
    settings.DATA = tmp_path
    mailbox.keep(
        b"From: a@x.example\r\nTo: Tom <tom@x.example>\r\nSubject: Bonjour\r\n\r\n<b>Salut</b> http://x.example/", 1
    )
    settings.DEMO = False
    assert client.get(reverse("activity:demo_mailbox")).status_code == 404
    settings.DEMO = True
    page = client.get(reverse("activity:demo_mailbox") + "?to=tom")
    assert "Bonjour" in page.content.decode()
    (letter,) = mailbox.letters(to="tom")
    text = client.get(reverse("activity:demo_letter", args=[letter.name])).content.decode()
    assert "&lt;b&gt;Salut" in text
    assert client.get(reverse("activity:demo_letter", args=["..%2Fetc"])).status_code == 404


def test_a_line_break_in_a_name_does_not_stop_the_mail(helene):
    (told,) = notify([helene], KIND, title="Acme\nBcc: x@pavillon.example asks")
    send_notification(told.pk)
    assert mail.outbox[0].subject == "Acme Bcc: x@pavillon.example asks"


def test_a_letter_that_cannot_be_written_is_kept_as_failed(helene):
    (told,) = notify([helene], KIND, title="Une demande attend")
    Notification.objects.filter(pk=told.pk).update(title="Acme\nX")
    with pytest.raises(BadHeaderError):
        send_notification(told.pk)
    told.refresh_from_db()
    assert told.email_state == "failed"
    assert told.email_error


def test_two_jobs_of_one_letter_wait_for_each_other(helene):
    (told,) = notify([helene], KIND, title="Une demande attend")
    with CaptureQueriesContext(connection) as asked:
        send_notification(told.pk)
    assert any("FOR UPDATE" in each["sql"] for each in asked)
    assert mail.outbox[0].extra_headers["Message-ID"].startswith(f"<notification-{told.pk}@")


def test_mail_is_tried_again_with_growing_waits():
    first = send_notification.retry_strategy.get_retry_decision(exception=OSError(), job=Mock(attempts=0))
    last = send_notification.retry_strategy.get_retry_decision(exception=OSError(), job=Mock(attempts=7))
    assert (last.retry_at - first.retry_at).total_seconds() > 60_000
    assert send_notification.retry_strategy.get_retry_decision(exception=OSError(), job=Mock(attempts=8)) is None
