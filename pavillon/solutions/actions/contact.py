"""'Be contacted': from a result, from a solution, or from the company's space."""

from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.campaigns.models import Campaign
from pavillon.campaigns.queries.campaigns import campaign_counting, campaign_of_code
from pavillon.crm import actions as crm
from pavillon.crm.enums import LeadKind, Origin
from pavillon.crm.models import Lead
from pavillon.crm.models.subjects import Said
from pavillon.directory.models import Company, Contact
from pavillon.privacy.enums import LegalBasis
from pavillon.reference.models import Region
from pavillon.solutions.models import Diagnosis, Solution
from pavillon.solutions.queries.diagnosis import summary_lines


@transaction.atomic
def ask_contact(
    *,
    company: Company,
    by: User,
    message: str = "",
    diagnosis: Diagnosis | None = None,
    solution: Solution | None = None,
    region: Region | None = None,
    prompted_by: str = "",
    campaign: str = "",
) -> Lead:
    """Make a routed request, with the diagnosis attached when there is one (ledger DIAG-08).

    The region is that of the company: its own team answers, whatever the site it came from; a company without a
    region is answered by the site's region. `prompted_by` names what it answers to, when it did not come by itself.
    `campaign` is the code that a link said; without one, whoever comes by himself comes by the campaign by which the
    diagnosis began.
    """
    said = (
        Said("solution", {"title": {"fr": solution.title_fr, "en": solution.title_en}}) if solution else Said("contact")
    )
    lead = crm.receive_lead(
        company=company,
        origin=Origin.SITE,
        kind=LeadKind.SOLUTION if solution else LeadKind.REQUEST,
        said=said,
        message=message,
        legal_basis=LegalBasis.PUBLIC_TASK,
        is_spontaneous=not prompted_by,
        prompted_by=prompted_by,
        region=company.region or region or (diagnosis.region if diagnosis else None),
        contact=Contact.objects.standing().filter(company=company, user=by).first(),
        requested_by=by,
        attachment=attachment_of(diagnosis) if diagnosis and diagnosis.is_finished else None,
        by=by,
        campaign=campaign_of_code(campaign) or (None if prompted_by else _campaign_of(company)),
    )
    about: list[Any] = [row for row in (diagnosis, solution) if row is not None]
    record("solutions.contact_asked", company, lead, *about, by=by)
    return lead


def _campaign_of(company: Company) -> Campaign | None:
    """The campaign by which the company came to its last diagnosis, attached or not, as long as that counts."""
    last = Diagnosis.objects.filter(company=company).order_by("-started_at").first()
    return campaign_counting(last.campaign_id, last.started_at) if last else None


def attachment_of(diagnosis: Diagnosis) -> dict[str, Any]:
    """The diagnosis as a request carries it."""
    return {
        "type": "solutions.diagnosis",
        "id": diagnosis.pk,
        "title": _("Export-maturity diagnosis"),
        "summary": summary_lines(diagnosis),
        "url": f"/diagnoses/{diagnosis.pk}/",
    }
