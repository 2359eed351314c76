"""Remarks of the demonstration: some answered, two that say the same, one published."""

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction
from django.utils import timezone, translation

from pavillon.feedback import actions
from pavillon.feedback.models import Feedback

# (who, days ago, screen, path, rating, wants an answer, words)
SAID = [
    ("helene", 40, "crm:leads", "/leads/", 4, False, "Le tableau par étape m’évite deux réunions par semaine."),
    ("karim", 33, "services:orders", "/services/", 2, True, "Je voudrais voir mes seules commandes d’un clic."),
    ("gael", 31, "services:orders", "/services/", 3, False, "Un filtre « les miennes » manque sur les services."),
    ("yuki", 12, "crm:missions", "/missions/", 4, True, "Could the list show which partner is late first?"),
    ("lars", 9, "crm:mission", "/missions/1/", 5, False, "Clear: what is expected, and by when."),
    (
        "marc",
        5,
        "showroom:my_products",
        "/my/shop/products/",
        3,
        True,
        "Dupliquer un produit me ferait gagner du temps.",
    ),
    ("erwan", 2, "agenda:agenda", "/agenda/", 4, False, "La semaine type devrait s’imprimer sur une page."),
]


@contextmanager
def _days_ago(days: int) -> Iterator[None]:
    """What is done bears the date of that day."""
    real, moment = timezone.now, timezone.now() - datetime.timedelta(days=days)
    timezone.now = lambda: moment
    try:
        yield
    finally:
        timezone.now = real


def seed(world: dict[str, Any]) -> None:
    """Seven remarks of six weeks, once."""
    users = world["users"]
    if Feedback.objects.exists() or "olivier" not in users:
        return
    with transaction.atomic():
        sent = {}
        for who, days, screen, path, rating, wants_answer, text in SAID:
            if who not in users:
                continue
            with _days_ago(days), translation.override(users[who].language):
                sent[who] = actions.send_feedback(
                    rating=rating, text=text, wants_answer=wants_answer, screen=screen, path=path, by=users[who]
                )
        _answer(sent, users)


def _answer(sent: dict[str, Feedback], users: dict[str, Any]) -> None:
    """The operator's account lead joins, plans, publishes; a colleague wants the same."""
    olivier = users["olivier"]
    if "gael" in sent and "karim" in sent:
        with _days_ago(28):
            actions.join_feedback(feedback=sent["gael"], to=sent["karim"], by=olivier)
            actions.decide_feedback(
                feedback=sent["karim"],
                state="planned",
                theme="missing",
                answer="Le filtre « les miennes » arrive avec la prochaine version.",
                by=olivier,
            )
            decision = actions.publish_decision(
                feedback=sent["karim"],
                said="Voir ses seules commandes de services d’un clic",
                done="Un filtre « les miennes », dans la prochaine version.",
                by=olivier,
            )
            actions.support_decision(decision=decision, wants=True, by=users["helene"])
    if "yuki" in sent:
        with _days_ago(10):
            actions.decide_feedback(
                feedback=sent["yuki"],
                state="done",
                theme="ease",
                answer="The list is sorted by deadline: what is late comes first.",
                by=olivier,
            )
            actions.publish_decision(
                feedback=sent["yuki"],
                said="Les missions en retard d’abord",
                done="La liste des missions est triée par échéance.",
                by=olivier,
            )
