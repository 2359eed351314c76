"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

segment_moved = Signal()  # segment, entered: list of numbers, left: list of numbers (at most 1,000 of each)
target_list_published = Signal()  # target_list, readers: list of people, by
export_blocked = Signal()  # export: ExportFile, by
