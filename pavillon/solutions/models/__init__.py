from pavillon.solutions.models.accounts import AccountOpening, CompanyVisit, JoinRequest, RegionSite
from pavillon.solutions.models.catalogue import Provider, Solution
from pavillon.solutions.models.diagnosis import Answer, Diagnosis
from pavillon.solutions.models.path import Brick, PathStep
from pavillon.solutions.models.questionnaire import Choice, Question, Questionnaire, Theme

__all__ = [
    "AccountOpening",
    "Answer",
    "Brick",
    "Choice",
    "CompanyVisit",
    "Diagnosis",
    "JoinRequest",
    "PathStep",
    "Provider",
    "Question",
    "Questionnaire",
    "RegionSite",
    "Solution",
    "Theme",
]
