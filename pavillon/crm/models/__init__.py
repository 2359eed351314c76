from pavillon.crm.models.costs import ChannelCost
from pavillon.crm.models.deals import ComplexDealRule
from pavillon.crm.models.interactions import Interaction
from pavillon.crm.models.lead_lines import LeadMessage, LeadStep, LeadTouch, ProposedMatch
from pavillon.crm.models.lead_words import LeadWords
from pavillon.crm.models.leads import SUMMARY, HandOver, Lead
from pavillon.crm.models.mission_files import MissionFile
from pavillon.crm.models.missions import Mission
from pavillon.crm.models.profiles import CompanyProfile, Detection, ProfileSettings
from pavillon.crm.models.qualified import QualificationChecklist, QualifiedPeriod, QualifiedTarget
from pavillon.crm.models.referents import Referent
from pavillon.crm.models.routing import Absence, Capacity, LeadSettings
from pavillon.crm.models.routing_rules import RoutingRule, RuleValue
from pavillon.crm.models.routing_simulations import RoutingSimulation
from pavillon.crm.models.routing_versions import RoutingVersion
from pavillon.crm.models.suggestions import SiteVisit, Suggestion
from pavillon.crm.models.support import ContactMessage, DedicatedContact
from pavillon.crm.models.territories import PortfolioMove, Territory, TerritoryArea, TerritoryChange
from pavillon.crm.models.territory_works import TerritoryWork
from pavillon.crm.models.together import Comment, Discussion, Follow, Mention, RecordFollow, SharedTask

__all__ = [
    "SUMMARY",
    "Absence",
    "Capacity",
    "ChannelCost",
    "Comment",
    "CompanyProfile",
    "ComplexDealRule",
    "ContactMessage",
    "DedicatedContact",
    "Detection",
    "Discussion",
    "Follow",
    "HandOver",
    "Interaction",
    "Lead",
    "LeadMessage",
    "LeadSettings",
    "LeadStep",
    "LeadTouch",
    "LeadWords",
    "Mention",
    "Mission",
    "MissionFile",
    "PortfolioMove",
    "ProfileSettings",
    "ProposedMatch",
    "QualificationChecklist",
    "QualifiedPeriod",
    "QualifiedTarget",
    "RecordFollow",
    "Referent",
    "RoutingRule",
    "RoutingSimulation",
    "RoutingVersion",
    "RuleValue",
    "SharedTask",
    "SiteVisit",
    "Suggestion",
    "Territory",
    "TerritoryArea",
    "TerritoryChange",
    "TerritoryWork",
]
