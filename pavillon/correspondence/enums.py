"""The words of the room."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class MailState(models.TextChoices):
    """What became of a copied mail."""

    WAITING = "waiting", _("To be sorted")
    FILED = "filed", _("Filed")
    DISCARDED = "discarded", _("Thrown away")


class Checked(models.TextChoices):
    """How it was made sure that the mail comes from the account whose address it bears."""

    RELAY = "relay", _("Sender checked by our mail server (DKIM, SPF or DMARC)")
    LOOPBACK = "loopback", _("Sent from this machine: the demonstration believes it without a check")


class AddressRole(models.TextChoices):
    """Where in a mail an address stands."""

    SENDER = "sender", pgettext_lazy("mail", "From")
    RECIPIENT = "recipient", pgettext_lazy("mail", "To")
    MENTIONED = "mentioned", pgettext_lazy("address", "In the text")


class FiledBy(models.TextChoices):
    """Why a mail stands with its company."""

    ADDRESS = "address", _("It came to the address of this record.")
    SUBJECT = "subject", _("Its subject names the request.")
    PEOPLE = "people", _("Its addresses belong to this company.")
    HAND = "hand", _("Filed by hand.")
