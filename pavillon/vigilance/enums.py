from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Kind(models.TextChoices):
    """What an incident is about. The first six are kinds of rules, the others come from budgets of reading."""

    FAILED_SIGN_INS = "failed_sign_ins", _("Failed sign-ins")
    NEW_COUNTRY = "new_country", _("Sign-in from a new country")
    IMPOSSIBLE_TRAVEL = "impossible_travel", _("Impossible travel")
    NIGHT_READING = "night_reading", _("Mass reading at night")
    ENUMERATION = "enumeration", _("Numbers of records tried one after the other")
    BULK_SEARCHES = "bulk_searches", _("Searches in bulk")
    HOURLY_BUDGET = "hourly_budget", _("Reading budget of the hour")
    WEEKLY_BUDGET = "weekly_budget", _("Reading budget of seven days")
    HABIT = "habit", _("Far more records than usual")


OF_RULES = (
    Kind.FAILED_SIGN_INS,
    Kind.NEW_COUNTRY,
    Kind.IMPOSSIBLE_TRAVEL,
    Kind.NIGHT_READING,
    Kind.ENUMERATION,
    Kind.BULK_SEARCHES,
)


class Response(models.TextChoices):
    """What the platform does by itself; security officers are told in each case."""

    ALERT = "alert", _("Alert only")
    STEP_UP = "step_up", _("Ask the second factor again")
    SUSPEND = "suspend", _("Suspend the account")
    BLOCK = "block", _("Refuse to show more")


OF_A_RULE = (Response.ALERT, Response.STEP_UP, Response.SUSPEND)


class State(models.TextChoices):
    """How far an incident is."""

    NEW = "new", pgettext_lazy("incident", "New")
    LOOKED_AT = "looked_at", pgettext_lazy("incident", "Looked at")
    CLOSED = "closed", pgettext_lazy("incident", "Closed")


class Stage(models.TextChoices):
    """How far somebody's wish to read more is."""

    ASKED = "asked", pgettext_lazy("extension", "Asked for")
    GRANTED = "granted", pgettext_lazy("extension", "Granted")
    REFUSED = "refused", pgettext_lazy("extension", "Refused")


class Progress(models.TextChoices):
    """How far a dry run is."""

    WAITING = "waiting", pgettext_lazy("dry run", "Being computed")
    DONE = "done", pgettext_lazy("dry run", "Done")


class Outcome(StrEnum):
    """What the budget says of rows that are about to be shown."""

    FREE = "free"
    NEAR = "near"
    PROVE = "prove"
    BLOCKED = "blocked"
    BLOCKED_FOR_DAYS = "blocked_for_days"
