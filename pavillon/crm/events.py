"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

lead_received = Signal()  # lead, by (None when a person outside the team asked)
lead_matched = Signal()  # lead, company, by: a request without a company got one
lead_assigned = Signal()  # lead, adviser, reason (readable lines), by
lead_taken = Signal()  # lead, by
lead_escalated = Signal()  # lead
lead_treated = Signal()  # lead, by
lead_closed = Signal()  # lead, by
lead_refused = Signal()  # lead, by
lead_handed_over = Signal()  # lead, before (who had it), by (who has it now)
interaction_logged = Signal()  # interaction, by
interactions_logged = Signal()  # interactions, by: brought by a file, or taken back; instead of interaction_logged
referent_set = Signal()  # referent, by
referents_set = Signal()  # companies (numbers), by: many at once by a change of territories; instead of referent_set
