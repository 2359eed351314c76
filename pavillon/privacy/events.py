"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

consent_given = Signal()  # consent
consent_refused = Signal()  # consent
consent_withdrawn = Signal()  # consent (the one that ended), by
