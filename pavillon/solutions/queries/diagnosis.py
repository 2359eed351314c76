"""Where somebody stands in a diagnosis, and what came out of it."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.policy import readable
from pavillon.solutions.content.questionnaire import CODE
from pavillon.solutions.enums import LEVEL_FLOORS, Level
from pavillon.solutions.models import Answer, Choice, Diagnosis, PathStep, Question, Questionnaire, Theme

RESULT = ("score", "level", "theme_scores")


class NoSuchDiagnosis(Exception):
    """No diagnosis has that link, or it belongs to a company that this person does not act for."""


def current_questionnaire() -> Questionnaire:
    """The version in use. Raises Questionnaire.DoesNotExist before `load_solutions` ran."""
    return Questionnaire.objects.get(code=CODE, is_current=True)


def find_questionnaire() -> Questionnaire | None:
    """The version in use, or None before any was loaded: pages then say so."""
    return Questionnaire.objects.filter(code=CODE, is_current=True).first()


def may_read_result(user: User | AnonymousUser) -> bool:
    """Whether a result may be shown whole: its level and every score."""
    return len(readable(user, Diagnosis, RESULT)) == len(RESULT)


def reach_diagnosis(token: str, user: User | AnonymousUser) -> Diagnosis:
    """The diagnosis behind a link.

    An anonymous one is open to whoever holds the link. One that belongs to a company is read by that company and
    the export team only, and its result by nobody whom the privilege matrix forbids a part of it: the page and the
    sheet say level and scores in one breath. Raises NoSuchDiagnosis.
    """
    rows = Diagnosis.objects.select_related("questionnaire", "region", "company")
    found = rows.filter(token=token).first()
    if found is None:
        raise NoSuchDiagnosis(token)
    if found.company_id and not Diagnosis.objects.visible_to(user).filter(pk=found.pk).exists():
        raise NoSuchDiagnosis(token)
    if found.is_finished and not may_read_result(user):
        raise NoSuchDiagnosis(token)
    return found


@dataclass
class Passage:
    """The questions of one diagnosis in order, those that apply, and the answers given.

    `given` is {question code: choice code}. Answers to questions that no longer apply are ignored.
    """

    questions: list[Question]
    given: dict[str, str]
    picked: dict[str, Choice] = field(default_factory=dict)

    def __post_init__(self) -> None:
        known: dict[str, str] = {}
        self.asked = []
        for question in self.questions:
            if question.is_asked(known):
                self.asked.append(question)
                if question.code in self.given:
                    known[question.code] = self.given[question.code]
        self.given = known

    @property
    def next_question(self) -> Question | None:
        """The first that applies and has no answer yet."""
        return next((question for question in self.asked if question.code not in self.given), None)

    @property
    def done(self) -> int:
        return len(self.given)

    @property
    def total(self) -> int:
        return len(self.asked)

    @property
    def percent(self) -> int:
        return round(100 * self.done / self.total) if self.total else 0

    def find(self, code: str) -> Question | None:
        """A question of this passage that applies and may be answered now: the next one, or one answered before."""
        for question in self.asked:
            if question.code == code:
                return question
            if question.code not in self.given:
                return None
        return None

    def before(self, code: str) -> Question | None:
        """The question that comes before, for the way back."""
        codes = [question.code for question in self.asked]
        place = codes.index(code) if code in codes else 0
        return self.asked[place - 1] if place else None

    def with_answer(self, question: Question, choice: Choice) -> "Passage":
        """The same passage once this is answered."""
        given, picked = {**self.given, question.code: choice.code}, {**self.picked, question.code: choice}
        return Passage(self.questions, given, picked)

    def number(self, code: str) -> int:
        """The place of a question among those that apply, from 1."""
        return [question.code for question in self.asked].index(code) + 1


def passage_of(diagnosis: Diagnosis) -> Passage:
    """Three queries whatever the number of questions."""
    questions = list(
        Question.objects.filter(questionnaire=diagnosis.questionnaire_id)
        .select_related("theme")
        .prefetch_related("choices")
        .order_by("order")
    )
    picked = dict(Answer.objects.filter(diagnosis=diagnosis).values_list("question__code", "choice__code"))
    choices = {
        question.code: choice
        for question in questions
        for choice in question.choices.all()
        if picked.get(question.code) == choice.code
    }
    return Passage(questions, picked, choices)


def told_answers(diagnosis: Diagnosis) -> list[tuple[Question, Choice]]:
    """What was answered, in order, for the page of the result and for advisers."""
    passage = passage_of(diagnosis)
    return [(q, passage.picked[q.code]) for q in passage.asked if q.code in passage.given]


def diagnoses_of(user: User) -> QuerySet[Diagnosis]:
    """Those of the person's company, newest first."""
    return Diagnosis.objects.visible_to(user).select_related("region").order_by("-started_at")


def latest_result(user: User) -> Diagnosis | None:
    """The newest finished diagnosis of the person's company."""
    return diagnoses_of(user).filter(finished_at__isnull=False).order_by("-finished_at").first()


def summary_lines(diagnosis: Diagnosis) -> list[str]:
    """The result in a few lines, as an adviser reads it with a request."""
    lines = [f"{diagnosis.level_name} · {diagnosis.score}/100"]
    lines += [f"{theme.name} : {score}/100" for theme, score in diagnosis.themes]
    return lines


def steps_of(diagnosis: Diagnosis) -> list[Any]:
    """The path with its bricks and themes."""
    return list(diagnosis.steps.select_related("brick", "brick__theme"))


def find_step(diagnosis: Diagnosis, step: int) -> PathStep | None:
    """A step of that diagnosis' path."""
    return diagnosis.steps.filter(pk=step).first()


def may_answer(diagnosis: Diagnosis, user: User | AnonymousUser) -> bool:
    """Whether this person may answer and tick: whoever holds the link of an anonymous one, else its company only."""
    if diagnosis.company_id is None:
        return True
    return isinstance(user, User) and user.is_company


def find_running(token: str, user: User | AnonymousUser) -> Diagnosis | None:
    """The diagnosis that this browser began, when it may still be reached."""
    if not token:
        return None
    try:
        return reach_diagnosis(token, user)
    except NoSuchDiagnosis:
        return None


def all_themes() -> list[Theme]:
    return list(Theme.objects.all())


# What each level means, for somebody who never heard of export maturity.
LEVEL_WORDS = {
    Level.DISCOVERING: _("Export is still far away. Begin by understanding what it changes for you."),
    Level.PREPARING: _("The wish is there. A few foundations are missing before the first customer abroad."),
    Level.STARTING: _("You can try a first country, with help on your weak points."),
    Level.GROWING: _("You know how to sell abroad. Now make it regular and wider."),
    Level.ESTABLISHED: _("Export is part of the company. Defend your positions and open far countries."),
}


def told_levels(diagnosis: Diagnosis) -> list[dict[str, Any]]:
    """The five levels as the result shows them: [{"level", "name", "words", "floor", "is_current"}]."""
    return [
        {
            "level": int(level),
            "name": level.label,
            "words": LEVEL_WORDS[level],
            "floor": floor,
            "is_current": level == diagnosis.level,
        }
        for level, floor in LEVEL_FLOORS.items()
    ]
