"""What tests over all pages put in the addresses of this room."""

from datetime import timedelta

from django.utils import timezone

from pavillon.vigilance.models import Exemption, Extension, Incident, ReadingLimit, Rehearsal, Rule


def _incident(world):
    return Incident.objects.create(
        kind="bulk_searches", user=world["helene"], began_at=timezone.now(), count=400, response="alert"
    )


def _limit(world):
    return ReadingLimit.objects.create(role="operator", reason="Test")


def _wish(world):
    return Extension.objects.create(user=world["helene"], rows=100, reason="Salon")


def _exemption(world):
    now = timezone.now()
    return Exemption.objects.create(
        user=world["helene"], starts_at=now, ends_at=now + timedelta(days=1), reason="Voyage"
    )


def _rule(world):
    return Rule.objects.create(kind="bulk_searches", figures={"count": 300, "minutes": 60})


def _rehearsal(world):
    now = timezone.now()
    return Rehearsal.objects.create(rule=world.example(Rule), since=now - timedelta(days=1), until=now)


EXAMPLES = {
    Incident: _incident,
    ReadingLimit: _limit,
    Extension: _wish,
    Exemption: _exemption,
    Rule: _rule,
    Rehearsal: _rehearsal,
}
