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


class Kind(models.TextChoices):
    """Where a purpose is asked: with the cookies of a browser, or of a person who has an account."""

    BROWSER = "browser", _("On this browser")
    PERSON = "person", _("With an account")


class Answer(models.TextChoices):
    """What the person said. A withdrawal closes a consent; it is not a refusal."""

    GIVEN = "given", pgettext_lazy("consent", "Accepted")
    REFUSED = "refused", pgettext_lazy("consent", "Refused")
