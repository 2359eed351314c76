"""The stories that cross rooms, one function each."""

from typing import Any

from django.dispatch import receiver

from pavillon.activity.actions import wake
from pavillon.crm.events import lead_received, lead_taken


@receiver([lead_received, lead_taken])
def a_request_moves_the_live_figures(**event: Any) -> None:
    wake("reporting.figures", audience="team")
