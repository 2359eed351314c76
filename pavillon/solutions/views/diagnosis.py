"""The diagnosis, open to everybody: one question a page, an answer kept each time, a result, its PDF."""

from functools import wraps

from django.conf import settings
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from pavillon.campaigns.queries.links import PARAMETER
from pavillon.core.reading import note_read
from pavillon.core.views import public, requires
from pavillon.metrics.actions import count
from pavillon.solutions.actions import diagnosis as actions
from pavillon.solutions.forms.diagnosis import AnswerForm
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.queries import diagnosis as queries
from pavillon.solutions.queries.catalogue import solutions_for
from pavillon.solutions.queries.sites import region_of, region_of_diagnosis
from pavillon.solutions.sheet import result_chart, result_pdf
from pavillon.ui.htmx import form_page
from pavillon.ui.limits import limited

COOKIE = f"{settings.COOKIE_PREFIX}diagnosis"
COOKIE_SECONDS = actions.ANONYMOUS_DAYS * 24 * 3600


def with_diagnosis(view):
    """Give the view the diagnosis behind its link, and keep the page out of search engines and shared caches."""

    @wraps(view)
    def reached(request, token, **kwargs):
        try:
            diagnosis = queries.reach_diagnosis(token, request.user)
        except queries.NoSuchDiagnosis as error:
            raise Http404 from error
        if diagnosis.company_id:
            note_read(request.user, diagnosis, how="page")
        region_of_diagnosis(request, diagnosis)
        response = view(request, diagnosis=diagnosis, **kwargs)
        response["X-Robots-Tag"] = "noindex"
        response["Cache-Control"] = "private, no-store"
        return response

    return public(reached)


@public
def diagnosis(request):
    """What the diagnosis is, and where to go on if one was begun on this browser."""
    region = region_of(request)
    running = queries.find_running(request.COOKIES.get(COOKIE, ""), request.user)
    questionnaire = queries.find_questionnaire()
    context = {"region": region, "running": running, "questionnaire": questionnaire, "themes": queries.all_themes()}
    return render(request, "solutions/diagnosis.html", context)


@public
def first_steps(request):
    """For those who do not export and never thought of it: plain words, no prior knowledge (ledger DIAG-03)."""
    count("solutions.first_steps_read", region_id=getattr(region_of(request), "pk", ""))
    return render(request, "solutions/first_steps.html", {"region": region_of(request)})


@public
@limited("120/h", person="60/h")
@require_POST
def start_diagnosis(request):
    region = region_of(request)
    if queries.find_questionnaire() is None:
        return redirect("solutions:diagnosis")
    code = request.POST.get(PARAMETER, "")
    diagnosis = actions.start_diagnosis(language=get_language(), region=region, by=request.user, campaign=code)
    if request.POST.get("history") == "never":
        actions.answer_question(diagnosis=diagnosis, code="history", choice="never", by=request.user)
    response = redirect("solutions:resume_diagnosis", token=diagnosis.token)
    response.set_cookie(
        COOKIE,
        diagnosis.token,
        max_age=COOKIE_SECONDS,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure(),
    )
    return response


@with_diagnosis
def resume_diagnosis(request, diagnosis):
    """The link that is copied: it leads to the next question, or to the result."""
    question = queries.passage_of(diagnosis).next_question
    if question is None:
        return redirect("solutions:read_result", token=diagnosis.token)
    return redirect("solutions:answer_question", token=diagnosis.token, code=question.code)


@with_diagnosis
@limited("1800/h", person="600/h")
def answer_question(request, diagnosis, code):
    passage = queries.passage_of(diagnosis)
    question = passage.find(code)
    if question is None or not queries.may_answer(diagnosis, request.user):
        return redirect("solutions:resume_diagnosis", token=diagnosis.token)
    posted = request.POST if request.method == "POST" else None
    form = AnswerForm(posted, question=question, given=passage.given.get(code, ""))
    if form.is_valid():
        actions.answer_question(diagnosis=diagnosis, code=code, choice=form.cleaned_data["choice"], by=request.user)
        return redirect_after(diagnosis, passage, code)
    return form_page(
        request, "solutions/answer_question.html", question_page(request, diagnosis, passage, question, form)
    )


def redirect_after(diagnosis, passage, code):
    """Somebody who went back goes on to the question that follows, not straight to the end."""
    codes = [question.code for question in passage.asked]
    following = codes[codes.index(code) + 1 :]
    if code in passage.given and following and following[0] in passage.given and not diagnosis.is_finished:
        return redirect("solutions:answer_question", token=diagnosis.token, code=following[0])
    return redirect("solutions:resume_diagnosis", token=diagnosis.token)


def question_page(request, diagnosis, passage, question, form):
    return {
        "diagnosis": diagnosis,
        "passage": passage,
        "question": question,
        "number": passage.number(question.code),
        "before": passage.before(question.code),
        "form": form,
        "link": request.build_absolute_uri(reverse("solutions:resume_diagnosis", args=[diagnosis.token])),
    }


@with_diagnosis
def read_result(request, diagnosis):
    if not diagnosis.is_finished:
        return redirect("solutions:resume_diagnosis", token=diagnosis.token)
    return render(request, "solutions/read_result.html", result_page(request, diagnosis))


def result_page(request, diagnosis):
    steps = queries.steps_of(diagnosis)
    return {
        "diagnosis": diagnosis,
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "chart": result_chart(diagnosis),
        "levels": queries.told_levels(diagnosis),
        "solutions": solutions_for(diagnosis, [step.brick.need for step in steps]),
        "may_answer": queries.may_answer(diagnosis, request.user),
        "link": request.build_absolute_uri(reverse("solutions:resume_diagnosis", args=[diagnosis.token])),
    }


@with_diagnosis
def download_result(request, diagnosis):
    if not diagnosis.is_finished:
        raise Http404
    response = HttpResponse(result_pdf(diagnosis), content_type="application/pdf")
    name = _("export-diagnosis-%(day)s") % {"day": localdate(diagnosis.finished_at).isoformat()}
    response["Content-Disposition"] = f'inline; filename="{name}.pdf"'
    return response


@with_diagnosis
@limited("600/h", person="600/h")
@require_POST
def tick_step(request, diagnosis, step):
    """Tick or untick; the answer is the page again, so it works without a script."""
    found = queries.find_step(diagnosis, step)
    if found is None or not queries.may_answer(diagnosis, request.user):
        raise Http404
    actions.tick_step(step=found, done=request.POST.get("done") == "1", by=request.user)
    target = "solutions_company:my_path" if request.POST.get("from") == "my_path" else "solutions:read_result"
    args = [] if target.endswith("my_path") else [diagnosis.token]
    return redirect(f"{reverse(target, args=args)}#step-{found.pk}")


@requires("solutions.read_diagnosis", on=Diagnosis)
def read_diagnosis(request, diagnosis):
    """The same result on an adviser's desk, with every answer."""
    steps = queries.steps_of(diagnosis)
    context = {
        "diagnosis": diagnosis,
        "chart": result_chart(diagnosis) if diagnosis.is_finished else "",
        "steps": steps,
        "done": sum(step.is_done for step in steps),
        "answers": queries.told_answers(diagnosis),
        "may_open_result": queries.may_read_result(request.user),
    }
    return render(request, "solutions/read_diagnosis.html", context)
