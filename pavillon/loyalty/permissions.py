"""Who may do what with loyalty programmes. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Role
from pavillon.accounts.models import User
from pavillon.campaigns.models import READERS
from pavillon.campaigns.permissions import PLANNERS, plans_for_all
from pavillon.core.permissions import is_allowed, permission, sees
from pavillon.directory.models import Company
from pavillon.loyalty.models import Enrolment, Programme
from pavillon.services.enums import OrderState
from pavillon.services.models import ServiceOrder


@permission("loyalty.view_programmes")
def view_programmes(user: User, subject: None) -> bool:
    return user.role in READERS


@permission("loyalty.view_programme")
def view_programme(user: User, programme: Programme | None) -> bool:
    """The team's page of it; a company reads its own in "my programmes"."""
    return user.role in READERS and (programme is None or sees(user, programme))


@permission("loyalty.view_enrolments")
def view_enrolments(user: User, programme: Programme | None) -> bool:
    return view_programme(user, programme)


@permission("loyalty.export_enrolments")
def export_enrolments(user: User, subject: None) -> bool:
    return user.role in PLANNERS


@permission("loyalty.create_programme", writes=Programme)
def create_programme(user: User, subject: None) -> bool:
    return user.role in PLANNERS


@permission("loyalty.change_programme", writes=Programme)
def change_programme(user: User, programme: Programme) -> bool:
    """Planners of the organisation that decides, and the managers of the national agency."""
    own = bool(user.acting) and programme.organisation_id == user.acting.organisation_id
    return user.role in PLANNERS and (own or plans_for_all(user))


@permission("loyalty.close_programme", writes=Programme)
def close_programme(user: User, programme: Programme) -> bool:
    return programme.closed_at is None and change_programme(user, programme)


@permission("loyalty.reopen_programme", writes=Programme)
def reopen_programme(user: User, programme: Programme) -> bool:
    return programme.closed_at is not None and change_programme(user, programme)


@permission("loyalty.enrol_segment", writes=Enrolment)
def enrol_segment(user: User, programme: Programme) -> bool:
    return programme.closed_at is None and change_programme(user, programme)


@permission("loyalty.end_enrolment", writes=Enrolment)
def end_enrolment(user: User, enrolment: Enrolment) -> bool:
    return enrolment.left_at is None and sees(user, enrolment) and change_programme(user, enrolment.programme)


@permission("loyalty.view_company_programmes")
def view_company_programmes(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company."""
    return user.role in READERS


@permission("loyalty.view_order_programmes")
def view_order_programmes(user: User, order: ServiceOrder | None) -> bool:
    return user.role in READERS and (order is None or sees(user, order))


@permission("loyalty.apply_benefit", writes=ServiceOrder)
def apply_benefit(user: User, order: ServiceOrder) -> bool:
    """Whoever may give a discount on the order."""
    return is_allowed(user, "services.discount_order", order)


@permission("loyalty.view_my_programmes")
def view_my_programmes(user: User, subject: None) -> bool:
    return user.has_role(Role.COMPANY_MANAGER)


@permission("loyalty.leave_programme", writes=Enrolment)
def leave_programme(user: User, enrolment: Enrolment) -> bool:
    """A company leaves by itself, whenever it wants."""
    return user.has_role(Role.COMPANY_MANAGER) and enrolment.left_at is None and sees(user, enrolment)


@permission("loyalty.take_benefit_back", writes=ServiceOrder)
def take_benefit_back(user: User, order: ServiceOrder) -> bool:
    """As long as the company has not ordered: what it agreed to does not become dearer."""
    return order.state == OrderState.PROPOSED and apply_benefit(user, order)
