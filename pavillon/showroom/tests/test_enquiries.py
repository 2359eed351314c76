"""A buyer asks, the seller is told and answers, the team sees state and delay, not the words."""

from datetime import timedelta

import pytest
from django.core import mail
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from pavillon.activity.models import Notification
from pavillon.showroom import actions
from pavillon.showroom.models import Enquiry
from pavillon.showroom.tests import factories

SECRET = "Our budget is 40,000 euros, please keep it quiet."


def ask(cast, kind="question", **more):
    return actions.send_enquiry(
        buyer=cast.buyer, shop=cast.shop, product=cast.product, kind=kind, text=SECRET, by=cast.tom, **more
    )


def test_the_people_chosen_are_told_in_their_language(cast):
    enquiry = ask(cast)
    told = Notification.objects.filter(kind="showroom.enquiry_received")
    assert [n.recipient for n in told] == [cast.ines]
    assert told[0].title == "Tom Comercio (Brésil) vous pose une question"
    assert "Centre d’usinage compact" in told[0].body
    assert told[0].email_state == "queued"
    assert told[0].url == reverse("showroom_company:enquiry", args=[enquiry.pk])
    assert SECRET not in told[0].body


@pytest.mark.covers("LINK-03")
def test_each_type_stands_in_the_inbox_with_state_and_delay(cast, client):
    for kind in ("question", "contact", "quote", "meeting"):
        ask(cast, kind)
    client.force_login(cast.yann)
    page = client.get(reverse("showroom_company:enquiries")).content.decode()
    for label in ("Question", "Contact", "Quote request", "Meeting request"):
        assert f">{label}</td>" in page
    assert page.count("Awaiting an answer") >= 4
    assert "waiting 0 min" in page
    with pytest.raises(ValueError, match="order"):
        ask(cast, "order")


def test_an_answer_stops_the_clock_once(cast):
    enquiry = ask(cast)
    Enquiry.objects.filter(pk=enquiry.pk).update(sent_at=timezone.now() - timedelta(minutes=95))
    actions.answer_enquiry(enquiry=enquiry, text="Yes, at 60 Hz too.", by=cast.ines)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.response_minutes) == ("answered", 95)
    first = enquiry.first_answered_at
    actions.write_message(enquiry=enquiry, text="And at 400 V?", by=cast.tom)
    actions.answer_enquiry(enquiry=enquiry, text="Yes.", by=cast.ines)
    enquiry.refresh_from_db()
    assert (enquiry.first_answered_at, enquiry.response_minutes) == (first, 95)
    told = Notification.objects.filter(kind="showroom.enquiry_answered", recipient=cast.tom)
    assert told.count() == 2
    assert told[0].title == "Mécanique Iroise answered you"


def test_nobody_is_sent_away_without_a_word(cast):
    enquiry = ask(cast)
    with pytest.raises(actions.AnswerFirst):
        actions.close_enquiry(enquiry=enquiry, reason="declined", by=cast.ines)
    actions.close_enquiry(enquiry=enquiry, reason="declined", text="We only sell in sets of ten.", by=cast.ines)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.closing_reason, enquiry.response_minutes) == ("closed", "declined", 0)
    actions.write_message(enquiry=enquiry, text="Then I take ten.", by=cast.tom)
    enquiry.refresh_from_db()
    assert (enquiry.state, enquiry.closed_at) == ("answered", None)


@pytest.mark.parametrize(
    "broken",
    [
        {"state": "answered"},
        {"state": "closed"},
        {"first_answered_at": timezone.now() - timedelta(days=9), "response_minutes": 1, "state": "answered"},
        {"next_step": "Call"},
    ],
)
def test_the_database_keeps_states_and_dates_together(cast, broken):
    enquiry = ask(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        Enquiry.objects.filter(pk=enquiry.pk).update(**broken)


def test_what_is_no_longer_on_show_takes_no_question(cast):
    actions.withdraw_product(product=cast.product, by=cast.ines)
    cast.product.refresh_from_db()
    with pytest.raises(actions.NotOnShow):
        ask(cast)


def test_messages_are_encrypted_in_the_table(cast):
    from django.db import connection

    ask(cast)
    with connection.cursor() as cursor:
        cursor.execute("SELECT text FROM showroom_enquirymessage")
        assert all(text.startswith("pv1:") for (text,) in cursor.fetchall())


def test_reading_a_thread_is_told_to_the_other_side(cast, client):
    enquiry = ask(cast)
    client.force_login(cast.ines)
    client.get(reverse("showroom_company:enquiry", args=[enquiry.pk]))
    assert enquiry.messages.get().read_at is not None
    client.force_login(cast.tom)
    assert "read</span>" in client.get(reverse("showroom_buyer:my_enquiry", args=[enquiry.pk])).content.decode()


@pytest.mark.covers("LINK-04")
def test_the_seller_has_buyer_market_replies_and_help_beside_a_request(cast, client):
    enquiry = ask(cast)
    client.force_login(cast.yann)
    page = client.get(reverse("showroom_company:enquiry", args=[enquiry.pk])).content.decode()
    for text in ("Tom Comercio", "Brazil", "Industry", "Brazil on the showroom", "Ask my adviser", "Ready replies"):
        assert text in page
    reply = cast.shop.reply_templates.filter(language="en").first()
    filled = client.get(reverse("showroom_company:enquiry", args=[enquiry.pk]), {"reply": reply.pk}).content.decode()
    assert reply.text.splitlines()[0] in filled


def test_asking_the_adviser_makes_a_routed_request(cast, client):
    enquiry = ask(cast)
    client.force_login(cast.ines)
    client.post(reverse("showroom_company:ask_adviser", args=[enquiry.pk]), {"text": "How do I price for Brazil?"})
    enquiry.refresh_from_db()
    lead = cast.iroise.leads.get()
    assert enquiry.help_asked_at is not None
    assert (lead.origin, lead.attachment["id"], lead.country_id) == ("showroom", enquiry.pk, "BR")
    assert not enquiry.is_shared


@pytest.mark.covers("NOTI-04")
def test_the_last_person_told_cannot_be_taken_away(cast, client):
    client.force_login(cast.ines)
    address = reverse("showroom_company:change_recipients", args=[cast.shop.pk])
    answer = client.post(address, {"people": [cast.yann.pk]})
    assert answer.status_code == 302
    assert [r.user for r in cast.shop.recipients.all()] == [cast.yann]
    page = client.post(address, {}).content.decode()
    assert "au moins une personne" in page
    assert cast.shop.recipients.count() == 1
    ask(cast)
    assert Notification.objects.get(kind="showroom.enquiry_received").recipient == cast.yann


@pytest.mark.covers("NOTI-01")
def test_a_question_reaches_inbox_and_mailbox_with_its_delivery(cast, django_capture_on_commit_callbacks):
    from pavillon.activity.tasks import send_notification

    ask(cast)
    told = Notification.objects.get(kind="showroom.enquiry_received")
    send_notification(notification_id=told.pk)
    told.refresh_from_db()
    assert told.email_state == "sent"
    assert told.email_sent_at is not None
    letter = next(letter for letter in mail.outbox if letter.to == [cast.ines.email])
    assert "Tom Comercio" in letter.subject


def test_the_trail_tells_that_something_was_asked_never_what(cast):
    from pavillon.activity.models import Entry

    ask(cast)
    entry = Entry.objects.get(verb="showroom.enquiry_sent")
    assert SECRET not in f"{entry.facts}{entry.changes}"
    assert entry.actor == cast.tom


def test_enquiries_of_two_shops_never_mix(cast):
    ask(cast)
    other = factories.buyer("Ana", "JP")
    actions.send_enquiry(
        buyer=other, shop=cast.rival_shop, product=cast.boat, kind="quote", text="For two boats, please.", by=other.user
    )
    assert Enquiry.objects.visible_to(cast.ines).count() == 1
    assert Enquiry.objects.visible_to(cast.marc).get().product == cast.boat
    assert Enquiry.objects.visible_to(cast.tom).get().product == cast.product
    assert Enquiry.objects.visible_to(cast.helene).get().shop == cast.shop
    assert Enquiry.objects.visible_to(cast.alice).count() == 2


def test_pages_of_the_public_frame_sign_out_too(cast, client):
    """Whoever writes to a seller is signed in, and need not look for another page to leave."""
    ask_page = reverse("showroom:send_enquiry", args=[cast.product.pk, cast.product.slug])
    leave = f'action="{reverse("account_logout")}"'
    assert leave not in client.get(ask_page).content.decode()
    client.force_login(cast.tom)
    page = client.get(ask_page).content.decode()
    assert leave in page
    # Pages that everybody gets alike have none, or one visitor's token would be another's.
    shown = client.get(cast.product.get_absolute_url())
    assert (leave in shown.content.decode()) == ("no-store" in shown.headers["Cache-Control"])
