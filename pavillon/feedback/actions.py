"""What is done with remarks about the platform: sent, decided, joined, published, supported."""

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.feedback.enums import DECIDED, State
from pavillon.feedback.models import RUNNERS, Decision, Feedback, FeedbackStep, Support


class AnswerMissing(Exception):
    """A decision says in words what becomes of the remark."""


class WrongJoin(Exception):
    """A remark is joined to another one that stands by itself."""


def _locked(feedback: Feedback) -> Feedback:
    return Feedback.objects.select_for_update(of=("self",)).select_related("author", "organisation").get(pk=feedback.pk)


@transaction.atomic
def send_feedback(
    *, rating: int, text: str, wants_answer: bool, screen: str, path: str, theme: str = "", by: User
) -> Feedback:
    """Somebody says how well a screen serves; those who run the platform find it in their inbox, without a mail."""
    feedback = Feedback.objects.create(
        author=by,
        organisation=by.organisation,
        role=by.role or "",
        rating=rating,
        text=text,
        wants_answer=wants_answer,
        screen=screen,
        path=path,
        theme=theme,
    )
    FeedbackStep.objects.create(feedback=feedback, state=State.NEW, by=by)
    record("feedback.feedback_sent", feedback, by=by)
    with house():
        runners = list(User.objects.working().acting_in(role__in=RUNNERS).exclude(pk=by.pk).distinct())
    notify(
        runners,
        "feedback.received",
        title=format_lazy(gettext_lazy("Feedback {reference}: {rating} out of 5"), reference=feedback, rating=rating),
        body=text,
        url=feedback.get_absolute_url(),
        email=False,
    )
    return feedback


@transaction.atomic
def decide_feedback(*, feedback: Feedback, state: str, theme: str, answer: str, by: User) -> Feedback:
    """Move a remark, and those joined to it; each author is told in one's language. Raises AnswerMissing, WrongJoin."""
    feedback = _locked(feedback)
    if feedback.joined_to_id is not None:
        raise WrongJoin(_("It was joined to another one, and follows what is decided there."))
    if state in DECIDED and not answer:
        raise AnswerMissing(_("“%(state)s” needs words: say what becomes of it.") % {"state": State(state).label})
    told = state != feedback.state or answer != feedback.answer
    for row in (feedback, *_duplicates(feedback)):
        _move(row, state, theme, answer, by)
        if told:
            _tell(row, answer, by)
    Decision.objects.filter(feedback=feedback).exclude(state=state).update(state=state)
    return feedback


def _duplicates(feedback: Feedback) -> list[Feedback]:
    return list(feedback.duplicates.select_for_update(of=("self",)).select_related("author", "organisation"))


def _move(row: Feedback, state: str, theme: str, answer: str, by: User) -> None:
    before = snapshot(row)
    row.state, row.theme, row.answer = state, theme, answer
    changes = changes_since(before, row)
    if not changes:
        return
    row.save()
    if "state" in changes or "answer" in changes:
        FeedbackStep.objects.create(feedback=row, state=state, by=by, words=answer)
    # The words themselves stay in the row.
    record(
        "feedback.feedback_decided",
        row,
        by=by,
        changes={k: v for k, v in changes.items() if k != "answer"},
        state=state,
    )


def _tell(row: Feedback, words: str, by: User) -> None:
    if row.author is None or row.author_id == by.pk:
        return
    title = gettext_lazy("Your feedback {reference}: {state}")
    notify(
        [row.author],
        "feedback.answered",
        title=format_lazy(title, reference=row, state=State(row.state).label),
        body=words,
        url=row.get_absolute_url(),
    )


@transaction.atomic
def join_feedback(*, feedback: Feedback, to: Feedback, by: User) -> Feedback:
    """It says the same as another one: it follows that one, with what was joined to it. Raises WrongJoin."""
    rows = {row.pk: row for row in Feedback.objects.select_for_update(of=("self",)).filter(
        pk__in=[feedback.pk, to.pk]).select_related("author", "organisation").order_by("pk")}  # fmt: skip
    feedback, to = rows[feedback.pk], rows[to.pk]
    if feedback.pk == to.pk or to.joined_to_id is not None:
        raise WrongJoin(_("%(reference)s cannot take others: choose one that stands by itself.") % {"reference": to})
    if feedback.joined_to_id is not None:
        raise WrongJoin(_("It was joined to another one already."))
    if Decision.objects.filter(feedback=feedback).exists():
        raise WrongJoin(_("What was decided about it is published: join the other one to it."))
    for row in (feedback, *_duplicates(feedback)):
        before = snapshot(row)
        row.joined_to, row.state, row.answer, row.theme = to, to.state, to.answer, to.theme
        row.save()
        FeedbackStep.objects.create(feedback=row, state=row.state, by=by, words=row.answer)
        changes = {k: v for k, v in changes_since(before, row).items() if k != "answer"}
        record("feedback.feedback_joined", row, to, by=by, changes=changes)
        _tell(row, row.answer, by)
    return feedback


@transaction.atomic
def part_feedback(*, feedback: Feedback, by: User) -> Feedback:
    """Undo a joining: it stands by itself again, being looked at. Raises WrongJoin."""
    feedback = _locked(feedback)
    to = feedback.joined_to
    if to is None:
        raise WrongJoin(_("It stands by itself already."))
    before = snapshot(feedback)
    feedback.joined_to, feedback.state, feedback.answer = None, State.LOOKING, ""
    feedback.save()
    FeedbackStep.objects.create(feedback=feedback, state=State.LOOKING, by=by)
    changes = {k: v for k, v in changes_since(before, feedback).items() if k != "answer"}
    record("feedback.feedback_parted", feedback, to, by=by, changes=changes)
    return feedback


@transaction.atomic
def publish_decision(*, feedback: Feedback, said: str, done: str, by: User) -> Decision:
    """Tell everybody what was said and what was done of it, in words without names. Raises WrongJoin."""
    feedback = _locked(feedback)
    if feedback.joined_to_id is not None:
        raise WrongJoin(_("It was joined to another one: publish that one."))
    decision = Decision.objects.select_for_update().filter(feedback=feedback).first()
    before = snapshot(decision) if decision else {}
    decision = decision or Decision(feedback=feedback)
    decision.kind, decision.said, decision.done, decision.state = feedback.kind, said, done, feedback.state
    decision.save()
    changes = changes_since(before, decision) if before else None
    record("feedback.decision_published", decision, feedback, by=by, changes=changes)
    return decision


@transaction.atomic
def support_decision(*, decision: Decision, wants: bool, by: User) -> None:
    """Say that one wants the same, or no longer. Twice the same changes nothing."""
    own = Support.objects.filter(decision=decision, user=by)
    if wants == own.exists():
        return
    if wants:
        Support.objects.get_or_create(decision=decision, user=by)
    else:
        own.delete()
    record("feedback.decision_supported", decision, by=by, wants=wants)


def forget_feedback(feedback: Feedback) -> None:
    """Who wrote and what: the rating of the screen stays."""
    feedback.steps.exclude(words="").update(words="")
    feedback.steps.filter(by=feedback.author_id).update(by=None)
    feedback.author, feedback.text, feedback.answer, feedback.path = None, "", "", ""
    feedback.wants_answer = False
    feedback.save()
