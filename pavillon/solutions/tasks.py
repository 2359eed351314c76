"""Tidying up, once a night."""

from procrastinate.contrib.django import app

from pavillon.solutions.actions.diagnosis import forget_abandoned


@app.periodic(cron="20 3 * * *")
@app.task(name="solutions.forget_abandoned", queue="default", queueing_lock="solutions.forget_abandoned")
def forget_abandoned_diagnoses(timestamp: int) -> int:
    """Delete the anonymous diagnoses that nobody came back to."""
    return forget_abandoned()
