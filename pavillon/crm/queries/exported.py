"""Exchanges and requests that leave with the companies of a list, in the columns by which a file brings them back."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.core.permissions import is_allowed
from pavillon.crm.models import Interaction, Lead
from pavillon.directory.criteria import Column
from pavillon.segments.queries.parts import COMPANY, PartExport, company_columns, person_columns


def _may_export(user: User) -> bool:
    return is_allowed(user, "crm.export_leads", None)


def _moment(value: Any) -> str:
    """To the last digit: requests and exchanges are known by their moment."""
    return value.isoformat() if value else ""


def _next(model: type[Any]) -> list[Column]:
    governed = ((Lead, "next_action"),) if model is Lead else ()
    return [
        Column("next_action", _("Next action"), lambda row: row.next_action, governed=governed),
        Column("next_action_on", _("On"), lambda row: row.next_action_on, governed=governed),
        Column("next_action_at", _("At"), lambda row: row.next_action_at, governed=governed),
    ]


def _of(field: str) -> tuple[Any, ...]:
    return ((Interaction, field),)


def _in(field: str) -> tuple[Any, ...]:
    return ((Lead, field),)


EXCHANGES = PartExport(
    "exchanges",
    _("Exchanges with them"),
    lambda companies, user: Interaction.objects.visible_to(user)
    .filter(company__in=companies)
    .select_related(*COMPANY, "contact", "author", "organisation", "lead"),
    [
        *company_columns(),
        *person_columns(),
        Column("exchange_happened_at", _("When"), lambda x: _moment(x.happened_at)),
        Column("exchange_kind", _("Kind"), lambda x: x.get_kind_display()),
        Column("exchange_summary", _("What was said"), lambda x: x.summary, governed=_of("summary")),
        Column(
            "exchange_duration_minutes", _("Duration (minutes)"), lambda x: x.duration_minutes,
            governed=_of("duration_minutes"),
        ),
        Column("exchange_outcome", _("Outcome"), lambda x: x.get_outcome_display(), governed=_of("outcome")),
        Column("exchange_visibility", _("Who may read it"), lambda x: x.get_visibility_display()),
        Column("exchange_author", _("Written by"), lambda x: x.author.email),
        Column("exchange_organisation", _("Organisation"), lambda x: x.organisation.name),
        Column(
            "exchange_request_received_at", _("Its request was received at"),
            lambda x: _moment(x.lead.received_at) if x.lead else "",
        ),
        *_next(Interaction),
        Column("next_action_done_at", _("Next action done at"), lambda x: _moment(x.next_action_done_at)),
    ],
    _may_export,
)  # fmt: skip
REQUESTS = PartExport(
    "requests",
    _("Their requests"),
    lambda companies, user: Lead.objects.visible_to(user)
    .filter(company__in=companies)
    .select_related(*COMPANY, "contact", "adviser", "team", "country", "sector", "region"),
    [
        *company_columns(),
        *person_columns(),
        Column("request_received_at", _("Received"), lambda x: _moment(x.received_at)),
        Column("request_subject", _("Subject"), lambda x: x.subject),
        Column("request_message", _("Message"), lambda x: x.message, governed=_in("message")),
        Column("request_kind", _("What is asked"), lambda x: x.get_kind_display()),
        Column("request_origin", _("Channel"), lambda x: x.get_origin_display()),
        Column("request_prompted_by", _("Prompted by"), lambda x: x.prompted_by),
        Column("request_country", _("Country aimed at"), lambda x: str(x.country or "")),
        Column("request_sector", _("Sector"), lambda x: str(x.sector or "")),
        Column("request_region", _("Region"), lambda x: str(x.region or "")),
        Column("request_legal_basis", _("Legal basis"), lambda x: x.get_legal_basis_display()),
        Column("request_company_name", _("company as written"), lambda x: x.company_name),
        Column("request_town", _("town as written"), lambda x: x.town),
        Column("request_contact_name", _("Person"), lambda x: x.contact_name, governed=_in("contact_name")),
        Column("request_contact_email", _("E-mail"), lambda x: x.contact_email, governed=_in("contact_email")),
        Column("request_contact_phone", _("Phone"), lambda x: x.contact_phone, governed=_in("contact_phone")),
        Column("request_state", _("Step"), lambda x: x.get_state_display()),
        Column("request_team", _("Team"), lambda x: x.team.name if x.team else ""),
        Column("request_adviser", _("Adviser"), lambda x: x.adviser.email if x.adviser else ""),
        Column("request_assigned_at", _("Given to the adviser at"), lambda x: _moment(x.assigned_at)),
        Column("request_due_at", _("To be taken before"), lambda x: _moment(x.due_at)),
        Column("request_taken_at", _("Taken charge of at"), lambda x: _moment(x.taken_at)),
        Column("request_treated_at", _("Treated at"), lambda x: _moment(x.treated_at)),
        Column("request_closed_at", _("Closed or refused at"), lambda x: _moment(x.closed_at)),
        Column("request_outcome", _("Outcome"), lambda x: x.get_outcome_display(), governed=_in("outcome")),
        Column("request_closing_note", _("Said to the company"), lambda x: x.closing_note),
        *_next(Lead),
    ],
    _may_export,
)  # fmt: skip
# Whom they come from is not in the base yet: they hang on no list of companies.
OTHER_REQUESTS = PartExport(
    "other_requests",
    _("Requests that belong to no company"),
    lambda companies, user: (
        Lead.objects.visible_to(user)
        .filter(company=None)
        .select_related(*COMPANY, "contact", "adviser", "team", "country", "sector", "region")
    ),
    REQUESTS.columns,
    _may_export,
    is_apart=True,
)
