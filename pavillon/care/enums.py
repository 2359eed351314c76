from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class RiskLevel(models.TextChoices):
    """How urgently an account has to be kept."""

    MEDIUM = "medium", pgettext_lazy("risk", "To watch")
    HIGH = "high", pgettext_lazy("risk", "High")


class Ground(models.TextChoices):
    """What speaks for a risk."""

    LOW_SCORE = "low_score", _("Low satisfaction")
    CRITICISM = "criticism", _("Public criticism")


class RiskEnd(models.TextChoices):
    """How a mark ended."""

    KEPT = "kept", _("The company is satisfied again")
    ANSWERED = "answered", _("The criticism was answered or taken down")
    LEFT = "left", _("The company no longer works with us")
    MISTAKEN = "mistaken", _("It was a mistake: another company, or nothing serious")


class Capacity(models.IntegerChoices):
    """How able a company is to sell abroad: the five levels of the diagnosis (`solutions.enums.Level`)."""

    DISCOVERING = 1, _("Discovering")
    PREPARING = 2, _("Preparing")
    STARTING = 3, _("Starting")
    GROWING = 4, _("Growing")
    ESTABLISHED = 5, _("Established")


# What one sees in a company of each level.
CAPACITY_WORDS = {
    Capacity.DISCOVERING: _("sells in France only; nobody is in charge of export, no offer for abroad"),
    Capacity.PREPARING: _("an offer and a person for export, no regular sale abroad yet"),
    Capacity.STARTING: _("first sales abroad, one or two countries, help needed for customs and contracts"),
    Capacity.GROWING: _("sells in several countries with a team of its own, funds and partners on the spot"),
    Capacity.ESTABLISHED: _("export is part of the business: subsidiaries or networks, languages, risks in hand"),
}


class Intention(models.TextChoices):
    """What a company means to do abroad, in the order of their strength."""

    WITHDRAWING = "withdrawing", _("Wants to do less abroad")
    NOTHING = "nothing", _("Plans nothing")
    CONSIDERING = "considering", _("Considers new markets")
    DECIDED = "decided", _("Has decided, with a budget")
    ENGAGED = "engaged", _("Is already at work in new markets")


class Horizon(models.TextChoices):
    """By when, the nearest first."""

    SOON = "soon", _("within six months")
    YEAR = "year", _("within a year")
    TWO_YEARS = "two_years", _("within two years")
    LATER = "later", _("later")


class AssessmentSource(models.TextChoices):
    """Who says it."""

    TALK = "talk", _("An adviser, after a talk")
    DIAGNOSIS = "diagnosis", _("The diagnosis of the company")
    COMPANY = "company", _("The company itself")


class OfferState(models.TextChoices):
    """See the table of states of `Offer`."""

    DRAFT = "draft", pgettext_lazy("offer", "In preparation")
    PROPOSED = "proposed", pgettext_lazy("offer", "Proposed")
    ANSWERED = "answered", pgettext_lazy("offer", "Answered")
    WITHDRAWN = "withdrawn", pgettext_lazy("offer", "Withdrawn")


class LineOrigin(models.TextChoices):
    RULE = "rule", _("Recommended by rules")
    ADVISER = "adviser", _("Added by the adviser")


class LineState(models.TextChoices):
    """What became of one line."""

    KEPT = "kept", pgettext_lazy("offer line", "Waiting for an answer")
    REMOVED = "removed", pgettext_lazy("offer line", "Taken out by the adviser")
    ACCEPTED = "accepted", pgettext_lazy("offer line", "Accepted")
    DECLINED = "declined", pgettext_lazy("offer line", "Declined")
