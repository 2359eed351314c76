"""Requests and interactions for other systems; the same rows and fields as on screen."""

from ninja import Query, Router

from pavillon.crm.models import Interaction, Lead
from pavillon.ui.endpoints import PAGE, one, page_of
from pavillon.ui.shapes import answers, page_of_rows, row_of

router = Router()

LEAD = [
    "reference",
    "origin",
    "kind",
    "is_spontaneous",
    "prompted_by",
    "company_id",
    "company_name",
    "contact_name",
    "contact_email",
    "contact_phone",
    "region_id",
    "country_id",
    "sector_id",
    "subject",
    "message",
    "legal_basis",
    "state",
    "team_id",
    "adviser_id",
    "received_at",
    "assigned_at",
    "due_at",
    "taken_at",
    "take_charge_minutes",
    "treated_at",
    "closed_at",
    "outcome",
    "next_action",
    "next_action_on",
]
INTERACTION = [
    "company_id",
    "lead_id",
    "kind",
    "happened_at",
    "duration_minutes",
    "contact_id",
    "summary",
    "outcome",
    "author_id",
    "organisation_id",
    "visibility",
    "next_action",
    "next_action_on",
]


@router.get("/leads", openapi_extra=answers(page_of_rows(row_of(Lead, LEAD))))
def leads(
    request,
    state: str = Query("", description="received, assigned, taken, treated, closed or refused."),
    company: int | None = Query(None, description="Number of a company: its requests only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Requests of companies, in the order of their number."""
    rows = Lead.objects.visible_to(request.user)
    rows = rows.filter(state=state) if state else rows
    rows = rows.filter(company_id=company) if company else rows
    return page_of(request, "crm.view_leads", rows, LEAD, after=after, limit=limit)


@router.get("/leads/{lead}", openapi_extra=answers(row_of(Lead, LEAD)))
def lead(request, lead: int):
    """One request."""
    return one(request, "crm.view_lead", Lead, lead, LEAD)


@router.get("/interactions", openapi_extra=answers(page_of_rows(row_of(Interaction, INTERACTION))))
def interactions(
    request,
    company: int | None = Query(None, description="Number of a company: what was done with it only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """What was said and done with companies. Notes kept to another organisation are absent."""
    rows = Interaction.objects.visible_to(request.user)
    rows = rows.filter(company_id=company) if company else rows
    return page_of(request, "crm.view_leads", rows, INTERACTION, after=after, limit=limit)
