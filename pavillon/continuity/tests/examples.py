"""What tests over all pages put in the addresses of this room."""

from datetime import timedelta

from django.utils import timezone

from pavillon.continuity.models import Certificate, Maintenance


def _certificate(world):
    today = timezone.localdate()
    return Certificate.objects.create(
        standard="iso_27001", holder="Hébergeur", scope="Paris", valid_from=today - timedelta(days=10),
        valid_until=today + timedelta(days=900),
    )  # fmt: skip


def _work(world):
    now = timezone.now()
    return Maintenance.objects.create(starts_at=now, ends_at=now + timedelta(hours=1), what_fr="Essai", what_en="Trial")


EXAMPLES = {Certificate: _certificate, Maintenance: _work}
