from pavillon.feedback.queries.satisfaction import Satisfaction, satisfaction_of
from pavillon.feedback.queries.screens import screen_name, screen_of

__all__ = ["Satisfaction", "satisfaction_of", "screen_name", "screen_of"]
