"""Starting, answering, finishing a diagnosis; making it a company's own."""

from collections.abc import Callable
from datetime import timedelta

from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.campaigns.queries.campaigns import campaign_of_code
from pavillon.core.changes import changes_since, snapshot
from pavillon.core.wall import house
from pavillon.directory.models import Company
from pavillon.metrics.actions import count
from pavillon.reference.models import Region
from pavillon.solutions.events import diagnosis_claimed, diagnosis_finished
from pavillon.solutions.models import Answer, Brick, Choice, Diagnosis, PathStep, Question, Theme
from pavillon.solutions.queries.diagnosis import Passage, current_questionnaire, passage_of
from pavillon.solutions.queries.scoring import choose_bricks, score_passage

ANONYMOUS_DAYS = 90


class NotAChoice(Exception):
    """The answer is not one of the choices of that question."""


class NotAsked(Exception):
    """The question does not apply here, or comes after one that is not answered yet."""


class AlreadyClaimed(Exception):
    """The diagnosis belongs to another company."""


def company_of(user: User | AnonymousUser) -> Company | None:
    """The company that a person acts for, None for anybody else."""
    if not isinstance(user, User) or not user.is_company:
        return None
    return Company.objects.filter(organisation=user.organisation).first()


@transaction.atomic
def start_diagnosis(
    *, language: str, region: Region | None = None, by: User | AnonymousUser, campaign: str = ""
) -> Diagnosis:
    """Begin a new one; a signed-in company owns it from the start, anybody else holds it by its link.

    `campaign` is the code that a link said: a request that follows from it is of that campaign.
    """
    user = by if isinstance(by, User) else None
    company = company_of(by)
    diagnosis = Diagnosis.objects.create(
        questionnaire=current_questionnaire(),
        region=region,
        language=language,
        company=company,
        user=user if company else None,
        campaign=campaign_of_code(campaign),
    )
    record("solutions.diagnosis_started", diagnosis, *([company] if company else []), by=user)
    count("solutions.diagnosis_started", region_id=region.pk if region else "")
    return diagnosis


@transaction.atomic
def answer_question(*, diagnosis: Diagnosis, code: str, choice: str, by: User | AnonymousUser) -> Passage:
    """Keep one answer. When it was the last one, the result and the path are worked out.

    Raises NotAsked and NotAChoice. A changed answer in a finished diagnosis works the result out again; ticked
    steps that are still part of the path stay ticked. Answers are not written in the trail one by one: the
    diagnosis itself keeps them.
    """
    diagnosis = Diagnosis.objects.select_for_update().get(pk=diagnosis.pk)
    passage = passage_of(diagnosis)
    question = passage.find(code)
    if question is None:
        raise NotAsked(code)
    passage = passage.with_answer(question, _keep_answer(diagnosis, question, choice))
    # Answers to questions that a branch closed are taken away: they would come back with the branch.
    Answer.objects.filter(diagnosis=diagnosis).exclude(question__code__in=list(passage.given)).delete()
    diagnosis.save(update_fields=["changed_at"])
    if passage.next_question is None:
        _finish(diagnosis, passage, by=by if isinstance(by, User) else None)
    return passage


@transaction.atomic
def answer_questions(*, diagnosis: Diagnosis, choose: Callable[[Question], str], by: User | AnonymousUser) -> Passage:
    """Answer what is still open, to the end and in order, and keep it at once: `choose` gives the code of a choice.

    Raises NotAChoice. What comes out is the same as with `answer_question` for each.
    """
    diagnosis = Diagnosis.objects.select_for_update().get(pk=diagnosis.pk)
    passage, answers = passage_of(diagnosis), []
    while question := passage.next_question:
        picked = _picked(question, choose(question))
        answers.append(Answer(diagnosis=diagnosis, question=question, choice=picked))
        passage = passage.with_answer(question, picked)
    # What stands there for a branch that was closed gives way.
    kept = set(passage.given) - {answer.question.code for answer in answers}
    Answer.objects.filter(diagnosis=diagnosis).exclude(question__code__in=kept).delete()
    Answer.objects.bulk_create(answers)
    diagnosis.save(update_fields=["changed_at"])
    _finish(diagnosis, passage, by=by if isinstance(by, User) else None)
    return passage


def _keep_answer(diagnosis: Diagnosis, question: Question, choice: str) -> Choice:
    picked = _picked(question, choice)
    Answer.objects.update_or_create(diagnosis=diagnosis, question=question, defaults={"choice": picked})
    return picked


def _picked(question: Question, choice: str) -> Choice:
    picked = next((row for row in question.choices.all() if row.code == choice), None)
    if picked is None:
        raise NotAChoice(choice)
    return picked


def _finish(diagnosis: Diagnosis, passage: Passage, *, by: User | None) -> None:
    result = score_passage(passage)
    is_first_time = diagnosis.finished_at is None
    before = snapshot(diagnosis)
    diagnosis.finished_at = diagnosis.finished_at or timezone.now()
    diagnosis.score, diagnosis.level, diagnosis.theme_scores = result.score, int(result.level), result.themes
    diagnosis.save()
    bricks = choose_bricks(result, passage.given, list(Brick.objects.filter(is_active=True)), list(Theme.objects.all()))
    _lay_path(diagnosis, bricks)
    about = [diagnosis.company] if diagnosis.company else []
    record(
        "solutions.diagnosis_finished",
        diagnosis,
        *about,
        by=by,
        changes=changes_since(before, diagnosis),
        level=int(result.level),
    )
    if is_first_time:
        count("solutions.diagnosis_finished", company_id=diagnosis.company_id, region_id=diagnosis.region_id or "")
    diagnosis_finished.send(sender=Diagnosis, diagnosis=diagnosis)


def _lay_path(diagnosis: Diagnosis, bricks: list[Brick]) -> None:
    """Replace the path; what was ticked and is still part of it stays ticked."""
    done = dict(PathStep.objects.filter(diagnosis=diagnosis, done_at__isnull=False).values_list("brick", "done_at"))
    PathStep.objects.filter(diagnosis=diagnosis).delete()
    PathStep.objects.bulk_create(
        PathStep(
            diagnosis=diagnosis,
            brick=brick,
            order=place,
            score=diagnosis.theme_scores.get(brick.theme_id, 0),
            done_at=done.get(brick.pk),
        )
        for place, brick in enumerate(bricks, start=1)
    )


@house()
@transaction.atomic
def claim_diagnosis(*, diagnosis: Diagnosis, company: Company, by: User) -> Diagnosis:
    """Attach an anonymous diagnosis to a company; its result and its path stay as they are.

    Raises AlreadyClaimed when it belongs to another company.
    """
    diagnosis = Diagnosis.objects.select_for_update().get(pk=diagnosis.pk)
    if diagnosis.company_id == company.pk:
        return diagnosis
    if diagnosis.company_id is not None:
        raise AlreadyClaimed(diagnosis.pk)
    diagnosis.company, diagnosis.user = company, by
    diagnosis.save(update_fields=["company", "user", "changed_at"])
    record("solutions.diagnosis_claimed", diagnosis, company, by=by)
    diagnosis_claimed.send(sender=Diagnosis, diagnosis=diagnosis, company=company, by=by)
    return diagnosis


@transaction.atomic
def tick_step(*, step: PathStep, done: bool, by: User | AnonymousUser) -> PathStep:
    """Tick a step of the path, or take the tick away."""
    step = PathStep.objects.select_for_update(of=("self",)).select_related("diagnosis__company").get(pk=step.pk)
    if step.is_done == done:
        return step
    before = snapshot(step)
    step.done_at = timezone.now() if done else None
    step.save(update_fields=["done_at"])
    about = [step.diagnosis.company] if step.diagnosis.company else []
    record(
        "solutions.step_ticked",
        step.diagnosis,
        *about,
        by=by if isinstance(by, User) else None,
        changes=changes_since(before, step),
        brick=step.brick_id,
        done=done,
    )
    return step


def forget_abandoned() -> int:
    """Delete anonymous diagnoses that nobody touched for ninety days. Returns how many."""
    _total, per_table = Diagnosis.objects.abandoned(timezone.now() - timedelta(days=ANONYMOUS_DAYS)).delete()
    return per_table.get("solutions.Diagnosis", 0)


@transaction.atomic
def forget_author(diagnosis: Diagnosis) -> None:
    """Keep the company's result, lose which person answered."""
    diagnosis.user = None
    diagnosis.save(update_fields=["user"])
