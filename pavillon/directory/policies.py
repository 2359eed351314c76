from typing import Any

from django.db.models import ForeignKey, Model, Q, QuerySet

from pavillon.accounts.models import User
from pavillon.core.models import narrow_sight
from pavillon.core.policy import governs, owned_by
from pavillon.core.reading import hear_reads
from pavillon.directory.actions import trace_sensitive_read
from pavillon.directory.models import Channel, Company, Contact, NotClosedTo, SensitiveMark
from pavillon.directory.models.sensitive import ways_to_companies
from pavillon.directory.queries.contactable import bar_from_campaigns
from pavillon.directory.queries.uses import find_contacts, introduce_contacts, not_objecting
from pavillon.privacy.queries import introduce, keep_addresses_in
from pavillon.ui.exports import withhold

governs(
    Company,
    fields=[
        "siren",
        "national_number",
        "vat_number",
        "name",
        "legal_name",
        "status",
        "activity",
        "legal_category",
        "workforce_band",
        "headcount",
        "size",
        "address",
        "website",
        "sector",
        "export_class",
        "turnover",
        "export_turnover",
        "turnover_objective",
        "potential_turnover",
        "margin",
        "new_client_objective",
        "priority_zones",
        "is_accompanied",
    ],
    names=["name"],
    along={
        "postal_code": "address",
        "domain": "website",
        "turnover_year": "turnover",
        "export_turnover_year": "export_turnover",
        "headcount_year": "headcount",
        "objective_year": "turnover_objective",
    },
)
governs(
    Contact,
    fields=["first_name", "last_name", "job_title", "email", "phone", "is_decision_maker"],
    names=["first_name", "last_name"],
)

introduce(Contact, "contact", introduce_contacts, find_contacts)
keep_addresses_in(Channel, "value_index")
bar_from_campaigns(not_objecting)

owned_by(Company, lambda user: Q(organisation=user.organisation) if user.organisation else Q(pk=None))
owned_by(Contact, lambda user: Q(user=user))

_paths: dict[type[Model], list[str]] = {}


def _company_columns(model: type[Model]) -> list[str]:
    """Columns of a table of another room that point at a company or at a contact."""
    if model not in _paths:
        columns = [f for f in model._meta.concrete_fields if isinstance(f, ForeignKey)]
        own = model._meta.app_label == "directory"
        _paths[model] = [] if own else [f.name for f in columns if f.related_model is Company]
    return _paths[model]


def hide_sensitive_companies(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Rows of every room that name a sensitive company are seen by its audience, and by the company itself."""
    columns = _company_columns(rows.model)
    if columns and user.is_team:
        rows = rows.filter(*(NotClosedTo(name, user) for name in columns))
    return rows


def keep_sensitive_companies_in(rows: QuerySet[Any], user: User) -> QuerySet[Any]:
    """Rows of every room that name a sensitive company leave in no file of the team, its audience's included."""
    if not user.is_team:
        return rows
    way = ways_to_companies.get(rows.model)
    marked = SensitiveMark.objects.standing().values("company")
    for path in [*_company_columns(rows.model), *([way] if way else [])]:
        rows = rows.exclude(**{f"{path}__in": marked})
    return rows


def trace_reading(user: User, record: Model, how: str) -> None:
    """Each reading of a sensitive company leaves a line in its own trail, beside the read log."""
    if isinstance(record, Company) and record.is_sensitive and how != "panel":
        trace_sensitive_read(record, by=user, how=how)


narrow_sight(hide_sensitive_companies)
withhold(keep_sensitive_companies_in)
hear_reads(trace_reading)
