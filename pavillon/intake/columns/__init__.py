"""What a partner's columns can become, how their cells are read, and which column is probably what.

Nothing here writes or queries: reading a cell needs only the reference data passed in `Known`.
"""

from pavillon.intake.columns.guessing import guess_targets
from pavillon.intake.columns.parsing import BadValue
from pavillon.intake.columns.targets import TARGETS, Known, Target

__all__ = ["TARGETS", "BadValue", "Known", "Target", "guess_targets"]
