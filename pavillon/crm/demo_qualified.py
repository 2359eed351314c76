"""Interviews of the demonstration that qualify companies over three months, and two targets of its size."""

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from pavillon.crm import actions
from pavillon.crm.models import Referent

# (place among the companies that have a referent, age in days, kind, what was said)
INTERVIEWS = [
    (2, 70, "visit", "Visite de la laiterie : deux lignes au format export, une directrice commerciale trilingue."),
    (4, 45, "meeting", "Projet précisé : deux distributeurs visés, budget validé par le comité de direction."),
    (6, 30, "call", "Point de lancement du projet avec le dirigeant ; il veut un premier contrat avant l’été."),
    (8, 12, "visit", "L’atelier peut doubler ses volumes ; l’étiquetage est prêt dans les trois langues visées."),
]


def qualify(world: dict[str, Any], on_the_day: Callable[..., Any], moment: Callable[..., Any]) -> None:
    """Each interview is shared with the whole team, so that it counts, and told to nobody today."""
    referents = list(Referent.objects.current().select_related("company", "adviser").order_by("company"))
    for place, age, kind, summary in INTERVIEWS:
        if place < len(referents):
            referent = referents[place]
            with on_the_day(moment(age)):
                actions.log_interaction(
                    company=referent.company,
                    kind=kind,
                    happened_at=timezone.now(),
                    summary=summary,
                    outcome="positive",
                    duration_minutes=45,
                    visibility="team",
                    by=referent.adviser,
                )
                actions.compute_qualified()
    year = timezone.localdate().year
    for later, count in ((0, 6), (1, 12)):
        actions.set_qualified_target(on=datetime.date(year + later, 12, 31), count=count, by=world["users"]["henri"])
