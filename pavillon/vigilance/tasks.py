"""Every few minutes, every night, every week."""

from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.vigilance import actions
from pavillon.vigilance.models import Rehearsal


@app.periodic(cron="*/5 * * * *")
@app.task(name="vigilance.watch_logs", queueing_lock="vigilance.watch_logs")
def watch_logs(timestamp: int) -> None:
    actions.watch_logs()


@app.periodic(cron="*/10 * * * *")
@app.task(name="vigilance.count_records", queueing_lock="vigilance.count_records")
def count_records(timestamp: int) -> None:
    actions.count_records()


@app.periodic(cron="40 2 * * 1")
@app.task(name="vigilance.keep_habits", queueing_lock="vigilance.keep_habits")
def keep_habits(timestamp: int) -> None:
    actions.keep_habits(today=timezone.localdate())


@app.periodic(cron="50 2 * * *")
@app.task(name="vigilance.forget_old_rows", queueing_lock="vigilance.forget_old_rows")
def forget_old_rows(timestamp: int) -> None:
    actions.forget_old_rows()


@app.task(name="vigilance.run_rehearsal", queue="default")
def run_rehearsal(rehearsal_id: int) -> None:
    """Put back after a crash it answers again."""
    rehearsal = Rehearsal.objects.filter(pk=rehearsal_id).first()
    if rehearsal is not None:
        actions.run_rehearsal(rehearsal=rehearsal)
