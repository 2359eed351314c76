"""The purposes belong to the product; what people asked, a breach and two registers are invented and labelled."""

from datetime import timedelta
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from pavillon.privacy import actions
from pavillon.privacy.models import Breach, ControlPoint, Processing, Processor, RightsRequest
from pavillon.reference.models import Country

# (right, name, address, message, days ago)
REQUESTS = [
    ("access", "Gwenola Riou", "gwenola.riou@atelier.example", "Je voudrais savoir ce que vous gardez sur moi.", 6),
    ("erasure", "Bastien Faure", "bastien.faure@ancien.example", "J’ai quitté l’entreprise, effacez-moi.", 27),
    ("objection", "Nolwenn Kerloc'h", "nolwenn.kerloch@pont.example", "Ne m'appelez plus pour des salons.", 2),
]
PROCESSINGS: list[dict[str, Any]] = [
    {"name": "Comptes des entreprises (démonstration)", "aim": "Ouvrir l'espace réservé à l'entreprise",
     "legal_basis": "contract", "people": "Dirigeants et salariés des entreprises", "data": "Nom, adresse, fonction",
     "recipients": "Équipe export de la région", "kept": "3 ans après la dernière connexion",
     "measures": "Chiffrement, second facteur, trace", "controller": "L'agence"},
    {"name": "Prospection des entreprises (démonstration)", "aim": "Présenter des services utiles à l'export",
     "legal_basis": "legitimate_interest", "people": "Contacts professionnels", "data": "Nom, fonction, coordonnées",
     "recipients": "Conseillers", "kept": "3 ans après le dernier échange",
     "measures": "Opposition respectée à chaque usage", "controller": "L'agence et les chambres, conjointement"},
]  # fmt: skip


def seed(world: dict[str, Any]) -> None:
    call_command("load_purposes", verbosity=0)
    call_command("load_data_protection", verbosity=0)
    officer = world["users"]["denis"]
    if Processing.objects.exists():
        return
    _plant_requests()
    for line in PROCESSINGS:
        actions.keep_processing(by=officer, **line)
    Processing.objects.update(is_demo=True)
    today = timezone.localdate()
    actions.keep_processor(
        name="Hébergeur du Ponant", task="Hébergement des serveurs", data="Toutes, chiffrées", by=officer,
        country=Country.objects.get(code="FR"), contract_on=today - timedelta(days=200),
        ends_on=today + timedelta(days=500),
    )  # fmt: skip
    Processor.objects.update(is_demo=True)
    breach = actions.declare_breach(
        title="Liste d’inscrits envoyée à un mauvais destinataire",
        facts="Une liste de dix-huit inscrits à un atelier est partie vers une autre chambre, qui l'a signalée.",
        data="Noms, fonctions, adresses professionnelles", people_count=18, risk="risk",
        measures="Le destinataire a supprimé la liste et l'a confirmé par écrit.",
        noticed_at=timezone.now() - timedelta(hours=20), by=officer,
    )  # fmt: skip
    Breach.objects.filter(pk=breach.pk).update(is_demo=True)
    actions.change_point(
        point=ControlPoint.objects.get(pk=1), by=officer, state="partial", owner="Ressources humaines (démonstration)",
        evidence="Charte signée par 9 personnes sur 10 (démonstration).", checked_on=today - timedelta(days=40),
    )  # fmt: skip


def _plant_requests() -> None:
    today = timezone.localdate()
    for right, name, address, message, days in REQUESTS:
        asked = actions.ask_right(right=right, name=name, email=address, language="fr", message=message)
        actions.confirm_request(asked=asked)
        asked.refresh_from_db()
        RightsRequest.objects.filter(pk=asked.pk).update(
            received_on=today - timedelta(days=days), due_on=asked.due_on - timedelta(days=days), is_demo=True
        )
