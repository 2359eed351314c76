from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class LegalBasis(models.TextChoices):
    """Why personal data may be processed: the six bases of article 6 of the GDPR."""

    CONSENT = "consent", _("Consent")
    CONTRACT = "contract", _("Contract")
    PUBLIC_TASK = "public_task", _("Public task")
    LEGITIMATE_INTEREST = "legitimate_interest", _("Legitimate interest")
    LEGAL_OBLIGATION = "legal_obligation", _("Legal obligation")
    VITAL_INTEREST = "vital_interest", _("Vital interest")


# Where only a yes allows; on the others a person may at most object.
OPT_IN = frozenset({LegalBasis.CONSENT})


class Kind(models.TextChoices):
    """Where a purpose is asked: with the cookies of a browser, or of a person, with or without an account."""

    BROWSER = "browser", _("On this browser")
    PERSON = "person", _("Of a person")


class Answer(models.TextChoices):
    """What the person said. A withdrawal closes a consent; it is not a refusal."""

    GIVEN = "given", pgettext_lazy("consent", "Accepted")
    REFUSED = "refused", pgettext_lazy("consent", "Refused")


class Right(models.TextChoices):
    """What a person may ask about her data: articles 15, 16, 17, 21 and 20 of the GDPR."""

    ACCESS = "access", _("See my data")
    RECTIFICATION = "rectification", _("Correct my data")
    ERASURE = "erasure", _("Erase my data")
    OBJECTION = "objection", _("Object to a use of my data")
    PORTABILITY = "portability", _("Take my data with me")


class RequestState(models.TextChoices):
    """Where a request of a person is."""

    UNCONFIRMED = "unconfirmed", _("Address not confirmed")
    OPEN = "open", _("To be answered")
    DOUBT = "doubt", _("Waiting for a document")
    ANSWERED = "answered", pgettext_lazy("right", "Answered")
    REFUSED = "refused", pgettext_lazy("right", "Refused")
    LAPSED = "lapsed", _("Lapsed")


class Identity(models.TextChoices):
    """How sure it is that the request comes from the person."""

    NONE = "none", _("Nothing yet")
    LINK = "link", _("Link of a letter to her address")
    ACCOUNT = "account", _("Signed in with her account")
    DOCUMENT = "document", _("A document was looked at")


PENDING = (RequestState.OPEN, RequestState.DOUBT)


class ErasedFor(models.TextChoices):
    """Why rows were erased."""

    REQUEST = "request", _("The person asked")
    RETENTION = "retention", _("The time is over")


class RetentionAct(models.TextChoices):
    """What is done when the time is over."""

    ANONYMISE = "anonymise", _("Lose the person, keep the row")
    DELETE = "delete", _("Delete the row")


class Notice(models.TextChoices):
    """Who is told before the act."""

    NOBODY = "nobody", _("Nobody")
    PERSON = "person", _("The person, by a letter")
    OFFICERS = "officers", _("The data-protection officers")


class RunState(models.TextChoices):
    """Where an application of a rule is."""

    LISTED = "listed", _("Listed")
    NOTICED = "noticed", _("Told, days run")
    DONE = "done", pgettext_lazy("retention", "Done")
    STOPPED = "stopped", pgettext_lazy("retention", "Stopped")


class BreachRisk(models.TextChoices):
    """What a breach may mean for people: it decides who is told."""

    NONE = "none", _("None: kept in the register only")
    RISK = "risk", _("A risk: the authority is told")
    HIGH = "high", _("A high risk: the people too are told")


class PointState(models.TextChoices):
    """How far a point of control is met."""

    TODO = "todo", pgettext_lazy("control", "To do")
    PARTIAL = "partial", pgettext_lazy("control", "In part")
    DONE = "done", pgettext_lazy("control", "Met")
    OUTSIDE = "outside", pgettext_lazy("control", "Not concerned")
