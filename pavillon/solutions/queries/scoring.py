"""How a diagnosis becomes a level and a path. Documented in the README of this room."""

from dataclasses import dataclass

from pavillon.solutions.enums import GAP_BELOW, LEVEL_FLOORS, WEAK_LINK, BrickFamily, Level
from pavillon.solutions.models import Brick, Theme
from pavillon.solutions.queries.diagnosis import Passage

# At most this many steps: a longer path is not walked.
LONGEST_PATH = 12
STEPS_PER_THEME = 3


@dataclass(frozen=True)
class Result:
    """`themes` is {theme slug: 0-100}; `score` 0-100; `level` 1-5."""

    themes: dict[str, int]
    score: int
    level: Level


def score_passage(passage: Passage) -> Result:
    """Score a finished passage.

    Theme: the mean of the points (0-100) of its answered questions, weighted by the questions' weights, rounded.
    Overall: the mean of the themes, weighted by the themes' weights, rounded. Level: the highest whose floor the
    overall score reaches, but at most "Starting" when a theme is under 20 (the weakest link breaks first) or when
    the company has never sold abroad.
    """
    points: dict[str, list[tuple[int, int]]] = {}
    weights: dict[str, int] = {}
    for question in passage.asked:
        choice = passage.picked.get(question.code)
        if question.theme is None or choice is None:
            continue
        weights[question.theme.slug] = question.theme.weight
        points.setdefault(question.theme.slug, []).append((choice.points, question.weight))
    themes = {slug: _mean(pairs) for slug, pairs in points.items()}
    score = _mean([(value, weights[slug]) for slug, value in themes.items()])
    level = max(level for level, floor in LEVEL_FLOORS.items() if score >= floor)
    if min(themes.values(), default=0) < WEAK_LINK or passage.given.get("history") == "never":
        level = min(level, Level.STARTING)
    return Result(themes, score, Level(level))


def _mean(pairs: list[tuple[int, int]]) -> int:
    weight = sum(w for _value, w in pairs)
    return round(sum(value * w for value, w in pairs) / weight) if weight else 0


def choose_bricks(result: Result, given: dict[str, str], bricks: list[Brick], themes: list[Theme]) -> list[Brick]:
    """The path of a result: bricks in the order in which they are to be walked.

    Themes come by urgency (their weight times what they lack of 100). In each theme that is a gap, at most three
    bricks that fit score, level and profile: an assessment first, then training, then advice. Themes that are no gap
    still give the bricks written for higher scores, last. Each of the three families is present when one fits.
    """
    profile = {f"{question}:{choice}" for question, choice in given.items()}
    fitting = [
        brick
        for brick in bricks
        if result.themes.get(brick.theme_id, 100) < brick.below
        and brick.from_level <= result.level <= brick.to_level
        and (not brick.profiles or profile & set(brick.profiles))
    ]
    rank = {family: place for place, family in enumerate(BrickFamily.values)}
    urgency = {t.slug: t.weight * (100 - result.themes.get(t.slug, 100)) for t in themes}
    by_theme = sorted(
        {brick.theme_id for brick in fitting},
        key=lambda slug: (result.themes[slug] >= GAP_BELOW, -urgency[slug], slug),
    )
    path = [
        brick
        for slug in by_theme
        for brick in sorted((b for b in fitting if b.theme_id == slug), key=lambda b: (rank[b.family], b.order))[
            :STEPS_PER_THEME
        ]
    ]
    kept = path[:LONGEST_PATH]
    for family in BrickFamily.values:
        spare = next((brick for brick in path[LONGEST_PATH:] if brick.family == family), None)
        if spare and all(brick.family != family for brick in kept):
            kept[-1] = spare
    return kept
