"""Who may bring data in."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery

BRINGERS = frozenset({Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN, Role.PLATFORM_ADMIN})


@permission("intake.view_deliveries")
def view_deliveries(user: User, subject: None) -> bool:
    return user.role in BRINGERS | {Role.DATA_PROTECTION_OFFICER}


@permission("intake.view_delivery")
def view_delivery(user: User, delivery: Delivery | None) -> bool:
    return view_deliveries(user, None)


@permission("intake.bring_delivery", writes=Delivery)
def bring_delivery(user: User, subject: None) -> bool:
    return user.role in BRINGERS


@permission("intake.map_delivery", writes=Delivery)
def map_delivery(user: User, delivery: Delivery | None) -> bool:
    """Until it is taken over, and again once it was undone."""
    free = {DeliveryState.BROUGHT, DeliveryState.REHEARSED, DeliveryState.FAILED, DeliveryState.UNDONE}
    return user.role in BRINGERS and (delivery is None or (delivery.state in free and not delivery.taken_at))


@permission("intake.decide_row", writes=Delivery)
def decide_row(user: User, delivery: Delivery | None) -> bool:
    return user.role in BRINGERS and (delivery is None or delivery.state == DeliveryState.REHEARSED)


@permission("intake.take_delivery", writes=Delivery)
def take_delivery(user: User, delivery: Delivery | None) -> bool:
    return user.role in BRINGERS and (delivery is None or delivery.state == DeliveryState.REHEARSED)


@permission("intake.undo_delivery", writes=Delivery)
def undo_delivery(user: User, delivery: Delivery | None) -> bool:
    return user.role in BRINGERS and (delivery is None or delivery.state == DeliveryState.TAKEN)


@permission("intake.resume_delivery", writes=Delivery)
def resume_delivery(user: User, delivery: Delivery | None) -> bool:
    return user.role in BRINGERS and (delivery is None or delivery.is_stuck)


@permission("intake.reread_delivery", writes=Delivery)
def reread_delivery(user: User, delivery: Delivery | None) -> bool:
    """While the file itself is kept: its rows are not stored yet."""
    return map_delivery(user, delivery) and (delivery is None or not delivery.is_read)


@permission("intake.export_refused", writes=Delivery)
def export_refused(user: User, delivery: Delivery | None) -> bool:
    return user.role in BRINGERS
