from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class PairState(models.TextChoices):
    """Where a pair of likely duplicates stands."""

    WAITING = "waiting", _("To be decided")
    SECOND = "second", _("Waits for a second opinion")
    DISPUTED = "disputed", _("Two opinions differ")
    MERGED = "merged", pgettext_lazy("a pair of records", "Merged")
    DISTINCT = "distinct", _("Two companies")
    GROUP = "group", _("Same group")
    UNSURE = "unsure", _("Left aside")


OPEN_STATES = (PairState.WAITING, PairState.SECOND, PairState.DISPUTED)


class Verdict(models.TextChoices):
    """What a person says of a pair."""

    MERGE = "merge", _("One company: merge")
    DISTINCT = "distinct", _("Two companies")
    GROUP = "group", _("Same group")
    UNSURE = "unsure", _("I cannot say")


class ContactPairState(models.TextChoices):
    """Where two records of people who may be one person stand."""

    WAITING = "waiting", _("To be decided")
    MERGED = "merged", pgettext_lazy("a pair of records", "Merged")
    DISTINCT = "distinct", _("Two people")
    UNSURE = "unsure", _("Left aside")


class ContactVerdict(models.TextChoices):
    """What a person says of two records of people."""

    MERGE = "merge", _("One person: merge")
    DISTINCT = "distinct", _("Two people")
    UNSURE = "unsure", _("I cannot say")


class ScanState(models.TextChoices):
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    FAILED = "failed", _("stopped")


class BatchState(models.TextChoices):
    REHEARSED = "rehearsed", _("rehearsed")
    RUNNING = "running", _("under way")
    DONE = "done", _("done")
    UNDONE = "undone", _("undone")


class LineState(models.TextChoices):
    READY = "ready", _("can be merged")
    REFUSED = "refused", _("refused")
    MERGED = "merged", _("merged")
    UNDONE = "undone", _("undone")
    STUCK = "stuck", _("cannot be undone")


class Qualification(models.TextChoices):
    """How far a record is known (ledger BASE-05): from its score, and from its age."""

    RAW = "raw", _("raw")
    PARTIAL = "partial", _("partly qualified")
    QUALIFIED = "qualified", _("qualified")
    STALE = "stale", _("to be refreshed")
