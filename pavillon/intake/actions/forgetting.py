"""What personal data leave behind when their time is over."""

from pavillon.intake import vault
from pavillon.intake.models import Delivery, DeliveryRow


def forget_sample(delivery: Delivery) -> None:
    """The first rows, and the file itself if it was never rehearsed."""
    vault.drop(delivery.pk)
    delivery.sample = ""
    delivery.save(update_fields=["sample", "changed_at"])


def forget_row(row: DeliveryRow) -> None:
    """The cells and what was made of them; the outcome stays, so the reports still add up."""
    row.sealed, row.foreseen, row.done = "{}", "", ""
    row.save(update_fields=["sealed", "foreseen", "done"])
