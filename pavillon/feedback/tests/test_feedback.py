"""The button of every screen, what is answered, and what everybody reads of it."""

import re

import pytest
from django.shortcuts import render
from django.urls import reverse
from django.utils import translation

from pavillon.accounts.models import User
from pavillon.activity.models import Entry, Notification
from pavillon.feedback import actions
from pavillon.feedback.models import Decision, Feedback, FeedbackStep
from pavillon.feedback.queries import screen_name, screen_of

SEND, TRIAGE = reverse("feedback:send_feedback"), reverse("feedback:triage_feedback")
WORDS = "La recherche oublie mes filtres quand je reviens."


def sent(by, text=WORDS, rating=2, **more):
    values = {"rating": rating, "text": text, "wants_answer": True, "screen": "ui:view_style_guide", "path": "/x/"}
    return actions.send_feedback(by=by, **(values | more))


@pytest.mark.covers("METH-01")
def test_feedback_is_sent_tracked_and_answered(cast, sign_in, django_assert_max_num_queries):
    """From the button of a page to the answer that its author reads, with the history; published, and supported."""
    author, client = cast.nour, sign_in(cast.nour)
    page = client.get(reverse("activity:inbox"), {"q": "secret"}).text
    button = re.search(r'<a class="btn quiet feedbackbutton"\s+href="([^"]+)"\s+data-modal="[^"]+"', page)
    assert button
    assert "secret" not in button.group(1), "the query stays on the page"
    asked = client.get(button.group(1), headers={"HX-Request": "true"}).text
    assert "<html" not in asked
    here = re.search(r'name="page" value="([^"]+)"', asked).group(1)
    data = {"page": f"{here}?q=secret", "rating": "2", "theme": "", "text": WORDS, "wants_answer": "on"}
    refused = client.post(SEND, {**data, "rating": ""}, headers={"HX-Request": "true"})
    assert (refused.status_code, WORDS in refused.text) == (422, True)
    done = client.post(SEND, data, headers={"HX-Request": "true"})
    assert done.status_code == 204
    assert {"close-modal", "toast"} <= set(done.headers["HX-Trigger"].replace('"', " ").split())
    feedback = Feedback.objects.get()
    assert (feedback.screen, feedback.path, feedback.organisation) == ("activity:inbox", "/inbox/", author.organisation)
    # Without script: back to the page that one came from, never to another site.
    assert client.post(SEND, {**data, "page": "/inbox/?q=7"}).url == "/inbox/?q=7"
    assert client.post(SEND, {**data, "page": "//elsewhere.example/"}).url == reverse("feedback:my_feedback")
    second, third = Feedback.objects.order_by("pk")[1:]
    assert "new" in third.state

    # Those who run the platform are told, find it by its words, and answer.
    assert Notification.objects.filter(recipient=cast.operator, kind="feedback.received").count() == 3, "once each"
    client = sign_in(cast.operator)
    client.get(TRIAGE)
    with django_assert_max_num_queries(10):
        listing = client.get(TRIAGE, {"q": "oublie", "state": "new", "sort": "weight"}).context["listing"]
        assert len(listing.rows) == 3
    assert client.get(TRIAGE, {"q": feedback.reference}).context["listing"].rows == [feedback]
    assert WORDS in client.get(TRIAGE, {"format": "csv"}).getvalue().decode()
    decide = reverse("feedback:decide_feedback", args=[feedback.pk])
    wordless = client.post(decide, {"state": "planned", "theme": "ease", "answer": ""})
    assert (wordless.status_code, "Planned" in wordless.text) == (422, True)
    join = reverse("feedback:join_feedback", args=[second.pk])
    assert client.post(join, {"to": "F-999999"}).status_code == 422
    assert client.post(join, {"to": second.reference}).status_code == 422
    assert client.post(join, {"to": feedback.reference}).status_code == 302
    answer = {"state": "planned", "theme": "ease", "answer": "Les filtres seront gardés le mois prochain."}
    assert client.post(decide, answer).status_code == 302
    assert client.post(reverse("feedback:decide_feedback", args=[second.pk]), answer).status_code == 403
    publish = reverse("feedback:publish_decision", args=[feedback.pk])
    assert client.post(publish, {"said": "Garder les filtres", "done": "Le mois prochain"}).status_code == 302
    weights = {row.pk: row.weight for row in client.get(TRIAGE).context["listing"].rows}
    assert weights == {feedback.pk: 1, second.pk: 0, third.pk: 0}

    # Its author, and whoever said the same, are told in one's language, and read what happened.
    told = Notification.objects.filter(recipient=author, kind="feedback.answered")
    assert {note.url for note in told} == {feedback.get_absolute_url(), second.get_absolute_url()}
    assert all(answer["answer"] in note.body for note in told.order_by("-pk")[:2])
    client = sign_in(author)
    mine = client.get(reverse("feedback:my_feedback"))
    assert answer["answer"] in mine.text
    own = client.get(second.get_absolute_url())
    assert answer["answer"] in own.text
    assert list(FeedbackStep.objects.filter(feedback=feedback).values_list("state", flat=True)) == ["new", "planned"]
    assert client.post(decide, answer).status_code == 403
    assert client.get(TRIAGE).status_code == 403

    # Everybody reads what was decided, by team, without who said it; others want the same.
    client = sign_in(cast.claire)
    decisions = reverse("feedback:view_decisions")
    with django_assert_max_num_queries(10):
        shown = client.get(decisions, {"kind": feedback.kind, "state": "planned"})
    assert "Garder les filtres" in shown.text
    assert WORDS not in shown.text
    assert client.get(feedback.get_absolute_url()).status_code == 404
    decision = Decision.objects.get()
    support = reverse("feedback:support_decision", args=[decision.pk])
    for _twice in range(2):
        client.post(support, {"wants": "yes"})
    assert decision.supports.count() == 1
    client.post(support, {"wants": "no"})
    assert decision.supports.count() == 0

    # It is done: the published words follow, and the trail says who.
    client = sign_in(cast.operator)
    client.post(decide, {**answer, "state": "done", "answer": "C’est fait."})
    decision.refresh_from_db()
    second.refresh_from_db()
    assert (decision.state, second.state, second.answer) == ("done", "done", "C’est fait.")
    verbs = Entry.objects.about(feedback).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == [
        "feedback.feedback_sent", "feedback.feedback_joined", "feedback.feedback_decided",
        "feedback.decision_published", "feedback.feedback_decided",
    ]  # fmt: skip


def test_satisfaction_by_screen_and_month_is_one_statement(cast, sign_in, django_assert_max_num_queries):
    for rating in (5, 4, 2):
        sent(cast.nour, rating=rating)
    sent(cast.claire, rating=1, screen="activity:inbox")
    client, page = sign_in(cast.operator), reverse("feedback:view_satisfaction")
    client.get(page)
    with django_assert_max_num_queries(8):
        found = client.get(page).context["satisfaction"]
    assert [(line.screen, line.count, line.mean, line.cells[-1]) for line in found.lines] == [
        ("ui:view_style_guide", 3, 3.7, (3.7, 3)),
        ("activity:inbox", 1, 1.0, (1.0, 1)),
    ]
    assert (found.count, found.mean) == (4, 3.0)
    assert sign_in(cast.nour).get(page).status_code == 403


def test_of_an_address_the_screen_is_kept_and_no_secret():
    assert screen_of("/inbox/?token=abc#x") == ("activity:inbox", "/inbox/")
    assert screen_of("/feedback/12/") == ("feedback:view_feedback", "/feedback/12/")
    name, path = screen_of("/account/invitation/secret-of-the-letter/")
    assert name == "accounts:accept_invitation"
    assert "secret" not in path
    assert screen_of("//elsewhere.example/") == screen_of("/no/such/page/") == screen_of("") == ("", "")
    names = {"directory:company": "Company", "crm:leads": "Requests", "agenda:entry": "Entry of an agenda"}
    with translation.override("en"):
        assert {screen: screen_name(screen) for screen in names} == names, "words that people read"
        assert "/leads/…/" in screen_name("crm:take_charge")
    assert screen_name("nowhere:now") == "nowhere:now"


def test_joined_by_mistake_it_stands_by_itself_again(cast, sign_in):
    one, other = sent(cast.nour), sent(cast.claire)
    actions.join_feedback(feedback=other, to=one, by=cast.operator)
    with pytest.raises(actions.WrongJoin):
        actions.join_feedback(feedback=one, to=Feedback.objects.get(pk=other.pk), by=cast.operator)
    part = reverse("feedback:part_feedback", args=[other.pk])
    assert sign_in(cast.claire).post(part).status_code == 403
    assert sign_in(cast.operator).post(part).status_code == 302
    other.refresh_from_db()
    assert (other.joined_to, other.state) == (None, "looking")


def test_who_is_forgotten_leaves_the_rating_of_a_screen(cast):
    feedback = sent(cast.nour)
    actions.decide_feedback(feedback=feedback, state="done", theme="", answer="Fait, Nour.", by=cast.operator)
    actions.forget_feedback(feedback)
    feedback.refresh_from_db()
    assert (feedback.author, feedback.text, feedback.answer, feedback.rating) == (None, "", "", 2)
    assert not feedback.steps.exclude(words="").exists()


@pytest.mark.covers("METH-01")
def test_every_layout_has_the_button(cast, rf):
    """Whatever a screen stands in: the desk, a company's space, the account, the public sites, the showroom."""
    request = rf.get("/somewhere/")
    request.user, request.session = User.objects.get(pk=cast.nour.pk), {}
    for layout in ("workspace", "company", "account", "public", "regional", "showroom"):
        page = render(request, f"ui/{layout}.html").text
        assert re.search(r'feedbackbutton"\s+href="[^"]*somewhere', page), layout
