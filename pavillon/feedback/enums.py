"""Where a remark about the platform stands, and what it is about."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class State(models.TextChoices):
    """new → being looked at → planned → done, or declined. What needs words is told in words to who wrote."""

    NEW = "new", pgettext_lazy("feedback", "New")
    LOOKING = "looking", pgettext_lazy("feedback", "Being looked at")
    PLANNED = "planned", pgettext_lazy("feedback", "Planned")
    DONE = "done", pgettext_lazy("feedback", "Done")
    DECLINED = "declined", pgettext_lazy("feedback", "Declined")


# Decisions: never without words to who wrote.
DECIDED = (State.PLANNED, State.DONE, State.DECLINED)


class Theme(models.TextChoices):
    FAULT = "fault", _("Something does not work")
    EASE = "ease", _("Hard to use")
    WORDS = "words", _("Words, translation")
    DATA = "data", _("Wrong or missing data")
    SPEED = "speed", _("Too slow")
    MISSING = "missing", _("Something is missing")
    PRAISE = "praise", _("It helps me")


class Rating(models.IntegerChoices):
    """How well a screen serves whoever uses it."""

    FIVE = 5, _("5 – very well")
    FOUR = 4, _("4 – well")
    THREE = 3, _("3 – it will do")
    TWO = 2, _("2 – badly")
    ONE = 1, _("1 – not at all")
