"""Each minute what was seen from outside, every five minutes what was promised, each night the access tests."""

import io
import time
from contextlib import suppress

from django.core.management import CommandError, call_command
from procrastinate.contrib.django import app

from pavillon.continuity import actions
from pavillon.continuity.enums import CheckKind
from pavillon.continuity.queries.self_tests import access_results
from pavillon.security.queries import chained_logs, last_anchor

# Beyond, reading every line takes hours: the operator chooses when (`pavillon verify` under his own clock).
LINES_OF_A_NIGHT = 1_000_000


@app.periodic(cron="* * * * *")
@app.task(name="continuity.take_in_journal", queueing_lock="continuity.take_in_journal")
def take_in_journal(timestamp: int) -> None:
    actions.take_in_journal()


@app.periodic(cron="*/5 * * * *")
@app.task(name="continuity.watch_over", queueing_lock="continuity.watch_over")
def watch_over(timestamp: int) -> None:
    actions.watch_over()


@app.periodic(cron="20 3 * * *")
@app.task(name="continuity.test_access", queueing_lock="continuity.test_access")
def test_access(timestamp: int) -> None:
    started = time.monotonic()
    results = access_results()
    actions.note_check(kind=CheckKind.ACCESS, seconds=time.monotonic() - started, results=results)


@app.periodic(cron="50 3 * * *")
@app.task(name="continuity.verify_logs", queueing_lock="continuity.verify_logs")
def verify_logs(timestamp: int) -> None:
    """What it finds is kept by the listener; a fault is no error of the job."""
    anchors = [last_anchor(log) for log in chained_logs()]
    if sum(anchor.sequence for anchor in anchors if anchor) <= LINES_OF_A_NIGHT:
        with suppress(CommandError):
            call_command("verify_trail", stdout=io.StringIO())
