"""Small reads that several files of the room share."""

from typing import Any

from pavillon.accounts.models import User
from pavillon.accounts.queries import advisers_of, team_of_region
from pavillon.crm.models import Referent
from pavillon.directory.models import Company
from pavillon.reference.models import Country
from pavillon.showroom.models import Enquiry, Shop, ShowroomSettings
from pavillon.ui import steady


def showroom_settings() -> ShowroomSettings:
    """The agency's figures; the defaults until somebody changes them."""
    return next(iter(_settings()), None) or ShowroomSettings(pk=1)


_settings = steady.Form(lambda: ShowroomSettings.objects.filter(pk=1), (), ())


def shop_of(user: Any) -> Shop | None:
    """The shop of the company that the person acts for."""
    return Shop.objects.visible_to(user).select_related("company").first() if user.is_company else None


def company_of(user: Any) -> Company | None:
    """The company that the person acts for."""
    return Company.objects.filter(organisation=user.organisation).first() if user.is_company else None


def recipients_of(shop: Shop) -> list[User]:
    """Who is told of the enquiries of a shop: the people chosen, as long as they still work there."""
    current = User.objects.working().acting_in(organisation=shop.company.organisation)
    chosen = list(current.filter(pk__in=shop.recipients.values("user")))
    # Everybody chosen has left: the company's people are told rather than nobody.
    return chosen or list(current.order_by("pk"))


def people_of(shop: Shop) -> list[User]:
    """Everybody who works for the shop's company today."""
    return list(User.objects.working().acting_in(organisation=shop.company.organisation).order_by("last_name", "pk"))


def adviser_people(company: Company) -> list[User]:
    """Who accompanies a company: its referent, else the advisers of its region."""
    referent = Referent.objects.current().filter(company=company).select_related("adviser").first()
    if referent:
        return [referent.adviser]
    if not company.region_id:
        return []
    found = list(advisers_of(company.region_id))
    return found or [seat.user for seat in team_of_region(company.region_id)]


def is_overdue(enquiry: Enquiry, settings: ShowroomSettings) -> bool:
    """The buyer has waited longer than the agency wishes."""
    return enquiry.state == "new" and enquiry.waiting_minutes > settings.unanswered_hours * 60


def country_names(codes: Any) -> list[Country]:
    return list(Country.objects.filter(code__in=list(codes)))
