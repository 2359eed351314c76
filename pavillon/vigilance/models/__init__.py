"""Budgets of reading, rules of unusual events, and the incidents that come of both."""

from pavillon.vigilance.models.budgets import Extension, Habit, Reader, ReadingLimit, Spending
from pavillon.vigilance.models.incidents import Exemption, Incident
from pavillon.vigilance.models.rules import Rehearsal, Rule, RuleVersion

__all__ = [
    "Exemption",
    "Extension",
    "Habit",
    "Incident",
    "Reader",
    "ReadingLimit",
    "Rehearsal",
    "Rule",
    "RuleVersion",
    "Spending",
]
