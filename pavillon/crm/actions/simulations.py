"""Trials of routing rules: few requests are tried at once, many by a worker that tells how far it is."""

import datetime
import logging
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.crm.enums import Progress
from pavillon.crm.models import Lead, RoutingSimulation, RoutingVersion
from pavillon.crm.queries.simulation import mark_of, rehearsed_leads
from pavillon.crm.queries.simulation import simulate_routing as rehearse

logger = logging.getLogger(__name__)

DAYS = 30
# Up to this many requests the answer is there when the page opens.
AT_ONCE = 200
# What has been on its way for longer than this keeps nobody from asking again.
LOST = datetime.timedelta(hours=1)


def simulate_routing(*, by: User, draft: RoutingVersion | None = None) -> RoutingSimulation:
    """Route the requests of the last thirty days that somebody may see again; nothing about them is written.

    Somebody's simulation of these rules that is still on its way is given back: a second press asks for nothing more.
    """
    until = timezone.now()
    since = until - datetime.timedelta(days=DAYS)
    total = rehearsed_leads(Lead.objects.visible_to(by), since, until).count()
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=by.pk)
        mine = RoutingSimulation.objects.moving().filter(asked_by=by, acting=by.acting, version=draft)
        if going := mine.filter(asked_at__gte=until - LOST).first():
            return going
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
    """Not one transaction: how far it is shows while it runs, and a worker killed midway begins again.

    On the clock of whoever asked for it, and in that person's language. What breaks it off is said and fails the job.
    """
    rows = RoutingSimulation.objects.moving().filter(pk=simulation.pk)
    if not rows.update(state=Progress.RUNNING, done=0):
        return
    author = User.objects.get(pk=simulation.asked_by_id)
    with translation.override(author.language), timezone.override(author.time_zone):
        if simulation.acting is None or not simulation.acting.is_current:
            _finish(simulation, author, state=Progress.FAILED, problem=str(_ROLE_OVER))
            return
        author.acting = simulation.acting
        try:
            answer, tried = rehearse(
                Lead.objects.visible_to(author),
                since=simulation.since,
                until=simulation.until,
                draft=simulation.version,
                tell=lambda done: rows.update(done=done),
            )
        except Exception:
            logger.exception("Simulation %s broke off", simulation.pk)
            _finish(simulation, author, state=Progress.FAILED, problem=str(_BROKEN))
            raise
        _finish(simulation, author, state=Progress.DONE, done=answer["requests"], answer=answer, mark=mark_of(tried))


@transaction.atomic
def _finish(simulation: RoutingSimulation, author: User, **how: Any) -> None:
    """Say how it ended, once: nothing when another run of the same job has said it already."""
    if not RoutingSimulation.objects.moving().filter(pk=simulation.pk).update(finished_at=timezone.now(), **how):
        return
    is_done = how["state"] == Progress.DONE
    facts = {"requests": how["done"]} if is_done else {}
    record(
        "crm.routing_simulation_done" if is_done else "crm.routing_simulation_failed", simulation, by=author, **facts
    )
    if simulation.total > AT_ONCE:
        notify(
            [author],
            "crm.routing_simulated",
            title=_READY if is_done else _FAILED,
            body=how.get("problem", simulation.named),
            url=simulation.get_absolute_url(),
        )
        wake("crm.simulation", people=[author.pk], simulation=simulation.pk)


_READY = _("The simulation of routing rules is ready")
_FAILED = _("The simulation of routing rules has no answer")
_ROLE_OVER = _("The role in which this was asked for has ended: ask again in another one.")
_BROKEN = _("Something unexpected stopped it: simulate again; if that stops too, tell the support.")


def forget_simulation(simulation: RoutingSimulation) -> None:
    """The reasons name colleagues; the rules themselves stay."""
    simulation.delete()
