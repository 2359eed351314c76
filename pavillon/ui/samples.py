"""Invented contents for the style guide."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone


def everything() -> dict[str, Any]:
    """The context of the style guide's page."""
    now = timezone.now()
    return {
        "rows": [
            {"name": "Laiterie des Monts d’Arrée", "town": "Huelgoat", "turnover": Decimal("12412300"), "state": "ok"},
            {"name": "Atelier Cap Coz", "town": "Fouesnant", "turnover": Decimal("845000.50"), "state": "warn"},
            {"name": "Conserverie Le Guen", "town": "Douarnenez", "turnover": None, "state": "bad"},
        ],
        "people": ["Karim Benali", "Solenn Le Goff", "Haruka Nomura", "Élodie Guivarc’h", "Tom Almeida"],
        "now": now,
        "yesterday": now - timedelta(days=1),
        "amount": Decimal("12412300"),
    }
