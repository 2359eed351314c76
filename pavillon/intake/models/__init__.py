from pavillon.intake.models.deliveries import Delivery, DeliveryRow, Layout

__all__ = ["Delivery", "DeliveryRow", "Layout"]
