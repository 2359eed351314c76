"""The result as a chart and as a PDF that a screen reader can read (PDF/UA-1)."""

import json
from pathlib import Path

import typst
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.solutions.enums import Level
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.queries.diagnosis import LEVEL_WORDS, steps_of, told_answers
from pavillon.ui import charts
from pavillon.ui.words import day

PAGE = Path(__file__).parent / "print" / "result.typ"


def result_chart(diagnosis: Diagnosis) -> SafeString:
    """Bars by theme, 0 to 100, with their table."""
    rows = [(theme.name, float(score)) for theme, score in diagnosis.themes]
    return charts.bars(
        _("Your score by theme"), rows, unit=_("out of 100"), full=100, note=_("100 means ready, 0 means to be built.")
    )


def print_fonts() -> Path:
    """The folder of the fonts for print, made by the front-end build."""
    found = finders.find("build/print-fonts/PlexSans-400.ttf")
    return Path(found or staticfiles_storage.path("build/print-fonts/PlexSans-400.ttf")).parent


def result_pdf(diagnosis: Diagnosis) -> bytes:
    """The result, its scores, its path and the answers, in the language of the page."""
    content = {
        "language": get_language() or "fr",
        "title": _("Export-maturity diagnosis"),
        "who": str(diagnosis.company) if diagnosis.company else _("Anonymous diagnosis"),
        "on": day(timezone.localdate(diagnosis.finished_at)),
        "level": f"{_('Level')} {diagnosis.level}/5 · {diagnosis.level_name}",
        "words": str(LEVEL_WORDS[Level(diagnosis.level or 1)]),
        "score": f"{diagnosis.score}/100",
        "scores_title": _("Your score by theme"),
        "theme_head": _("Theme"),
        "score_head": _("Score out of 100"),
        "scores": [[theme.name, score] for theme, score in diagnosis.themes],
        "path_title": _("Your path"),
        "path_head": [_("Step"), _("Kind"), _("Done")],
        "path": [
            [step.brick.name, str(step.brick.get_family_display()), _("yes") if step.is_done else _("no")]
            for step in steps_of(diagnosis)
        ],
        "answers_title": _("Your answers"),
        "answers_head": [_("Question"), _("Answer")],
        "answers": [[question.text, choice.text] for question, choice in told_answers(diagnosis)],
        "how": _(
            "How it is computed: each theme is the mean of its answers, the score is the weighted mean of the themes. "
            "A theme under 20, or no sale abroad yet, limits the level to 3."
        ),
    }
    pdf = typst.compile(
        str(PAGE),
        format="pdf",
        font_paths=[str(print_fonts())],
        ignore_system_fonts=True,
        sys_inputs={"content": json.dumps(content)},
        pdf_standards=["ua-1"],
    )
    assert isinstance(pdf, bytes)
    return pdf
