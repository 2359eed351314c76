"""What a merge does with this room's rows."""

from pavillon.directory.models.references import moves_with
from pavillon.services.models import ServiceOrder, Survey

moves_with(ServiceOrder, "company")
moves_with(Survey, "contact")
