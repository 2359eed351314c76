"""The words of the showroom."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ShopState(models.TextChoices):
    """How far a shop went; see the table of `Shop`."""

    APPLIED = "applied", pgettext_lazy("shop", "Application sent")
    OPENED = "opened", pgettext_lazy("shop", "Opened, in preparation")
    ONLINE = "online", pgettext_lazy("shop", "Online")
    CLOSED = "closed", pgettext_lazy("shop", "Closed")


class ProductKind(models.TextChoices):
    PRODUCT = "product", _("Product")
    SERVICE = "service", _("Service")


class TemplateKind(models.TextChoices):
    """What the agency writes a template for (ledger SHOW-10)."""

    SHOWROOM = "showroom", _("Home page of the showroom")
    SHOP = "shop", _("Page of a shop")
    PRODUCT = "product", _("Sheet of a product")
    SERVICE = "service", _("Sheet of a service")


class ProductState(models.TextChoices):
    """How far a sheet went; see the table of `Product`."""

    DRAFT = "draft", pgettext_lazy("product", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("product", "Awaiting approval")
    RETURNED = "returned", pgettext_lazy("product", "Returned with remarks")
    PUBLISHED = "published", pgettext_lazy("product", "Published")
    WITHDRAWN = "withdrawn", pgettext_lazy("product", "Withdrawn")


class Condition(models.TextChoices):
    """Of machines: a recycled one tells its age and its hours (ledger CAT-08)."""

    NEW = "new", pgettext_lazy("machine", "New")
    RECYCLED = "recycled", pgettext_lazy("machine", "Recycled")


class Translation(models.TextChoices):
    """Whether a text can be relied on. Nothing is ever translated by a machine behind the seller's back."""

    MISSING = "missing", pgettext_lazy("translation", "Not written")
    DRAFT = "draft", pgettext_lazy("translation", "Draft translation")
    WRITTEN = "written", pgettext_lazy("translation", "Written")


class Incoterm(models.TextChoices):
    """Incoterms 2020."""

    EXW = "EXW", "EXW"
    FCA = "FCA", "FCA"
    CPT = "CPT", "CPT"
    CIP = "CIP", "CIP"
    DAP = "DAP", "DAP"
    DPU = "DPU", "DPU"
    DDP = "DDP", "DDP"
    FAS = "FAS", "FAS"
    FOB = "FOB", "FOB"
    CFR = "CFR", "CFR"
    CIF = "CIF", "CIF"


class SaleUnit(models.TextChoices):
    """What a price and a least order are counted in."""

    PIECE = "piece", pgettext_lazy("unit", "piece")
    SET = "set", pgettext_lazy("unit", "set")
    KILOGRAM = "kg", pgettext_lazy("unit", "kg")
    TONNE = "tonne", pgettext_lazy("unit", "tonne")
    LITRE = "litre", pgettext_lazy("unit", "litre")
    METRE = "metre", pgettext_lazy("unit", "metre")
    SQUARE_METRE = "m2", pgettext_lazy("unit", "m²")
    HOUR = "hour", pgettext_lazy("unit", "hour")
    DAY = "day", pgettext_lazy("unit", "day")
    PROJECT = "project", pgettext_lazy("unit", "project")


class Certification(models.TextChoices):
    """What a seller declares to hold, with the number and the end date of the certificate."""

    ISO_9001 = "iso_9001", _("ISO 9001 (quality)")
    ISO_14001 = "iso_14001", _("ISO 14001 (environment)")
    ISO_45001 = "iso_45001", _("ISO 45001 (health and safety)")
    ISO_13485 = "iso_13485", _("ISO 13485 (medical devices)")
    EN_9100 = "en_9100", _("EN 9100 (aerospace)")
    IATF_16949 = "iatf_16949", _("IATF 16949 (automotive)")
    CE = "ce", _("CE marking")
    ATEX = "atex", _("ATEX (explosive atmospheres)")
    MED = "med", _("Marine equipment (wheel mark)")
    EN_1090 = "en_1090", _("EN 1090 (structures)")
    ISO_50001 = "iso_50001", _("ISO 50001 (energy)")
    ORGANIC = "organic", _("Inputs usable in organic farming")


class AttributeKind(models.TextChoices):
    NUMBER = "number", _("Number")
    TEXT = "text", _("Words")
    YES_NO = "yes_no", _("Yes or no")


class EnquiryKind(models.TextChoices):
    """What a buyer asks for (ledger LINK-01, LINK-03). Orders come with the transactional mode of shops."""

    QUESTION = "question", pgettext_lazy("enquiry", "Question")
    QUOTE = "quote", pgettext_lazy("enquiry", "Quote request")
    CONTACT = "contact", pgettext_lazy("enquiry", "Contact")
    MEETING = "meeting", pgettext_lazy("enquiry", "Meeting request")
    ORDER = "order", pgettext_lazy("enquiry", "Order")


# What a buyer may send today.
OPEN_KINDS = (EnquiryKind.QUESTION, EnquiryKind.QUOTE, EnquiryKind.CONTACT, EnquiryKind.MEETING)


class EnquiryState(models.TextChoices):
    """How far an enquiry went; see the table of `Enquiry`."""

    NEW = "new", pgettext_lazy("enquiry", "Awaiting an answer")
    ANSWERED = "answered", pgettext_lazy("enquiry", "Answered")
    CLOSED = "closed", pgettext_lazy("enquiry", "Closed")


class ClosingReason(models.TextChoices):
    """How it ended. A polite refusal is an answer too."""

    AGREED = "agreed", _("An agreement was found")
    QUOTED = "quoted", _("A quote was sent")
    DECLINED = "declined", _("We cannot serve this request")
    NO_FOLLOW_UP = "no_follow_up", _("The buyer did not follow up")
    UNSUITABLE = "unsuitable", _("Not a professional request")
