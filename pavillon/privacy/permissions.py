from typing import Any

from pavillon.core.permissions import permission
from pavillon.privacy.models import Consent


@permission("privacy.list_consents")
def list_consents(user: Any, consent: Consent | None) -> bool:
    """Everybody who has an account keeps hold of his own answers."""
    return True


@permission("privacy.withdraw_consent")
def withdraw_consent(user: Any, consent: Consent | None) -> bool:
    return consent is None or consent.user_id == user.pk


@permission("privacy.export_consents")
def export_consents(user: Any, consent: Consent | None) -> bool:
    return True
