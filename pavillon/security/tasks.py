"""Minute by minute and month by month."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.security import actions


@app.periodic(cron="* * * * *")
@app.task(name="security.seal_logs", queueing_lock="security.seal_logs")
def seal_logs(timestamp: int) -> None:
    actions.seal_logs()


@app.periodic(cron="* * * * *")
@app.task(name="security.ship_logs", queueing_lock="security.ship_logs")
def ship_logs(timestamp: int) -> None:
    """What is written leaves within the minute, sealed first; what the collector does not take waits for the next."""
    actions.ship_logs()


@app.periodic(cron="* * * * *")
@app.task(name="security.supervise_keys", queueing_lock="security.supervise_keys")
def supervise_keys(timestamp: int) -> None:
    actions.supervise_keys()


@app.periodic(cron="17 3 * * *")
@app.task(name="security.open_reading_months", queueing_lock="security.open_reading_months")
def open_reading_months(timestamp: int) -> None:
    actions.open_reading_months(today=timezone.localdate())
