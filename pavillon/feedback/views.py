"""The button of every screen, what became of one's remarks, and the list of those who answer."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from pavillon.core.views import requires
from pavillon.feedback import actions
from pavillon.feedback.forms import (
    DecideFeedbackForm,
    DecisionFilter,
    FeedbackFilter,
    JoinFeedbackForm,
    PublishDecisionForm,
    SendFeedbackForm,
)
from pavillon.feedback.models import Decision, Feedback
from pavillon.feedback.queries import satisfaction_of, screen_name, screen_of
from pavillon.ui.exports import Column
from pavillon.ui.htmx import form_page, fragment, is_htmx, toast, trigger
from pavillon.ui.lists import list_page
from pavillon.ui.messages import say

COLUMNS = [
    Column(gettext_lazy("Reference"), lambda row: row.reference),
    Column(gettext_lazy("Sent at"), lambda row: row.created_at),
    Column(gettext_lazy("Screen"), lambda row: screen_name(row.screen)),
    Column(gettext_lazy("Rating"), lambda row: row.rating),
    Column(gettext_lazy("What is said"), lambda row: row.text),
    Column(gettext_lazy("Theme"), lambda row: row.get_theme_display()),
    Column(gettext_lazy("Step"), lambda row: row.get_state_display()),
    Column(gettext_lazy("Answer"), lambda row: row.answer),
    Column(gettext_lazy("Organisation"), lambda row: str(row.organisation or "")),
    Column(gettext_lazy("Say the same"), lambda row: row.weight),
]


@requires("feedback.send_feedback")
def send_feedback(request):
    """The dialog of every screen; without script a page of its own, from which one goes back."""
    form = SendFeedbackForm(request.POST or None, initial={"page": request.GET.get("from", "")})
    page = (request.POST.get("page") if request.method == "POST" else request.GET.get("from")) or ""
    screen, path = screen_of(page)
    if form.is_valid():
        data = {name: value for name, value in form.cleaned_data.items() if name != "page"}
        sent = actions.send_feedback(screen=screen, path=path, by=request.user, **data)
        return _sent(request, sent, page)
    context = {"form": form, "screen": screen_name(screen) if screen else "", "page": page}
    status = 422 if form.is_bound else 200
    return fragment(request, "feedback/send_feedback.html", "feedback/_send_feedback.html", context, status=status)


def _sent(request, sent, page):
    words = _("Thank you. “My feedback” says what becomes of %(reference)s.") % {"reference": sent}
    if is_htmx(request):
        return toast(trigger(HttpResponse(status=204), "close-modal"), words, url=sent.get_absolute_url())
    say(request, words)
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return redirect(page if is_ours and page.startswith("/") else "feedback:my_feedback")


@require_GET
@requires("feedback.my_feedback")
def my_feedback(request):
    return list_page(
        request,
        Feedback.objects.visible_to(request.user).filter(author=request.user),
        template="feedback/my_feedback.html",
        rows="feedback/_my_rows.html",
        sorts={"newest": ["-created_at"]},
        sort="newest",
    )


@require_GET
@requires("feedback.triage_feedback")
def triage_feedback(request):
    return list_page(
        request,
        Feedback.objects.visible_to(request.user).with_names().with_weight(),
        template="feedback/triage_feedback.html",
        rows="feedback/_feedback_rows.html",
        sorts={"newest": ["-created_at"], "weight": ["-weight", "-created_at"], "rating": ["rating", "-created_at"]},
        sort="newest",
        filters=FeedbackFilter,
        columns=COLUMNS,
        export_permission="feedback.triage_feedback",
    )


@require_GET
@requires("feedback.view_feedback", on=Feedback)
def view_feedback(request, feedback):
    return render(request, "feedback/view_feedback.html", _context(request, feedback))


def _context(request, feedback, **forms):
    """A remark with its history and what its reader may do; `forms` replaces one that came back with errors."""
    deeds = ("decide_feedback", "join_feedback", "part_feedback", "publish_decision")
    decision = Decision.objects.visible_to(request.user).filter(feedback=feedback).first()
    words = decision or Decision(done=feedback.answer[:600])
    return {
        "feedback": feedback,
        "screen": screen_name(feedback.screen),
        "decision": decision,
        "steps": feedback.steps.select_related("by").order_by("-at", "-pk"),
        "duplicates": feedback.duplicates.order_by("pk")[:50] if request.user != feedback.author else (),
        "may": {deed: request.user.has_perm(f"feedback.{deed}", feedback) for deed in deeds},
        "decide_form": DecideFeedbackForm(instance=feedback),
        "join_form": JoinFeedbackForm(user=request.user),
        "publish_form": PublishDecisionForm(instance=words),
    } | forms


def _do(request, feedback, name, form, deed, said):
    """One deed on a remark; what is wrong is told on its page."""
    if form.is_valid():
        try:
            deed(feedback=feedback, by=request.user, **form.cleaned_data)
        except (actions.AnswerMissing, actions.WrongJoin) as error:
            form.add_error(None, str(error))
        else:
            say(request, said)
            return redirect("feedback:view_feedback", feedback.pk)
    feedback.refresh_from_db()
    return form_page(
        request, "feedback/view_feedback.html", {**_context(request, feedback, **{name: form}), "form": form}
    )


@require_POST
@requires("feedback.decide_feedback", on=Feedback)
def decide_feedback(request, feedback):
    form = DecideFeedbackForm(request.POST, instance=feedback)
    return _do(
        request, feedback, "decide_form", form, actions.decide_feedback, _("It is noted, and its author is told.")
    )


@require_POST
@requires("feedback.join_feedback", on=Feedback)
def join_feedback(request, feedback):
    form = JoinFeedbackForm(request.POST, user=request.user)
    return _do(request, feedback, "join_form", form, actions.join_feedback, _("They are joined."))


@require_POST
@requires("feedback.part_feedback", on=Feedback)
def part_feedback(request, feedback):
    actions.part_feedback(feedback=feedback, by=request.user)
    say(request, _("It stands by itself again."))
    return redirect(feedback)


@require_POST
@requires("feedback.publish_decision", on=Feedback)
def publish_decision(request, feedback):
    form = PublishDecisionForm(request.POST)
    return _do(request, feedback, "publish_form", form, actions.publish_decision, _("Everybody reads it now."))


@require_GET
@requires("feedback.view_decisions")
def view_decisions(request):
    return list_page(
        request,
        Decision.objects.visible_to(request.user).supported_by(request.user),
        template="feedback/view_decisions.html",
        rows="feedback/_decision_rows.html",
        sorts={"newest": ["-changed_at"], "wanted": ["-count", "-changed_at"]},
        sort="newest",
        filters=DecisionFilter,
    )


@require_POST
@requires("feedback.support_decision", on=Decision)
def support_decision(request, decision):
    actions.support_decision(decision=decision, wants=request.POST.get("wants") == "yes", by=request.user)
    return redirect("feedback:view_decisions")


@require_GET
@requires("feedback.view_satisfaction")
def view_satisfaction(request):
    return render(request, "feedback/view_satisfaction.html", {"satisfaction": satisfaction_of(request.user)})
