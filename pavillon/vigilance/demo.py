"""Incidents as an agency would have them, invented and labelled: nobody of the demonstration is suspended or asked."""

from datetime import timedelta
from typing import Any

from django.utils import timezone

from pavillon.vigilance import actions
from pavillon.vigilance.enums import Kind, Response, State
from pavillon.vigilance.models import Extension, Incident, Rule

# (kind, persona, days ago, count, facts, response, state, reason)
INCIDENTS: list[tuple[Kind, str, int, int, dict[str, Any], Response, State, str]] = [
    (Kind.NIGHT_READING, "gael", 1, 740, {}, Response.ALERT, State.NEW, ""),
    (
        Kind.NEW_COUNTRY, "lars", 2, 1, {"country": "VN", "known": ["DE", "FR"]}, Response.STEP_UP, State.NEW, "",
    ),
    (Kind.ENUMERATION, "olivier", 4, 34, {}, Response.STEP_UP, State.LOOKED_AT, ""),
    (
        Kind.FAILED_SIGN_INS, "karim", 9, 20, {}, Response.SUSPEND, State.CLOSED,
        "Ancien mot de passe resté dans son téléphone : il a appelé, la suspension est levée (démo).",
    ),
    (
        Kind.HOURLY_BUDGET, "bruno", 16, 4950, {"spent": 4950, "wanted": 50, "hourly": 5000, "most": 8000},
        Response.STEP_UP, State.CLOSED, "Préparation du salon de Rennes, confirmée par sa direction (démo).",
    ),
    (
        Kind.IMPOSSIBLE_TRAVEL, "yuki", 23, 1, {"before": "JP", "country": "FR", "km": 9560, "minutes": 95},
        Response.STEP_UP, State.CLOSED, "Réseau privé de l’agence : sortie à Paris (démo).",
    ),
]  # fmt: skip


def seed(world: dict[str, Any]) -> None:
    """Each once: what people made of them since stays."""
    users, now = world["users"], timezone.now()
    if Incident.objects.filter(is_demo=True).exists() or "nora" not in users:
        return
    rules = {rule.kind: rule for rule in Rule.objects.order_by("-pk")}
    for kind, persona, days, count, facts, response, state, reason in INCIDENTS:
        person, moment = users.get(persona), now - timedelta(days=days, hours=days % 5)
        if person is None:
            continue
        is_seen = state != State.NEW
        rule = rules.get(kind)
        Incident.objects.create(
            kind=kind,
            rule=rule,
            rule_number=rule.number if rule else 0,
            user=person,
            organisation=person.organisation,
            began_at=moment - timedelta(minutes=40),
            noticed_at=moment,
            count=count,
            facts=facts,
            response=response,
            state=state,
            looked_at=moment + timedelta(minutes=25) if is_seen else None,
            handled_by=users["nora"] if is_seen else None,
            closed_at=moment + timedelta(hours=3) if state == State.CLOSED else None,
            reason=reason,
            is_demo=True,
        )
    if not Extension.objects.exists() and "alice" in users:
        actions.ask_extension(
            rows=3000, records=0, by=users["alice"],
            reason="Catalogue imprimé du salon : relire les fiches de tous les exposants (démo).",
        )  # fmt: skip
