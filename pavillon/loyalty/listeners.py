"""What a merge does with this room's rows."""

from pavillon.directory.models.references import moves_with
from pavillon.loyalty.models import Enrolment

moves_with(Enrolment, "company", taken="stay")
