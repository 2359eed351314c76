"""Who may do what with services, orders and surveys. What one may see is in the QuerySets."""

from pavillon.accounts.enums import Kind, Level, Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission, sees
from pavillon.crm.models import Lead
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.directory.models import Company
from pavillon.services.models import CATALOGUE_READERS, Service, ServiceOrder, SurveySettings

# Those who order for companies.
ORDERERS = frozenset({Role.ADVISER, Role.TEAM_MANAGER, Role.SALES})


def _is_national_manager(user: User) -> bool:
    place = user.organisation
    return bool(
        place
        and user.role in (Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER)
        and place.kind == Kind.AGENCY
        and place.level == Level.NATIONAL
    )


def keeps_whole_catalogue(user: User) -> bool:
    """Managers of the national agency and the administrator write services of every provider."""
    return user.role == Role.PLATFORM_ADMIN or _is_national_manager(user)


@permission("services.view_catalogue")
def view_catalogue(user: User, subject: None) -> bool:
    return user.role in CATALOGUE_READERS


@permission("services.view_service")
def view_service(user: User, service: Service | None) -> bool:
    return user.role in CATALOGUE_READERS and (service is None or sees(user, service))


@permission("services.create_service", writes=Service)
def create_service(user: User, subject: None) -> bool:
    """Who keeps the whole catalogue; managers and administrators of an organisation for their own."""
    return keeps_whole_catalogue(user) or user.role in (Role.TEAM_MANAGER, Role.ORGANISATION_ADMIN)


@permission("services.change_service", writes=Service)
def change_service(user: User, service: Service) -> bool:
    own = bool(user.acting) and service.provider_id == user.acting.organisation_id
    return create_service(user, None) and (keeps_whole_catalogue(user) or own)


@permission("services.retire_service", writes=Service)
def retire_service(user: User, service: Service) -> bool:
    return service.is_active and change_service(user, service)


@permission("services.restore_service", writes=Service)
def restore_service(user: User, service: Service) -> bool:
    return not service.is_active and change_service(user, service)


@permission("services.view_orders")
def view_orders(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS


@permission("services.view_order")
def view_order(user: User, order: ServiceOrder | None) -> bool:
    """The team's page of it; a company reads its own in "my services"."""
    return user.role in LEAD_READERS and (order is None or sees(user, order))


@permission("services.export_orders")
def export_orders(user: User, subject: None) -> bool:
    return user.role in {Role.ADVISER, Role.TEAM_MANAGER, Role.SHOWROOM_MANAGER}


@permission("services.view_company_services")
def view_company_services(user: User, company: Company | None) -> bool:
    """A part of the company's page: who opens that sees the company (`crm.view_profile` too)."""
    return user.role in LEAD_READERS


@permission("services.view_lead_services")
def view_lead_services(user: User, lead: Lead | None) -> bool:
    return user.role in LEAD_READERS and (lead is None or sees(user, lead))


@permission("services.order_service", writes=ServiceOrder)
def order_service(user: User, company: Company | None) -> bool:
    return user.role in ORDERERS and (company is None or sees(user, company))


# The step of an order is not asked here: an action that comes too late says what happened meanwhile.
def _answers_for(user: User, order: ServiceOrder) -> bool:
    """The adviser who ordered, and the managers of his organisation and of the national agency."""
    manages = user.role == Role.TEAM_MANAGER and user.acting and order.organisation_id == user.acting.organisation_id
    return order.ordered_by_id == user.pk or bool(manages) or _is_national_manager(user)


def _delivers(user: User, order: ServiceOrder) -> bool:
    leads = user.role in (Role.TEAM_MANAGER, Role.PRIVATE_PARTNER) and user.acting
    provides = bool(leads) and order.provider_id == user.acting.organisation_id
    return order.deliverer_id == user.pk or provides or _answers_for(user, order)


@permission("services.change_order", writes=ServiceOrder)
def change_order(user: User, order: ServiceOrder) -> bool:
    return view_order(user, order) and _answers_for(user, order)


@permission("services.discount_order", writes=ServiceOrder, field="price")
def discount_order(user: User, order: ServiceOrder) -> bool:
    """The adviser who ordered, and managers; nobody who may not write prices."""
    return order.is_open and view_order(user, order) and _answers_for(user, order)


@permission("services.confirm_order", writes=ServiceOrder)
def confirm_order(user: User, order: ServiceOrder) -> bool:
    """The company said yes."""
    return view_order(user, order) and _answers_for(user, order)


@permission("services.start_delivery", writes=ServiceOrder)
def start_delivery(user: User, order: ServiceOrder) -> bool:
    return view_order(user, order) and _delivers(user, order)


@permission("services.deliver_order", writes=ServiceOrder)
def deliver_order(user: User, order: ServiceOrder) -> bool:
    return view_order(user, order) and _delivers(user, order)


@permission("services.name_deliverer", writes=ServiceOrder)
def name_deliverer(user: User, order: ServiceOrder) -> bool:
    """The provider's managers, and a private partner for what it provides: one of their own people."""
    leads = user.role in (Role.TEAM_MANAGER, Role.PRIVATE_PARTNER) and user.acting
    provides = bool(leads) and order.provider_id == user.acting.organisation_id
    return view_order(user, order) and provides


@permission("services.cancel_order", writes=ServiceOrder)
def cancel_order(user: User, order: ServiceOrder) -> bool:
    return view_order(user, order) and _answers_for(user, order)


@permission("services.view_coverage")
def view_coverage(user: User, subject: None) -> bool:
    """Who was asked, and how many answered: the whole team reads it."""
    return user.role in LEAD_READERS


@permission("services.view_impact")
def view_impact(user: User, subject: None) -> bool:
    return user.role in LEAD_READERS


@permission("services.change_survey_settings", writes=SurveySettings)
def change_survey_settings(user: User, subject: None) -> bool:
    """Nobody who delivers: the administrator and the managers of the national agency."""
    return keeps_whole_catalogue(user)


@permission("services.view_my_services")
def view_my_services(user: User, subject: None) -> bool:
    return user.has_role(Role.COMPANY_MANAGER)
