from pavillon.crm.models.interactions import Interaction
from pavillon.crm.models.lead_lines import LeadMessage, LeadStep, LeadTouch, ProposedMatch
from pavillon.crm.models.leads import HandOver, Lead
from pavillon.crm.models.profiles import CompanyProfile, Detection, ProfileSettings
from pavillon.crm.models.referents import Referent
from pavillon.crm.models.routing import Absence, Capacity, LeadSettings, RoutingRule
from pavillon.crm.models.support import ContactMessage, DedicatedContact

__all__ = [
    "Absence",
    "Capacity",
    "CompanyProfile",
    "ContactMessage",
    "DedicatedContact",
    "Detection",
    "HandOver",
    "Interaction",
    "Lead",
    "LeadMessage",
    "LeadSettings",
    "LeadStep",
    "LeadTouch",
    "ProfileSettings",
    "ProposedMatch",
    "Referent",
    "RoutingRule",
]
