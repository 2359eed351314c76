"""Reading the base: companies, contacts and their parts, narrowed by the questions of the criteria language."""

from typing import Any

from django.db.models import Q
from django.http import Http404, JsonResponse
from django.shortcuts import get_object_or_404
from ninja import Query

from pavillon.core.permissions import require
from pavillon.core.policy import may_read
from pavillon.core.reading import note_read
from pavillon.directory import actions
from pavillon.directory.criteria import WrongRule, check_values, condition_of, fields_for, labels_of, read_address
from pavillon.directory.endpoints.doors import router
from pavillon.directory.models import (
    Channel,
    Company,
    Contact,
    ContactRole,
    Establishment,
    GroupLink,
    Market,
    Source,
)
from pavillon.directory.queries import candidates as find_candidates
from pavillon.directory.queries.card import origins_of
from pavillon.directory.queries.listing import LISTS
from pavillon.ui.endpoints import PAGE, as_row, one, page_of
from pavillon.ui.exports import rows_for_files
from pavillon.ui.shapes import (
    DAY,
    NUMBER,
    TEXT,
    YES_OR_NO,
    answers,
    made_of,
    many,
    or_null,
    page_of_rows,
    row_of,
)

COMPANY = [
    "siren",
    "national_number",
    "vat_number",
    "name",
    "legal_name",
    "family",
    "status",
    "activity_id",
    "workforce_band_id",
    "headcount",
    "headcount_year",
    "size",
    "address",
    "postal_code",
    "town",
    "commune_id",
    "region_id",
    "country_id",
    "website",
    "sector_id",
    "export_class",
    "turnover",
    "turnover_year",
    "export_turnover",
    "export_turnover_year",
    "turnover_objective",
    "potential_turnover",
    "margin",
    "new_client_objective",
    "objective_year",
    "priority_zones",
    "is_accompanied",
    "closed_on",
    "merged_into_id",
    "created_at",
    "changed_at",
]
CONTACT = [
    "company_id",
    "first_name",
    "last_name",
    "job_title",
    "email",
    "phone",
    "language",
    "is_decision_maker",
    "time_zone",
    "created_at",
    "changed_at",
]
ESTABLISHMENT = [
    "company_id",
    "siret",
    "name",
    "is_head_office",
    "address",
    "postal_code",
    "commune_id",
    "town",
    "country_id",
    "activity_id",
    "workforce_band_id",
    "opened_on",
    "closed_on",
    "is_from_register",
]
MARKET = ["company_id", "country_id", "sector_id", "maturity", "since", "note"]
LINK = ["parent_id", "subsidiary_id", "kind", "share", "since", "until"]
ROLE = ["contact_id", "company_id", "function", "is_decision_maker", "is_main", "starts_on", "ends_on"]
CHANNEL = [
    "contact_id",
    "company_id",
    "kind",
    "network",
    "value",
    "label",
    "is_preferred",
    "valid_from",
    "valid_until",
]
SOURCE = ["code", "name", "kind", "trust", "legal_status", "is_active"]


# Shapes of what is no page of objects.
ASKED = made_of({"field": TEXT, "label": TEXT, "kind": TEXT, "operators": many(TEXT)}, {"values": many(TEXT)})
QUESTIONS = made_of({"items": many(ASKED)})
FOUND = {"name": TEXT, "score": {"type": "number"}, "is_masked": YES_OR_NO, "reasons": many(TEXT)}
SHOWN = ("siren", "town", "region_id")
CANDIDATES = made_of({"items": many(made_of(FOUND, row_of(Company, SHOWN)["properties"]))})
TOLD = {
    "field": TEXT, "source": TEXT, "observed_on": or_null(DAY), "confidence": or_null(NUMBER), "locked": YES_OR_NO,
    "disputes": NUMBER, "ruled_by_register": YES_OR_NO,
}  # fmt: skip
ORIGINS = made_of({"items": many(made_of(TOLD))})
ONE_COMPANY = answers(row_of(Company, COMPANY))
ONE_COMPANY["responses"][301] = {
    "description": "It was merged: the number of the one that stands, and its address.",
    "content": {"application/json": {"schema": made_of({"id": NUMBER, "merged_into_id": NUMBER})}},
}


RULE_HELP = (
    "A rule of the criteria language as JSON, the same that a segment keeps: "
    '{"all": [{"field": "region", "op": "in", "value": ["53"]}]}. A single question may stand in the address as the '
    "lists write it: `region.in=53,52`, `headcount.inside=50,500`, `exchanges.did=least:2;days:90`. What can be asked "
    "is told by `/directory/criteria/…`; a field that you may not read cannot be asked."
)
RULE = Query("", description=RULE_HELP)


def narrowed(request, rows):
    """(rows that answer the questions of the address, None), or (None, the answer 422 that names what is wrong)."""
    rule, wrong = read_address(request.GET, rows.model, request.user)
    try:
        check_values(rule, labels_of(rule.questions(), request.user))
    except WrongRule as error:
        wrong.append(error)
    if wrong:
        told = [{"field": error.field, "path": error.path, "message": str(error)} for error in wrong]
        return None, JsonResponse({"detail": str(wrong[0]), "errors": told}, status=422)
    return (rows.filter(condition_of(rule, request.user)) if rule.parts else rows), None


@router.get("/criteria/{subject}", openapi_extra=answers(QUESTIONS))
def criteria(request, subject: str):
    """What can be asked of companies or of contacts by this caller: {"items": [{field, label, kind, operators, …}]}."""
    if subject not in LISTS:
        raise Http404
    model = LISTS[subject][0]
    require(request.user, f"directory.view_{subject}")
    return {
        "items": [
            {"field": field.name, "label": str(field.label), "kind": field.kind.value, "operators": field.operators}
            | ({"values": [str(key) for key, _label in field.options()]} if field.options else {})
            for field in fields_for(model, request.user).values()
        ]
    }


@router.get("/companies", openapi_extra=answers(page_of_rows(row_of(Company, COMPANY))))
def companies(
    request,
    siren: str = Query("", description="Nine digits: the one company of this number."),
    region: str = Query("", description="INSEE code of a region, for example 53."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
    rule: str = RULE,
):
    """Companies of the shared base, in the order of their number; narrowed by any question that lists can ask."""
    rows, refusal = narrowed(request, Company.objects.visible_to(request.user))
    if refusal is not None:
        return refusal
    rows = rows.filter(siren=siren) if siren else rows
    rows = rows.filter(region_id=region) if region else rows
    return page_of(request, "directory.view_companies", rows, COMPANY, after=after, limit=limit)


@router.get("/companies/{company}", openapi_extra=ONE_COMPANY)
def company(request, company: int):
    """One company. The number of one that was merged answers 301 with the address of the one that stands."""
    merged = Company.objects.visible_to(request.user).filter(pk=company, merged_into__isnull=False).first()
    if merged is not None:
        standing = actions.forwarded(merged)
        moved = JsonResponse({"id": merged.pk, "merged_into_id": standing.pk}, status=301)
        moved["Location"] = f"{request.path.rpartition('/')[0]}/{standing.pk}"
        return moved
    return one(request, "directory.view_company", Company, company, COMPANY)


@router.get("/contacts", openapi_extra=answers(page_of_rows(row_of(Contact, CONTACT))))
def contacts(
    request,
    company: int | None = Query(None, description="Number of a company: its people only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
    rule: str = RULE,
):
    """People of the companies, in the order of their number; narrowed by any question that lists can ask."""
    rows, refusal = narrowed(request, Contact.objects.visible_to(request.user))
    if refusal is not None:
        return refusal
    rows = rows.filter(company_id=company) if company else rows
    return page_of(request, "directory.view_contacts", rows, CONTACT, after=after, limit=limit)


AFTER = Query(None, description="Number of the last object of the page before.")
LIMIT = Query(PAGE, description="Objects a page, at most 200.")
OF_COMPANY = Query(None, description="Number of a company: its own only.")


def _of(rows, request, company):
    """Rows of the companies that may leave the base, or of one of them."""
    shown = rows_for_files(Company.objects.visible_to(request.user), request.user)
    shown = shown.filter(pk=company) if company else shown
    return rows.visible_to(request.user).filter(company__in=shown.values("pk"))


@router.get("/establishments", openapi_extra=answers(page_of_rows(row_of(Establishment, ESTABLISHMENT))))
def establishments(request, company: int | None = OF_COMPANY, after: int | None = AFTER, limit: int = LIMIT):
    """Sites of the companies, in the order of their number."""
    rows = _of(Establishment.objects, request, company)
    return page_of(request, "directory.view_companies", rows, ESTABLISHMENT, after=after, limit=limit)


@router.get("/markets", openapi_extra=answers(page_of_rows(row_of(Market, MARKET))))
def markets(request, company: int | None = OF_COMPANY, after: int | None = AFTER, limit: int = LIMIT):
    """Markets of the companies: a country, a sector, and how far each has come."""
    rows = _of(Market.objects, request, company)
    return page_of(request, "directory.view_companies", rows, MARKET, after=after, limit=limit)


@router.get("/links", openapi_extra=answers(page_of_rows(row_of(GroupLink, LINK))))
def links(request, company: int | None = OF_COMPANY, after: int | None = AFTER, limit: int = LIMIT):
    """Links between companies of one group."""
    shown = rows_for_files(Company.objects.visible_to(request.user), request.user).values("pk")
    rows = GroupLink.objects.visible_to(request.user).filter(parent__in=shown, subsidiary__in=shown)
    rows = rows.filter(Q(parent=company) | Q(subsidiary=company)) if company else rows
    return page_of(request, "directory.view_companies", rows, LINK, after=after, limit=limit)


@router.get("/roles", openapi_extra=answers(page_of_rows(row_of(ContactRole, ROLE))))
def roles(request, company: int | None = OF_COMPANY, after: int | None = AFTER, limit: int = LIMIT):
    """What people do in the companies, and did."""
    rows = _of(ContactRole.objects, request, company)
    return page_of(request, "directory.view_contacts", rows, ROLE, after=after, limit=limit)


@router.get("/channels", openapi_extra=answers(page_of_rows(row_of(Channel, CHANNEL))))
def channels(
    request,
    contact: int | None = Query(None, description="Number of a person: the person's own only."),
    company: int | None = Query(None, description="Number of a company: its own, not those of its people."),
    after: int | None = AFTER,
    limit: int = LIMIT,
):
    """Phones, e-mails, websites and profiles of the people; those that the reader may not see are left out."""
    if company:
        rows = _of(Channel.objects, request, company)
        return page_of(request, "directory.view_companies", rows, CHANNEL, after=after, limit=limit)
    people = rows_for_files(Contact.objects.visible_to(request.user), request.user)
    people = people.filter(pk=contact) if contact else people
    shut = [kind for kind in ("email", "phone") if not may_read(request.user, Contact, kind)]
    rows = Channel.objects.visible_to(request.user).filter(contact__in=people.values("pk")).exclude(kind__in=shut)
    return page_of(request, "directory.view_contacts", rows, CHANNEL, after=after, limit=limit)


@router.get("/sources", openapi_extra=answers(page_of_rows(row_of(Source, SOURCE))))
def sources(request, after: int | None = AFTER, limit: int = LIMIT):
    """Who gives values to the base, and how far each is trusted."""
    rows = Source.objects.visible_to(request.user)
    return page_of(request, "directory.view_sources", rows, SOURCE, after=after, limit=limit)


@router.get("/companies/{company}/origins", openapi_extra=answers(ORIGINS))
def origins(request, company: int):
    """Where each value of a card comes from: {"items": [{field, source, observed_on, confidence, …}]}."""
    rows = rows_for_files(Company.objects.visible_to(request.user), request.user)
    row = get_object_or_404(rows.select_related("origin"), pk=company)
    require(request.user, "directory.view_company", row)
    note_read(request.user, row, how="api")
    told = origins_of(row, request.user).values()
    return {
        "items": [
            {
                "field": one.group,
                "source": one.source,
                "observed_on": one.observed_on,
                "confidence": one.confidence,
                "locked": bool(one.locked_by),
                "disputes": one.disputes,
                "ruled_by_register": one.is_ruled,
            }
            for one in told
        ]
    }


@router.get("/candidates", openapi_extra=answers(CANDIDATES))
def candidates(
    request,
    name: str = Query("", description="Name as people write it."),
    siren: str = Query("", description="Nine digits."),
    town: str = Query("", description="Town or postal code."),
    address: str = Query("", description="Number and street."),
    email: str = Query("", description="An e-mail of the company or of one of its people."),
    phone: str = Query("", description="A phone of the company or of one of its people."),
    website: str = Query("", description="Its website."),
    limit: int = Query(10, description="At most 25."),
):
    """Companies that may be the described one, the likeliest first, with the reasons, before anything is written.

    One that you may not open is named and masked: no number, no reason.
    """
    require(request.user, "directory.view_companies")
    described: dict[str, Any] = {
        "name": name,
        "siren": siren,
        "town": town,
        "address": address,
        "email": email,
        "phone": phone,
    }
    found = find_candidates(**described, website=website, user=request.user, limit=min(max(limit, 1), 25))
    note_read(request.user, Company, how="api", rows=len(found))
    return {
        "items": [
            {"name": each.company.name, "score": each.score, "is_masked": each.is_masked, "reasons": list(each.reasons)}
            | ({} if each.is_masked else as_row(request.user, each.company, SHOWN))
            for each in found
        ]
    }
