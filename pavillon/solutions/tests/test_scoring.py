"""The formula of the level and the choice of the path, checked against figures worked out by hand."""

import pytest

from pavillon.solutions.enums import BrickFamily, Level
from pavillon.solutions.models import Brick, Theme
from pavillon.solutions.queries.diagnosis import passage_of
from pavillon.solutions.queries.scoring import LONGEST_PATH, choose_bricks, score_passage
from pavillon.solutions.tests.factories import take_diagnosis

pytestmark = pytest.mark.usefixtures("ground")

REGULAR = {"history": "regular", "sector": "industry", "horizon": "now"}


def test_all_strongest_answers_are_the_top_level():
    diagnosis = take_diagnosis(REGULAR, default=-1)
    assert (diagnosis.score, diagnosis.level) == (100, Level.ESTABLISHED)
    assert set(diagnosis.theme_scores.values()) == {100}
    assert diagnosis.gaps == []


def test_all_weakest_answers_are_the_first_level():
    diagnosis = take_diagnosis({"history": "never", "sector": "food", "horizon": "unknown"})
    assert (diagnosis.score, diagnosis.level) == (0, Level.DISCOVERING)
    assert len(diagnosis.gaps) == 8


def test_the_score_of_a_theme_is_the_mean_of_its_answers():
    # strategy: 70, 100, 40 and 75 (countries is asked of those who have sold) = 285 / 4 = 71.25
    answers = REGULAR | {"reason": "growth", "markets": "chosen", "owner": "boss", "countries": "few"}
    diagnosis = take_diagnosis(answers, default=-1)
    assert diagnosis.theme_scores["strategy"] == 71
    # (3 x 71 + 2 x 100 x 5 + 1 x 100 x 2) / 15 = 1413 / 15 = 94.2
    assert diagnosis.score == 94


def test_one_weak_theme_limits_the_level():
    diagnosis = take_diagnosis(REGULAR | {"site": "none", "found": "no", "follow": "lost"}, default=-1)
    assert diagnosis.theme_scores["digital"] == 0
    assert diagnosis.score == 93
    assert diagnosis.level == Level.STARTING


def test_who_never_sold_abroad_is_at_most_starting():
    diagnosis = take_diagnosis({"history": "never", "sector": "services", "horizon": "now"}, default=-1)
    assert diagnosis.score == 100
    assert diagnosis.level == Level.STARTING


def test_branches_ask_only_what_applies():
    newcomer = take_diagnosis({"history": "never", "sector": "digital", "horizon": "now"})
    asked = {question.code for question in passage_of(newcomer).asked}
    assert {"countries", "repeat", "shipping", "customs", "sanitary", "marking"}.isdisjoint(asked)
    assert {"remote", "data"} <= asked
    exporter = take_diagnosis({"history": "regular", "sector": "food", "horizon": "now"})
    asked = {question.code for question in passage_of(exporter).asked}
    assert {"countries", "repeat", "shipping", "customs", "sanitary"} <= asked
    assert {"remote", "data", "marking"}.isdisjoint(asked)


@pytest.mark.covers("DIAG-02")
def test_two_profiles_get_two_paths_of_the_three_families():
    newcomer = take_diagnosis({"history": "never", "sector": "food", "horizon": "now"})
    seller = take_diagnosis(REGULAR | {"language": "nobody", "time": "none", "papers": "no"}, default=-1)
    first = list(newcomer.steps.values_list("brick", flat=True))
    second = list(seller.steps.values_list("brick", flat=True))
    assert first
    assert second
    assert first != second
    assert "first-words" in first
    assert "first-words" not in second
    assert {"language-test", "sell-in-english", "export-hire"} <= set(second)
    families = set(newcomer.steps.values_list("brick__family", flat=True))
    assert families == set(BrickFamily.values)


def test_a_path_is_never_too_long_and_begins_with_the_most_urgent_theme():
    diagnosis = take_diagnosis({"history": "never", "sector": "industry", "horizon": "now"})
    steps = list(diagnosis.steps.select_related("brick"))
    assert len(steps) == LONGEST_PATH
    # Strategy weighs three: at equal scores it comes first.
    assert [step.brick.theme_id for step in steps[:3]] == ["strategy"] * 3
    assert [step.order for step in steps] == list(range(1, LONGEST_PATH + 1))


def test_bricks_of_other_profiles_are_never_proposed():
    diagnosis = take_diagnosis({"history": "never", "sector": "services", "horizon": "now"})
    passage = passage_of(diagnosis)
    path = choose_bricks(score_passage(passage), passage.given, list(Brick.objects.all()), list(Theme.objects.all()))
    assert "customs-code" not in {brick.pk for brick in path}
