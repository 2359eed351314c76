"""The register of certificates."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.continuity.actions.incidents import watch_over
from pavillon.continuity.models import Certificate
from pavillon.core.changes import changes_since, snapshot


@transaction.atomic
def keep_certificate(*, certificate: Certificate | None = None, by: User, **values: Any) -> Certificate:
    """Enter or change a certificate. One that ends soon opens an incident at once; a renewed one closes it."""
    stored = Certificate.objects.select_for_update().filter(pk=certificate.pk).first() if certificate else None
    kept = stored or Certificate()
    before = snapshot(kept)
    for name, value in values.items():
        setattr(kept, name, value)
    kept.save()
    record("continuity.certificate_kept", kept, by=by, changes=changes_since(before, kept) if stored else None)
    watch_over()
    return kept


@transaction.atomic
def remove_certificate(*, certificate: Certificate, by: User) -> None:
    """Take it out of the register; the trail keeps what it said."""
    certificate = Certificate.objects.select_for_update().get(pk=certificate.pk)
    certificate.removed_at = timezone.now()
    certificate.save(update_fields=["removed_at"])
    record("continuity.certificate_removed", certificate, by=by)
    watch_over()
