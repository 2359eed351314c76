from pavillon.crm.models.interactions import Interaction
from pavillon.crm.models.leads import HandOver, Lead, LeadMessage, LeadStep, LeadTouch, ProposedMatch
from pavillon.crm.models.referents import Referent
from pavillon.crm.models.routing import Absence, Capacity, LeadSettings, RoutingRule

__all__ = [
    "Absence",
    "Capacity",
    "HandOver",
    "Interaction",
    "Lead",
    "LeadMessage",
    "LeadSettings",
    "LeadStep",
    "LeadTouch",
    "ProposedMatch",
    "Referent",
    "RoutingRule",
]
