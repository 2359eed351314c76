"""Facts of a company that follow from others."""

from decimal import Decimal

from pavillon.accounts.models import User
from pavillon.core.policy import readable
from pavillon.directory.models import Company


def export_share(company: Company, user: User) -> Decimal | None:
    """Export turnover over turnover (0 to 1); None when one is not known, is nothing, or may not be read."""
    if not company.turnover or company.export_turnover is None:
        return None
    if len(readable(user, Company, ["turnover", "export_turnover"])) < 2:
        return None
    return company.export_turnover / company.turnover


def known_number(company: Company, column: str) -> Company | None:
    """Another standing company with the same VAT or national number (`column`), None when there is none."""
    number = getattr(company, column)
    if not number:
        return None
    same = Company.objects.standing().filter(**{column: number}).exclude(pk=company.pk)
    return (same if column == "vat_number" else same.filter(country=company.country_id)).first()
