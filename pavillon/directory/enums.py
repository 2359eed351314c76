from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Family(models.TextChoices):
    FRENCH = "french", _("French company")
    FOREIGN = "foreign", _("Foreign group")


class ExportClass(models.TextChoices):
    """How a company stands towards export (ledger LEAD-02)."""

    NOT_EXPORTER = "not_exporter", _("Does not export")
    POTENTIAL = "potential", _("Potential exporter")
    OCCASIONAL = "occasional", _("Occasional exporter")
    REGULAR = "regular", _("Regular exporter")


class Size(models.TextChoices):
    """INSEE category of the company."""

    PME = "PME", _("SME")
    ETI = "ETI", _("Mid-cap")
    GE = "GE", _("Large company")
    UNKNOWN = "", _("Not known")


class MergeKind(models.TextChoices):
    """What two merged records are; the values are names of models of this room."""

    COMPANY = "company", _("Company")
    CONTACT = "contact", _("Contact")

    @classmethod
    def of(cls, record: models.Model) -> "MergeKind":
        """The kind of a company or contact. Raises ValueError for anything else."""
        return cls(str(record._meta.model_name))


class Status(models.TextChoices):
    """Whether a company already buys from the team or may one day (ledger BASE-01)."""

    PROSPECT = "prospect", _("Prospect")
    CLIENT = "client", _("Client")


class Maturity(models.TextChoices):
    """How far a company has come in one market; in the order of the road."""

    CONSIDERED = "considered", _("Considered")
    PROSPECTED = "prospected", _("Being prospected")
    FIRST_SALES = "first_sales", _("First sales")
    ESTABLISHED = "established", _("Regular sales")
    SETTLED = "settled", _("Settled there")
    LEFT = "left", _("Left")


class PriorityZone(models.TextChoices):
    """Zones of town and country planning, as the state service for territories names them (ledger API-07)."""

    QPV = "qpv", _("Priority district (QPV)")
    ZFU = "zfu", _("Urban free zone (ZFU)")
    FRR = "frr", _("Rural revitalisation (FRR, formerly ZRR)")
    AFR = "afr", _("Regional aid zone (AFR)")
    BER = "ber", _("Employment area to revitalise (BER)")
    ACV = "acv", _("Town centre programme (ACV)")


class ChannelKind(models.TextChoices):
    """How a person or a company is reached."""

    PHONE = "phone", _("Phone")
    EMAIL = "email", _("E-mail")
    WEBSITE = "website", _("Website")
    SOCIAL = "social", _("Social network")


class LinkKind(models.TextChoices):
    """How two companies of one group stand to each other."""

    OWNS = "owns", _("Parent and subsidiary")
    SISTERS = "sisters", _("Same group")


class SourceKind(models.TextChoices):
    """Where values come from. The prospect sources of ledger BASE-07 are among them."""

    REGISTER = "register", _("Official register")
    ADVISER = "adviser", _("Adviser")
    COMPANY = "company", _("The company itself")
    PARTNER = "partner", _("Partner of the network")
    STATE = "state", _("Public administration")
    SIGNAL = "signal", _("Signal from outside")
    YELLOW_PAGES = "yellow_pages", _("Yellow pages")
    WEBSITE = "website", _("Websites")
    SOCIAL = "social", _("Social networks")
    BOUGHT = "bought", _("Bought file")
    RENTED = "rented", _("Rented file")
    SHOW = "show", _("Trade show")
    CONTEST = "contest", _("Contest")
    OTHER = "other", _("Other")


class LegalStatus(models.TextChoices):
    """On what ground values of a source may be kept."""

    OPEN = "open", _("Open data")
    AGREEMENT = "agreement", _("Agreement of the network")
    CONTRACT = "contract", _("Contract with the supplier")
    CONSENT = "consent", _("Consent of the persons")
    PUBLIC_TASK = "public_task", _("Task of public interest")
    WAITING = "waiting", _("Not approved yet")


class ValueState(models.TextChoices):
    """What became of a value that a source gave.

    in_use: the card says it. set_aside: another one is clearly better. disputed: a person must choose.
    """

    IN_USE = "in_use", _("On the card")
    SET_ASIDE = "set_aside", _("Set aside")
    DISPUTED = "disputed", _("Disputed")


class CorrectionState(models.TextChoices):
    """open → accepted or refused."""

    OPEN = "open", _("Waiting")
    ACCEPTED = "accepted", _("Accepted")
    REFUSED = "refused", _("Refused")


class RegisterFileKind(models.TextChoices):
    """Which of the two stock files of the register."""

    UNITS = "units", _("Legal units")
    OFFICES = "offices", _("Establishments")


class RunState(models.TextChoices):
    """How far the import of a register file came; see `RegisterRun`."""

    WAITING = "waiting", pgettext_lazy("import", "Waiting")
    READING = "reading", pgettext_lazy("import", "Reading")
    COMPARING = "comparing", pgettext_lazy("import", "Comparing")
    WRITING = "writing", pgettext_lazy("import", "Writing")
    FOLLOWING = "following", pgettext_lazy("import", "Updating the base")
    DONE = "done", pgettext_lazy("import", "Done")
    REFUSED = "refused", pgettext_lazy("import", "Refused")

    @classmethod
    def under_way(cls) -> tuple["RunState", ...]:
        """States that a worker leaves by itself."""
        return (cls.WAITING, cls.READING, cls.COMPARING, cls.WRITING, cls.FOLLOWING)
