"""What outside sources say of a company becomes a request that somebody handles (ledger API-04)."""

import datetime

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.crm.actions.receiving import locked_settings, receive_lead
from pavillon.crm.enums import LeadKind, Origin
from pavillon.crm.models import Lead
from pavillon.crm.models.subjects import Said
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company, Source
from pavillon.intake.queries.outside import international_project_of
from pavillon.privacy.enums import LegalBasis

# One source suggests one request of a company in this time: patents of one family come month after month.
ONCE_IN = datetime.timedelta(days=365)


@transaction.atomic
def suggest_lead(*, company: Company, source: Source, by: User | None) -> Lead | None:
    """A request of origin "watch" when the signals of a company tell an international project; None when they do not.

    None too while a request that the same source suggested is open, or is younger than a year. The company does not
    see it: it asked for nothing.
    """
    locked_settings()
    company = forwarded(company)
    project = international_project_of(company)
    if not project.is_likely or company.closed_on:
        return None
    before = Lead.objects.filter(
        company=company, origin=Origin.WATCH, touches__detail=source.name, touches__is_first=True
    )
    if before.open().exists() or before.filter(received_at__gte=timezone.now() - ONCE_IN).exists():
        return None
    # Stored text, read by the whole team: in the language of the house.
    with translation.override(settings.LANGUAGE_CODE):
        return receive_lead(
            company=company,
            origin=Origin.WATCH,
            channel=source.name,
            kind=LeadKind.MARKET,
            said=Said("patents", {"score": project.score}),
            message="\n".join([_("%(source)s says:") % {"source": source.name}, *project.lines]),
            legal_basis=LegalBasis.PUBLIC_TASK,
            is_spontaneous=False,
            prompted_by=source.name,
            by=by,
        )
