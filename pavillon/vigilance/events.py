"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

incident_opened = Signal()  # incident: Incident
