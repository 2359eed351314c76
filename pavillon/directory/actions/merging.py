"""Two records of one company become one."""

from django.db import transaction
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.actions.companies import AlreadyMerged
from pavillon.directory.events import companies_merged
from pavillon.directory.models import FILLED, Company, Contact, MergeEvent
from pavillon.metrics.actions import move_company


class TwoSirens(Exception):
    """Two different numbers are two legal units: related perhaps, never one company."""


class TwoAccounts(Exception):
    """People of two accounts speak for these companies."""


def why_not_merged(kept: Company, removed: Company) -> str:
    """The reason for which these two are not merged, "" when they may be."""
    for company in (kept, removed):
        if company.is_merged:
            return _("%(name)s was merged into another company before.") % {"name": company.name}
    if kept.siren and removed.siren and kept.siren != removed.siren:
        return _("The SIREN differ (%(one)s and %(other)s): these are two legal units, not one company.") % {
            "one": kept.siren,
            "other": removed.siren,
        }
    if kept.organisation_id and removed.organisation_id:
        return _("Both companies have an account of their own: their people must be brought together first.")
    return ""


@transaction.atomic
def merge_companies(*, kept: Company, removed: Company, by: User) -> None:
    """Keep one company of a pair of duplicates and leave a forwarding address.

    Every room moves its own rows when it hears `companies_merged`. Empty columns of the kept one are filled from the
    other. Raises AlreadyMerged, TwoSirens, TwoAccounts, and ValueError for a company with itself.
    """
    if kept.pk == removed.pk:
        raise ValueError("A company cannot be merged with itself")
    pair = {c.pk: c for c in Company.objects.select_for_update(of=("self",)).filter(pk__in=[kept.pk, removed.pk])}
    kept, removed = pair[kept.pk], pair[removed.pk]
    reason = why_not_merged(kept, removed)
    if kept.is_merged or removed.is_merged:
        raise AlreadyMerged(reason)
    if reason:
        raise TwoAccounts(reason) if kept.organisation_id and removed.organisation_id else TwoSirens(reason)
    before = snapshot(kept)
    siren, organisation = removed.siren, removed.organisation
    removed.siren, removed.organisation, removed.merged_into = None, None, kept
    removed.save()
    kept.siren = kept.siren or siren
    kept.organisation = kept.organisation or organisation
    kept.is_accompanied = kept.is_accompanied or removed.is_accompanied
    for name in FILLED:
        if getattr(kept, name) in (None, ""):
            setattr(kept, name, getattr(removed, name))
    kept.save()
    Contact.objects.filter(company=removed).update(company=kept)
    move_company(kept_id=kept.pk, removed_id=removed.pk)
    record(
        "directory.companies_merged", kept, removed, by=by, changes=changes_since(before, kept), removed=removed.name
    )
    companies_merged.send(sender=Company, kept=kept, removed=removed, by=by)


@transaction.atomic
def forget_merge(event: MergeEvent) -> None:
    """Lose what a merge kept of a person: it can no longer be undone to the letter, and names nobody."""
    event.before, event.after, event.kept_name, event.removed_name = {}, {}, "", ""
    event.save(update_fields=["before", "after", "kept_name", "removed_name"])
