from pavillon.privacy.models.consents import Consent, Purpose, PurposeVersion
from pavillon.privacy.models.letters import Letter
from pavillon.privacy.models.questions import Question
from pavillon.privacy.models.registers import Breach, ControlPoint, Processing, Processor
from pavillon.privacy.models.retention import RetentionRule, RetentionRun
from pavillon.privacy.models.rights import Erasure, RightsRequest

__all__ = [
    "Breach",
    "Consent",
    "ControlPoint",
    "Erasure",
    "Letter",
    "Processing",
    "Processor",
    "Purpose",
    "PurposeVersion",
    "Question",
    "RetentionRule",
    "RetentionRun",
    "RightsRequest",
]
