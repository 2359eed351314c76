from pavillon.care.models.assessments import Assessment
from pavillon.care.models.offers import Offer, OfferLine, OfferQuestion, OfferRule
from pavillon.care.models.risks import RISK_READERS, Criticism, RiskGround, RiskMark, RiskRules

__all__ = [
    "RISK_READERS",
    "Assessment",
    "Criticism",
    "Offer",
    "OfferLine",
    "OfferQuestion",
    "OfferRule",
    "RiskGround",
    "RiskMark",
    "RiskRules",
]
