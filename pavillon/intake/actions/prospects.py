"""On what terms prospects are used."""

from typing import Any

from django.db import transaction

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.core.changes import changes_since, snapshot
from pavillon.directory.models import Source
from pavillon.intake.models import ProspectTerms


@transaction.atomic
def set_terms(*, source: Source, by: User | None, **terms: Any) -> ProspectTerms:
    """Say supplier, cost, day of acquisition and end of licence of a source; what is left out stays."""
    Source.objects.select_for_update().get(pk=source.pk)
    known = ProspectTerms.objects.filter(source=source).first() or ProspectTerms(source=source)
    before = snapshot(known)
    for name, value in terms.items():
        setattr(known, name, value)
    known.full_clean(exclude=["source"])
    known.save()
    record("intake.terms_set", source, by=by, changes=changes_since(before, known))
    return known
