"""Who may bring data in."""

from typing import Any

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.directory.models import Company, Source
from pavillon.intake.enums import DeliveryState
from pavillon.intake.models import Delivery, Exchange, LegalApproval, PublicInterface, Signal, ZoneExchange
from pavillon.intake.models.deliveries import BRINGERS
from pavillon.intake.models.parts import kind_of, kinds
from pavillon.intake.models.prospects import PROSPECT_KINDS


@permission("intake.view_deliveries")
def view_deliveries(user: User, subject: None) -> bool:
    return user.role in BRINGERS | {Role.DATA_PROTECTION_OFFICER}


@permission("intake.view_delivery")
def view_delivery(user: User, delivery: Delivery | None) -> bool:
    return view_deliveries(user, None)


@permission("intake.bring_delivery", writes=Delivery)
def bring_delivery(user: User, subject: None) -> bool:
    return user.role in BRINGERS


def kinds_for(user: User) -> list[tuple[str, Any]]:
    """The kinds of files that somebody may bring: those of the base, and those that he may write by hand."""
    named = ((key, label, kind_of(key)) for key, label in kinds().items())
    return [(key, label) for key, label, kind in named if kind is None or kind.may_bring(user)]


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


@permission("intake.view_outside")
def view_outside(user: User, subject: None) -> bool:
    """Signals, terms of prospects, the register of exchanges: the whole team."""
    return user.is_team


@permission("intake.set_terms", writes=Source)
def set_terms(user: User, source: Source | None) -> bool:
    return user.role in BRINGERS and (source is None or source.kind in PROSPECT_KINDS)


@permission("intake.import_signals", writes=Signal)
def import_signals(user: User, subject: None) -> bool:
    """The platform's keepers, and the national agency's managers: no administrator may hold a key of the API."""
    place = user.organisation
    is_national = bool(place and place.kind == Kind.AGENCY and place.level == Level.NATIONAL)
    return user.role == Role.PLATFORM_ADMIN or (user.role == Role.TEAM_MANAGER and is_national)


@permission("intake.approve_feed", writes=LegalApproval)
def approve_feed(user: User, subject: None) -> bool:
    return user.role in (Role.DATA_PROTECTION_OFFICER, Role.PLATFORM_ADMIN)


@permission("intake.export_head_offices", writes=ZoneExchange)
def export_head_offices(user: User, subject: None) -> bool:
    return user.role == Role.PLATFORM_ADMIN


@permission("intake.change_exchange", writes=Exchange)
def change_exchange(user: User, exchange: Exchange | None) -> bool:
    return user.role in (Role.PLATFORM_ADMIN, Role.DATA_PROTECTION_OFFICER)


@permission("intake.add_interface", writes=PublicInterface)
def add_interface(user: User, subject: None) -> bool:
    return user.role in BRINGERS


@permission("intake.try_interface", writes=PublicInterface)
def try_interface(user: User, interface: PublicInterface | None) -> bool:
    return user.role in BRINGERS


@permission("intake.rate_interface", writes=PublicInterface)
def rate_interface(user: User, interface: PublicInterface | None) -> bool:
    return user.role in BRINGERS


@permission("intake.company_outside")
def company_outside(user: User, company: Company | None) -> bool:
    """The panel of a company's page."""
    return user.is_team
