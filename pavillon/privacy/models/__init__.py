from pavillon.privacy.models.consents import Consent, Purpose, PurposeVersion
from pavillon.privacy.models.letters import Letter
from pavillon.privacy.models.questions import Question
from pavillon.privacy.models.registers import Breach, ControlPoint, Processing, Processor
from pavillon.privacy.models.retention import RetentionRule, RetentionRun
from pavillon.privacy.models.rights import Erasure, RightsRequest
from pavillon.privacy.models.secrecy import Clearance, RestrictedClass, RestrictedPurpose

__all__ = [
    "Breach",
    "Clearance",
    "Consent",
    "ControlPoint",
    "Erasure",
    "Letter",
    "Processing",
    "Processor",
    "Purpose",
    "PurposeVersion",
    "Question",
    "RestrictedClass",
    "RestrictedPurpose",
    "RetentionRule",
    "RetentionRun",
    "RightsRequest",
]
