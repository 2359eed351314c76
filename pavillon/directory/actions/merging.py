"""Two records of one company become one."""

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.actions.companies import AlreadyMerged
from pavillon.directory.events import companies_merged
from pavillon.directory.models import Company, Contact
from pavillon.metrics.actions import move_company


@transaction.atomic
def merge_companies(*, kept: Company, removed: Company, by: User) -> None:
    """Keep one company of a pair of duplicates and leave a forwarding address.

    Every room moves its own rows when it hears `companies_merged`. Empty columns of the kept one are filled from the
    other. Raises AlreadyMerged, and ValueError for a company with itself.
    """
    if kept.pk == removed.pk:
        raise ValueError("A company cannot be merged with itself")
    pair = {c.pk: c for c in Company.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, removed.pk])}
    kept, removed = pair[kept.pk], pair[removed.pk]
    for company in (kept, removed):
        if company.is_merged:
            raise AlreadyMerged(company.name)
    before = snapshot(kept)
    siren, organisation = removed.siren, removed.organisation
    removed.siren, removed.organisation, removed.merged_into = None, None, kept
    removed.save()
    kept.siren = kept.siren or siren
    kept.organisation = kept.organisation or organisation
    for name in ("activity", "legal_category", "workforce_band", "commune", "region", "sector", "turnover"):
        if getattr(kept, name) is None:
            setattr(kept, name, getattr(removed, name))
    for name in ("legal_name", "size", "address", "postal_code", "town", "website", "export_class"):
        if not getattr(kept, name):
            setattr(kept, name, getattr(removed, name))
    kept.save()
    Contact.objects.filter(company=removed).update(company=kept)
    move_company(kept_id=kept.pk, removed_id=removed.pk)
    record(
        "directory.companies_merged", kept, removed, by=by, changes=changes_since(before, kept), removed=removed.name
    )
    companies_merged.send(sender=Company, kept=kept, removed=removed, by=by)
