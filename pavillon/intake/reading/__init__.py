"""Open a partner's file, whatever wrote it: encoding, separator, sheet and header are found, faults are told.

Nothing here knows the base: a table is a header and rows of text.
"""

from pavillon.intake.reading.faults import BadFile
from pavillon.intake.reading.tables import Table, open_table

__all__ = ["BadFile", "Table", "open_table"]
