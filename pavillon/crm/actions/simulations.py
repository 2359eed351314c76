"""Trials of routing rules: few requests are tried at once, many by a worker that tells how far it is."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.crm.enums import Progress
from pavillon.crm.models import Lead, RoutingSimulation, RoutingVersion
from pavillon.crm.queries.simulation import mark_of, rehearsed_leads
from pavillon.crm.queries.simulation import simulate_routing as rehearse

DAYS = 30
# Up to this many requests the answer is there when the page opens.
AT_ONCE = 200


def simulate_routing(*, by: User, draft: RoutingVersion | None = None) -> RoutingSimulation:
    """Route the requests of the last thirty days that somebody may see again; nothing about them is written."""
    until = timezone.now()
    since = until - datetime.timedelta(days=DAYS)
    total = rehearsed_leads(Lead.objects.visible_to(by), since, until).count()
    with transaction.atomic():
        simulation = RoutingSimulation.objects.create(
            version=draft,
            named=str(draft) if draft else "",
            asked_by=by,
            acting=by.acting,
            asked_at=until,
            since=since,
            until=until,
            total=total,
        )
        record("crm.routing_simulated", draft or simulation, by=by, requests=total)
        if total > AT_ONCE:
            app.configure_task("crm.run_simulation").defer(simulation_id=simulation.pk)
    if total <= AT_ONCE:
        run_simulation(simulation=simulation)
        simulation.refresh_from_db()
    return simulation


def run_simulation(*, simulation: RoutingSimulation) -> None:
    """Not one transaction: how far it is shows while it runs, and a worker killed midway begins again."""
    rows = RoutingSimulation.objects.filter(pk=simulation.pk)
    if not rows.exclude(state=Progress.DONE).update(state=Progress.RUNNING, done=0):
        return
    author = User.objects.get(pk=simulation.asked_by_id)
    if simulation.acting is not None:
        author.acting = simulation.acting

    def tell(done: int) -> None:
        rows.update(done=done)

    answer, tried = rehearse(
        Lead.objects.visible_to(author),
        since=simulation.since,
        until=simulation.until,
        draft=simulation.version,
        tell=tell,
    )
    with transaction.atomic():
        rows.update(
            state=Progress.DONE, finished_at=timezone.now(), done=answer["requests"], answer=answer, mark=mark_of(tried)
        )
        simulation.refresh_from_db()
        record("crm.routing_simulation_done", simulation, by=author, requests=answer["requests"])
        if simulation.total > AT_ONCE:
            notify(
                [author],
                "crm.routing_simulated",
                title=_("The simulation of routing rules is ready"),
                body=simulation.named,
                url=simulation.get_absolute_url(),
            )
            wake("crm.simulation", people=[author.pk], simulation=simulation.pk)


def forget_simulation(simulation: RoutingSimulation) -> None:
    """The reasons name colleagues; the rules themselves stay."""
    simulation.delete()
