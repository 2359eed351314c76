"""What this room announces, inside the transaction of the action that sends it."""

from django.dispatch import Signal

service_ordered = Signal()  # order, by: proposed or ordered
service_delivered = Signal()  # order, by
survey_answered = Signal()  # survey
