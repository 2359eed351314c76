from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

# The kind of a file of companies with their people; other kinds are registered (`models.parts`).
COMPANIES = "companies"


class Subject(models.TextChoices):
    """What a column speaks of."""

    COMPANY = "company", _("Company")
    CONTACT = "contact", _("Contact")
    PART = "part", _("What the file brings")
    ROW = "row", _("The row itself")


class DeliveryState(models.TextChoices):
    """
    | state | next |
    | brought | rehearsing |
    | rehearsing | rehearsed, failed |
    | rehearsed | rehearsing (again, with another mapping), taking |
    | taking | taken, failed |
    | taken | undoing |
    | undoing | undone, failed |
    | failed | whatever was interrupted |
    """

    BROUGHT = "brought", pgettext_lazy("of a file", "Brought")
    REHEARSING = "rehearsing", pgettext_lazy("of a file", "Being rehearsed")
    REHEARSED = "rehearsed", pgettext_lazy("of a file", "Rehearsed")
    TAKING = "taking", pgettext_lazy("of a file", "Being taken over")
    TAKEN = "taken", pgettext_lazy("of a file", "Taken over")
    UNDOING = "undoing", pgettext_lazy("of a file", "Being undone")
    UNDONE = "undone", pgettext_lazy("of a file", "Undone")
    FAILED = "failed", pgettext_lazy("of a file", "Stopped by an error")


class Outcome(models.TextChoices):
    """What becomes of a row. Every row has exactly one, so the counts of a report add up to its rows."""

    WAITING = "", pgettext_lazy("of a row", "Not looked at yet")
    CREATED = "created", pgettext_lazy("of a row", "New company")
    MATCHED = "matched", pgettext_lazy("of a row", "Known company, values added")
    UNCHANGED = "unchanged", pgettext_lazy("of a row", "Known company, nothing new")
    CONFLICTING = "conflicting", pgettext_lazy("of a row", "Known company, values that differ")
    DOUBTFUL = "doubtful", pgettext_lazy("of a row", "May be a known company: to decide")
    REJECTED = "rejected", pgettext_lazy("of a row", "Refused")

    def told(self, kind: str) -> str:
        """In words, for a file of this kind: only files of companies create and match companies."""
        return str(self.label if kind == COMPANIES else OF_PARTS.get(self.value, self.label))


OF_PARTS = {
    "created": pgettext_lazy("of a row", "New"),
    "matched": pgettext_lazy("of a row", "Known, completed"),
    "unchanged": pgettext_lazy("of a row", "Known, nothing new"),
    "conflicting": pgettext_lazy("of a row", "Known, says otherwise"),
}


class Choice(models.TextChoices):
    """What a person decided of a doubtful row."""

    NONE = "", pgettext_lazy("of a row", "Not decided")
    SAME = "same", pgettext_lazy("of a row", "It is this company")
    NEW = "new", pgettext_lazy("of a row", "It is another company: create it")
    SKIP = "skip", pgettext_lazy("of a row", "Leave the row out")


class SignalKind(models.TextChoices):
    """What outside sources say of a company."""

    PATENT = "patent", _("International patent")
    EXPORT_TURNOVER = "export_turnover", _("Export turnover known to the bank")
    FINANCE_PRODUCT = "finance_product", _("Export finance or insurance")
    ZONE = "zone", _("Priority zone")
    CUSTOMS = "customs", _("Customs declaration")


class ExchangeStatus(models.TextChoices):
    """Where an exchange with an entity stands."""

    POSSIBLE = "possible", pgettext_lazy("of an exchange of data", "Possible")
    TALKS = "talks", pgettext_lazy("of an exchange of data", "In discussion")
    PILOT = "pilot", pgettext_lazy("of an exchange of data", "Pilot")
    RUNNING = "running", pgettext_lazy("of an exchange of data", "Running")
    STOPPED = "stopped", pgettext_lazy("of an exchange of data", "Stopped")


class Frequency(models.TextChoices):
    """How often data are exchanged."""

    OCCASIONAL = "occasional", pgettext_lazy("of an exchange of data", "Occasional")
    DAILY = "daily", pgettext_lazy("of an exchange of data", "Daily")
    MONTHLY = "monthly", pgettext_lazy("of an exchange of data", "Monthly")
    QUARTERLY = "quarterly", pgettext_lazy("of an exchange of data", "Quarterly")
    HALF_YEARLY = "half_yearly", pgettext_lazy("of an exchange of data", "Every six months")
    YEARLY = "yearly", pgettext_lazy("of an exchange of data", "Yearly")
