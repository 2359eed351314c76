"""The diagnosis as a visitor takes it: page by page, back and forth, later, on another browser."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape

from pavillon.accounts.tests import factories as people
from pavillon.metrics.models import Waiting
from pavillon.solutions.actions.diagnosis import answer_questions, start_diagnosis
from pavillon.solutions.models import Answer, Diagnosis, PathStep, Questionnaire
from pavillon.solutions.queries.diagnosis import passage_of
from pavillon.solutions.tests.factories import OTHER_SIREN, open_account, take_diagnosis

pytestmark = pytest.mark.usefixtures("ground")


def start(client, language="fr", **fields):
    answer = client.post(f"/{language}/diagnosis/start/", fields)
    assert answer.status_code == 302
    return Diagnosis.objects.get(token=answer.url.split("/")[3])


def go_through(client, diagnosis, wanted=None):
    """Answer every page by its form, as a browser would, and return the page of the result."""
    page = client.get(reverse("solutions:resume_diagnosis", args=[diagnosis.token]), follow=True)
    while "question" in page.context:
        question = page.context["question"]
        choice = (wanted or {}).get(question.code) or question.choices.all()[0].code
        page = client.post(page.redirect_chain[-1][0], {"choice": choice}, follow=True)
    return page


def test_nothing_is_stored_in_the_browser_before_one_starts(client):
    page = client.get("/fr/diagnosis/")
    assert page.status_code == 200
    assert set(client.cookies) <= {"csrftoken"}


@pytest.mark.parametrize("language", ["fr", "en"])
def test_before_any_questionnaire_the_page_says_so(client, language):
    Questionnaire.objects.update(is_current=False)
    page = client.get(f"/{language}/diagnosis/")
    assert page.status_code == 200
    assert {"fr": "Le diagnostic se prépare", "en": "being prepared"}[language] in page.content.decode()
    answer = client.post(f"/{language}/diagnosis/start/")
    assert (answer.status_code, answer.url) == (302, f"/{language}/diagnosis/")
    assert not Diagnosis.objects.exists()


def test_a_visitor_goes_from_the_first_question_to_the_result(client):
    diagnosis = start(client, region="bretagne")
    assert diagnosis.region_id == "53"
    page = go_through(client, diagnosis, {"history": "never", "sector": "food"})
    diagnosis.refresh_from_db()
    assert page.status_code == 200
    assert page.redirect_chain[-1][0].endswith("/result/")
    assert diagnosis.is_finished
    text = page.content.decode()
    assert str(diagnosis.level_name) in text
    assert escape(diagnosis.steps.first().brick.name) in text
    assert Waiting.objects.filter(kind="solutions.diagnosis_finished", region_id="53").count() == 1


def test_a_question_needs_an_answer(client):
    diagnosis = start(client)
    page = client.post(reverse("solutions:answer_question", args=[diagnosis.token, "history"]), {})
    assert page.status_code == 422
    assert "Choisissez une des réponses" in page.content.decode()
    assert Answer.objects.count() == 0


def test_a_choice_of_another_question_is_refused(client):
    diagnosis = start(client)
    page = client.post(reverse("solutions:answer_question", args=[diagnosis.token, "history"]), {"choice": "food"})
    assert page.status_code == 422
    assert Answer.objects.count() == 0


def test_a_question_further_on_cannot_be_jumped_to(client):
    diagnosis = start(client)
    page = client.get(reverse("solutions:answer_question", args=[diagnosis.token, "budget"]), follow=True)
    assert page.context["question"].code == "history"


def test_one_resumes_where_one_stopped_from_the_cookie_and_from_the_link(client):
    diagnosis = start(client)
    client.post(reverse("solutions:answer_question", args=[diagnosis.token, "history"]), {"choice": "never"})
    client.post(reverse("solutions:answer_question", args=[diagnosis.token, "sector"]), {"choice": "food"})
    home = client.get("/fr/diagnosis/")
    assert home.context["running"] == diagnosis
    elsewhere = type(client)()
    page = elsewhere.get(reverse("solutions:resume_diagnosis", args=[diagnosis.token]), follow=True)
    assert page.context["question"].code == "horizon"
    assert page["X-Robots-Tag"] == "noindex"


def test_one_goes_back_and_the_branch_follows(client):
    diagnosis = start(client)
    for code, choice in (("history", "regular"), ("sector", "food"), ("horizon", "now"), ("reason", "plan")):
        client.post(reverse("solutions:answer_question", args=[diagnosis.token, code]), {"choice": choice})
    for code, choice in (("markets", "list"), ("owner", "boss"), ("countries", "many")):
        client.post(reverse("solutions:answer_question", args=[diagnosis.token, code]), {"choice": choice})
    assert "countries" in passage_of(diagnosis).given
    client.post(reverse("solutions:answer_question", args=[diagnosis.token, "history"]), {"choice": "never"})
    passage = passage_of(diagnosis)
    assert "countries" not in passage.given
    assert not Answer.objects.filter(diagnosis=diagnosis, question__code="countries").exists()


@pytest.mark.covers("DIAG-03")
def test_who_does_not_export_has_a_path_in_plain_words(client):
    page = client.get("/fr/first-steps/?region=bretagne")
    assert page.status_code == 200
    for word in ("Incoterm", "B2B", "sourcing", "HS code"):
        assert word not in page.content.decode()
    diagnosis = start(client, region="bretagne", history="never")
    assert passage_of(diagnosis).given == {"history": "never"}
    page = client.get(reverse("solutions:resume_diagnosis", args=[diagnosis.token]), follow=True)
    assert page.context["question"].code == "sector"


def test_a_passage_kept_at_once_is_the_same_as_answer_by_answer():
    one_by_one, at_once = take_diagnosis(), start_diagnosis(language="fr", by=AnonymousUser())
    answer_questions(diagnosis=at_once, choose=lambda question: question.choices.all()[0].code, by=AnonymousUser())
    at_once.refresh_from_db()
    told = [
        (
            sorted(Answer.objects.filter(diagnosis=each).values_list("question__code", "choice__code")),
            (each.score, each.level, each.theme_scores, each.is_finished),
            list(PathStep.objects.filter(diagnosis=each).order_by("order").values_list("brick", "score")),
        )
        for each in (Diagnosis.objects.get(pk=one_by_one.pk), at_once)
    ]
    assert told[0] == told[1]
    assert told[0][0]


def test_the_pages_speak_english_too(client):
    diagnosis = start(client, language="en")
    page = client.get(
        reverse("solutions:resume_diagnosis", args=[diagnosis.token]).replace("/fr/", "/en/"), follow=True
    )
    assert "Have you sold abroad before?" in page.content.decode()


def test_ticks_stay_when_answers_change(client):
    diagnosis = take_diagnosis({"history": "never", "sector": "food", "horizon": "now"})
    step = diagnosis.steps.get(brick="why-export")
    address = reverse("solutions:tick_step", args=[diagnosis.token, step.pk])
    assert client.post(address, {"done": "1"}).status_code == 302
    client.post(reverse("solutions:answer_question", args=[diagnosis.token, "site"]), {"choice": "english"})
    assert PathStep.objects.get(diagnosis=diagnosis, brick="why-export").is_done
    client.post(
        reverse("solutions:tick_step", args=[diagnosis.token, diagnosis.steps.get(brick="why-export").pk]),
        {"done": "0"},
    )
    assert not PathStep.objects.get(diagnosis=diagnosis, brick="why-export").is_done


def test_the_adviser_reads_how_many_steps_are_done(client, bretagne):
    """One step is written in the singular, in French too."""
    diagnosis = take_diagnosis({"history": "never", "sector": "food", "horizon": "now"})
    total = diagnosis.steps.count()
    open_account(diagnosis=diagnosis)
    chamber = people.actions.create_organisation(name="CCI", kind="chamber", level="regional", region=bretagne, by=None)
    client.force_login(people.person("Nour", chamber, "adviser", language="fr"))
    address = reverse("solutions_team:read_diagnosis", args=[diagnosis.pk])
    assert f"0 étape faite sur {total}" in client.get(address).text
    diagnosis.steps.filter(brick="why-export").update(done_at=timezone.now())
    assert f"1 étape faite sur {total}" in client.get(address).text


def test_a_step_of_another_diagnosis_is_not_found(client):
    mine, other = take_diagnosis(), take_diagnosis()
    step = other.steps.first()
    assert client.post(reverse("solutions:tick_step", args=[mine.token, step.pk]), {"done": "1"}).status_code == 404


def test_the_result_is_a_pdf_that_names_itself(client):
    diagnosis = take_diagnosis({"history": "never"})
    answer = client.get(reverse("solutions:download_result", args=[diagnosis.token]))
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert b"pdfuaid" in answer.content


def test_a_link_stops_working_for_strangers_once_a_company_owns_the_result(client):
    diagnosis = take_diagnosis({"history": "never"})
    claire = open_account(diagnosis=diagnosis)
    address = reverse("solutions:read_result", args=[diagnosis.token])
    assert client.get(address).status_code == 404
    stranger = open_account(siren=OTHER_SIREN, email="luc@example.example")
    client.force_login(stranger, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 404
    client.force_login(claire, backend="allauth.account.auth_backends.AuthenticationBackend")
    assert client.get(address).status_code == 200


def test_pages_cost_few_queries(client, django_assert_max_num_queries):
    diagnosis = take_diagnosis({"history": "never"})
    with django_assert_max_num_queries(6):
        client.get("/fr/diagnosis/")
    with django_assert_max_num_queries(8):
        client.get(reverse("solutions:answer_question", args=[diagnosis.token, "budget"]))
    with django_assert_max_num_queries(8):
        client.get(reverse("solutions:read_result", args=[diagnosis.token]))


def test_abandoned_ones_are_forgotten_after_ninety_days():
    from datetime import timedelta

    from django.utils import timezone

    from pavillon.solutions.actions.diagnosis import forget_abandoned

    old, new, owned = take_diagnosis(), take_diagnosis(), take_diagnosis()
    open_account(diagnosis=owned)
    past = timezone.now() - timedelta(days=91)
    Diagnosis.objects.filter(pk__in=[old.pk, owned.pk]).update(changed_at=past)
    assert forget_abandoned() == 1
    assert set(Diagnosis.objects.all()) == {new, owned}
