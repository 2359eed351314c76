from pavillon.intake.models.deliveries import Delivery, DeliveryRow, Layout
from pavillon.intake.models.exchanges import Exchange, PublicInterface
from pavillon.intake.models.prospects import ProspectTerms
from pavillon.intake.models.signals import LegalApproval, Signal, ZoneExchange

__all__ = [
    "Delivery",
    "DeliveryRow",
    "Exchange",
    "Layout",
    "LegalApproval",
    "ProspectTerms",
    "PublicInterface",
    "Signal",
    "ZoneExchange",
]
