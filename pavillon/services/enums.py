"""Kinds and steps of services, surveys and export flows."""

from decimal import Decimal

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ServiceKind(models.TextChoices):
    """What a service is for (ledger JOUR-09)."""

    VIE = "vie", _("International volunteer (VIE)")
    MISSION = "mission", _("Prospecting mission")
    PARTNERS = "partners", _("Search for partners")
    MARKET = "market", _("Market study")
    FAIR = "fair", _("Trade fair")
    COMMUNICATION = "communication", _("Communication abroad")
    TRAINING = "training", pgettext_lazy("service", "Training")
    FINANCE = "finance", pgettext_lazy("service", "Financing and insurance")
    ADVICE = "advice", pgettext_lazy("service", "Advice")


class Unit(models.TextChoices):
    """What the price is for."""

    WHOLE = "whole", _("the whole service")
    MONTH = "month", _("a month")
    DAY = "day", pgettext_lazy("price", "a day")


class VatRule(models.TextChoices):
    """The tax on a price without tax."""

    STANDARD = "standard", _("VAT 20 %")
    INTERMEDIATE = "intermediate", _("VAT 10 %")
    REDUCED = "reduced", _("VAT 5.5 %")
    EXEMPT = "exempt", _("Not subject to VAT")


VAT_RATES = {
    VatRule.STANDARD: Decimal("20"),
    VatRule.INTERMEDIATE: Decimal("10"),
    VatRule.REDUCED: Decimal("5.5"),
    VatRule.EXEMPT: Decimal("0"),
}


class OrderState(models.TextChoices):
    """See the table of states of `ServiceOrder`."""

    PROPOSED = "proposed", pgettext_lazy("service", "Proposed")
    ORDERED = "ordered", pgettext_lazy("service", "Ordered")
    STARTED = "started", pgettext_lazy("service", "In delivery")
    DELIVERED = "delivered", pgettext_lazy("service", "Delivered")
    CANCELLED = "cancelled", pgettext_lazy("service", "Cancelled")


# Those from which a service may still be delivered or cancelled.
OPEN_ORDERS = (OrderState.PROPOSED, OrderState.ORDERED, OrderState.STARTED)

# Those whose delivery a company waits for.
PROMISED = (OrderState.ORDERED, OrderState.STARTED)


# {deed on an order: the steps that it leads from}.
STEPS_OF = {
    "change_order": OPEN_ORDERS,
    "name_deliverer": OPEN_ORDERS,
    "confirm_order": (OrderState.PROPOSED,),
    "start_delivery": (OrderState.ORDERED,),
    "deliver_order": PROMISED,
    "cancel_order": OPEN_ORDERS,
}


class SurveyKind(models.TextChoices):
    SATISFACTION = "satisfaction", _("Satisfaction")
    IMPACT = "impact", pgettext_lazy("survey", "Impact")


class Unasked(models.TextChoices):
    """Why a survey is sent to nobody."""

    OBJECTED = "objected", _("who could answer objects to surveys")
    NOBODY = "nobody", _("nobody of the company has an e-mail any more")


class FlowKind(models.TextChoices):
    """What a service brought about abroad (ledger JOUR-03)."""

    CONTRACT = "contract", _("Contract or sale")
    AGENT = "agent", _("Agent")
    DISTRIBUTOR = "distributor", _("Distributor")
    PARTNERSHIP = "partnership", _("Partnership or licence")
    SUBSIDIARY = "subsidiary", _("Subsidiary or office")
    OTHER = "other", pgettext_lazy("export flow", "Other")
