"""What this room does by itself: letters, deadlines, erasures that a restored backup forgot."""

from procrastinate.contrib.django import app

from pavillon.core.tasks import PATIENTLY
from pavillon.privacy import actions
from pavillon.privacy.models import Letter


@app.task(name="privacy.send_letter", queue="mail", retry=PATIENTLY)
def send_letter(letter_id: int) -> None:
    actions.send_letter(letter=Letter.objects.get(pk=letter_id))


@app.periodic(cron="23 6 * * *")
@app.task(name="privacy.watch_requests", queueing_lock="privacy.watch_requests")
def watch_requests(timestamp: int) -> None:
    actions.lapse_requests()
    actions.warn_of_deadlines()


@app.periodic(cron="* * * * *")
@app.task(name="privacy.replay_erasures", queueing_lock="privacy.replay_erasures")
def replay_erasures(timestamp: int) -> None:
    """A backup may be put back while the platform runs: erasures that it forgot are made again within a minute."""
    actions.replay_erasures()


@app.periodic(cron="47 2 * * *")
@app.task(name="privacy.apply_retention", queueing_lock="privacy.apply_retention")
def apply_retention(timestamp: int) -> None:
    actions.apply_retention()


@app.periodic(cron="11 * * * *")
@app.task(name="privacy.warn_of_breaches", queueing_lock="privacy.warn_of_breaches")
def warn_of_breaches(timestamp: int) -> None:
    actions.warn_of_breaches()
