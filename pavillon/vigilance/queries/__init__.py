from pavillon.vigilance.queries.budgets import Standing, heaviest_readers, limit_for, standing_of
from pavillon.vigilance.queries.detection import Hit, find_hits

__all__ = ["Hit", "Standing", "find_hits", "heaviest_readers", "limit_for", "standing_of"]
