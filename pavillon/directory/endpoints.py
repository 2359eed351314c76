"""The shared base for other systems; the same rows and fields as on screen."""

from ninja import Query, Router

from pavillon.core.endpoints import PAGE, one, page_of
from pavillon.directory.models import Company, Contact

router = Router()

COMPANY = [
    "siren",
    "name",
    "legal_name",
    "family",
    "activity_id",
    "workforce_band_id",
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
    "export_turnover",
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
    "created_at",
    "changed_at",
]


@router.get("/companies")
def companies(
    request,
    siren: str = Query("", description="Nine digits: the one company of this number."),
    region: str = Query("", description="INSEE code of a region, for example 53."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """Companies of the shared base, in the order of their number."""
    rows = Company.objects.visible_to(request.user)
    rows = rows.filter(siren=siren) if siren else rows
    rows = rows.filter(region_id=region) if region else rows
    return page_of(request, "directory.view_companies", rows, COMPANY, after=after, limit=limit)


@router.get("/companies/{company}")
def company(request, company: int):
    """One company."""
    return one(request, "directory.view_company", Company, company, COMPANY)


@router.get("/contacts")
def contacts(
    request,
    company: int | None = Query(None, description="Number of a company: its people only."),
    after: int | None = Query(None, description="Number of the last object of the page before."),
    limit: int = Query(PAGE, description="Objects a page, at most 200."),
):
    """People of the companies, in the order of their number."""
    rows = Contact.objects.visible_to(request.user)
    rows = rows.filter(company_id=company) if company else rows
    return page_of(request, "directory.view_contacts", rows, CONTACT, after=after, limit=limit)
