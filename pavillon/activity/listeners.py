"""What rooms below tell through `core` is kept here."""

from pavillon.activity.actions import record
from pavillon.core.trail import keep_trail_with

keep_trail_with(record)
