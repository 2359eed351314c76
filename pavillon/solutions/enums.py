from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Level(models.IntegerChoices):
    """Export maturity in five levels, in words that need no prior knowledge."""

    DISCOVERING = 1, _("Discovering")
    PREPARING = 2, _("Preparing")
    STARTING = 3, _("Starting")
    GROWING = 4, _("Growing")
    ESTABLISHED = 5, _("Established")


class BrickFamily(models.TextChoices):
    """The three families of a path (ledger DIAG-02)."""

    ASSESSMENT = "assessment", _("Assessment")
    TRAINING = "training", _("Training")
    ADVICE = "advice", _("Advice")


class ProviderFamily(models.TextChoices):
    """The families of providers (ledger DIAG-05, DIAG-06)."""

    FINANCE = "finance", _("Financing and insurance")
    CUSTOMS = "customs", _("Customs")
    PROPERTY = "property", _("Industrial property")
    PEOPLE = "people", _("Employment and skills")
    REGION = "region", _("Regions and their agencies")
    PRIVATE = "private", _("Private providers")


class Need(models.TextChoices):
    """What a company looks for in the catalogue."""

    FINANCE = "finance", _("Financing")
    INSURANCE = "insurance", _("Insurance")
    CUSTOMS = "customs", _("Customs and shipping")
    PROPERTY = "property", _("Trade marks and patents")
    PEOPLE = "people", _("Recruiting")
    TRAINING = "training", _("Training")
    STRATEGY = "strategy", _("Strategy and markets")
    DIGITAL = "digital", _("Selling online")
    LANGUAGE = "language", _("Languages and translation")


class Stage(models.TextChoices):
    """Where the company stands."""

    FIRST = "first", _("Before a first export")
    START = "start", _("First exports")
    REGULAR = "regular", _("Exports regularly")


class Line(models.TextChoices):
    """What a company sells, as the diagnosis asks it."""

    FOOD = "food", _("Food and drink")
    INDUSTRY = "industry", _("Industry and materials")
    HEALTH = "health", _("Health and beauty")
    DIGITAL = "digital", _("Software and digital services")
    SERVICES = "services", _("Other services")


class Cost(models.TextChoices):
    FREE = "free", _("Free")
    SUPPORTED = "supported", _("Partly paid for by public funds")
    PAID = "paid", _("Paid")


class SolutionState(models.TextChoices):
    """See the table of states of `Solution`."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Waiting for approval")
    PUBLISHED = "published", _("Published")
    REFUSED = "refused", pgettext_lazy("solution", "Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


class JoinState(models.TextChoices):
    ASKED = "asked", _("Waiting")
    ACCEPTED = "accepted", pgettext_lazy("join request", "Accepted")
    REFUSED = "refused", pgettext_lazy("join request", "Refused")


# The lowest overall score (0 to 100) of each level.
LEVEL_FLOORS = {
    Level.DISCOVERING: 0,
    Level.PREPARING: 25,
    Level.STARTING: 45,
    Level.GROWING: 65,
    Level.ESTABLISHED: 82,
}
# A theme below this score is a gap; a theme at or above the other is a strong point.
GAP_BELOW, STRONG_FROM = 55, 75
# With one theme under this, the level stops at "Starting": an export fails by its weakest link.
WEAK_LINK = 20
