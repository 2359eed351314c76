"""Who reads which figures. The agency aggregates; a region reads its own; a company reads itself."""

from pavillon.accounts.enums import Kind, Role
from pavillon.accounts.models import User
from pavillon.core.permissions import permission
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.directory.models import Company

AGENCY_READERS = frozenset({Role.SHOWROOM_MANAGER, Role.TEAM_MANAGER})
COMPANY_READERS = frozenset({Role.COMPANY_MANAGER, Role.SELLER})


def is_agency_reader(user: User) -> bool:
    return bool(user.role in AGENCY_READERS and user.organisation and user.organisation.kind == Kind.AGENCY)


def is_region_reader(user: User) -> bool:
    """An official of a region, or the manager of a regional team."""
    return bool(user.has_role(Role.REGION_OFFICIAL, Role.TEAM_MANAGER) and user.region_id)


@permission("reporting.view_dashboard")
def view_dashboard(user: User, subject: None) -> bool:
    """The whole platform's figures are the agency's alone."""
    return is_agency_reader(user)


@permission("reporting.view_region_dashboard")
def view_region_dashboard(user: User, subject: None) -> bool:
    """The figures of one's own region, for those who steer it."""
    return is_region_reader(user) and not is_agency_reader(user)


@permission("reporting.view_figures")
def view_figures(user: User, subject: None) -> bool:
    """The lists behind the figures, of whichever of the two dashboards is one's own."""
    return is_agency_reader(user) or is_region_reader(user)


@permission("reporting.view_marketing")
def view_marketing(user: User, subject: None) -> bool:
    """Whoever works on companies: each figure counts what its reader may see."""
    return user.role in LEAD_READERS


@permission("reporting.view_company_report")
def view_company_report(user: User, company: Company | None) -> bool:
    """The agency on every company, a regional team on those of its region, advisers too, a company on itself."""
    if user.is_newcomer:
        return False
    if user.role in COMPANY_READERS:
        return company is None or company.organisation_id == user.acting.organisation_id
    if is_agency_reader(user):
        return True
    if is_region_reader(user) or user.has_role(Role.ADVISER):
        return company is None or not user.region_id or company.region_id == user.region_id
    return False


@permission("reporting.view_own_report")
def view_own_report(user: User, subject: None) -> bool:
    """A company's own figures; they tell its past, which a newcomer does not know yet."""
    return user.role in COMPANY_READERS and not user.is_newcomer
