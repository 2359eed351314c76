"""Everything that writes in this room."""

from pavillon.continuity.actions.certificates import keep_certificate as keep_certificate
from pavillon.continuity.actions.certificates import remove_certificate as remove_certificate
from pavillon.continuity.actions.checks import note_check as note_check
from pavillon.continuity.actions.incidents import watch_over as watch_over
from pavillon.continuity.actions.journal import take_in_events as take_in_events
from pavillon.continuity.actions.journal import take_in_journal as take_in_journal
from pavillon.continuity.actions.maintenance import announce_work as announce_work
from pavillon.continuity.actions.maintenance import cancel_work as cancel_work
from pavillon.continuity.actions.probing import take_in_answers as take_in_answers
