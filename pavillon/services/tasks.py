"""What this room does by itself: letters to companies."""

from procrastinate.contrib.django import app

from pavillon.core.tasks import PATIENTLY
from pavillon.services import actions
from pavillon.services.models import Survey


@app.task(name="services.send_survey", queue="mail", retry=PATIENTLY)
def send_survey(survey_id: int, is_reminder: bool = False) -> None:
    actions.send_survey(survey=Survey.objects.get(pk=survey_id), is_reminder=is_reminder)


@app.periodic(cron="40 7 * * *")
@app.task(name="services.watch_surveys", queueing_lock="services.watch_surveys")
def watch_surveys(timestamp: int) -> None:
    """Every morning: impact surveys whose day has come, and the one reminder."""
    actions.watch_surveys()
