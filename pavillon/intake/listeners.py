"""Merges: a row of a file follows the company and the person that it was found to be."""

from pavillon.directory.models.references import leaves_with, moves_with
from pavillon.intake.models import DeliveryRow, Signal

moves_with(DeliveryRow, "company")
moves_with(DeliveryRow, "contact")
moves_with(Signal, "company", taken="drop")
leaves_with(Signal, "company")
