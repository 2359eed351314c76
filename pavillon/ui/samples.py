"""Invented contents for the style guide."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.ui import charts


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
        "charts": drawings(),
        "spark": charts.sparkline([3, 5, 4, 6, 5, 7, 9, 7, 10, 12, 10, 14], _("Exchanges a month, rising")),
    }


REGIONS = {
    "11": "Île-de-France",
    "24": "Centre-Val de Loire",
    "27": "Bourgogne-Franche-Comté",
    "28": "Normandie",
    "32": "Hauts-de-France",
    "44": "Grand Est",
    "52": "Pays de la Loire",
    "53": "Bretagne",
    "75": "Nouvelle-Aquitaine",
    "76": "Occitanie",
    "84": "Auvergne-Rhône-Alpes",
    "93": "Provence-Alpes-Côte d’Azur",
    "94": "Corse",
    "01": "Guadeloupe",
    "04": "La Réunion",
}


def drawings() -> list[Any]:
    """One chart of each kind."""
    months = ["avr.", "mai", "juin", "juil.", "août", "sept.", "oct.", "nov.", "déc.", "janv.", "févr.", "mars"]
    counts = [611, 139, 150, 171, 240, 268, 274, 312, 322, 301, 498, 233, 19, 12, 25]
    countries = {"DE": 34, "US": 21, "CN": 14, "JP": 9, "BR": 5, "AU": 4, "CI": 6, "IN": 11, "GB": 17}
    return [
        charts.line(
            "Rendez-vous tenus",
            months,
            [
                charts.Series("12 derniers mois", [212, 238, 251, 195, 142, 265, 288, 301, 247, 276, 312, 334]),
                charts.Series("année précédente", [180, 205, 222, 190, 150, 231, 240, 262, 219, 245, 255, 270]),
            ],
            note="par mois",
        ),
        charts.funnel(
            "Entonnoir commercial",
            [
                ("Comptes ciblés", 1842),
                ("Contactés", 1310),
                ("Rendez-vous", 612),
                ("Devis envoyés", 284),
                ("Prestations", 171),
            ],
            note="taux de passage à droite",
        ),
        charts.bars(
            "Demandes par filière", [("Agroalimentaire", 320), ("Santé", 210), ("Industrie", 185), ("Art de vivre", 96)]
        ),
        charts.heat(
            "Appels aboutis",
            ["Lundi", "Mardi", "Mercredi", "Jeudi", "Vendredi"],
            ["8 h", "9 h", "10 h", "11 h", "14 h", "15 h", "16 h"],
            [
                [2, 8, 21, 24, 9, 18, 12],
                [3, 14, 38, 36, 15, 30, 28],
                [1, 9, 18, 30, 12, 22, 9],
                [6, 19, 36, 41, 14, 33, 30],
                [2, 4, 12, 11, 6, 5, 0],
            ],
            note="jour et heure, 4 semaines",
        ),
        charts.france(
            "Rendez-vous par région",
            dict(zip(REGIONS, counts, strict=True)),
            REGIONS,
            url=lambda code: f"?region={code}",
        ),
        charts.world("Projets export par pays", countries, {code: code for code in countries}),
    ]
