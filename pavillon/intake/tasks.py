"""The phases of a delivery, outside the request. Each goes on where an interrupted run stopped."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from pavillon.intake import actions
from pavillon.intake.models import Delivery

RETRY = RetryStrategy(max_attempts=5, exponential_wait=4)


@app.task(name="intake.rehearse_delivery", queue="default", retry=RETRY)
def rehearse_delivery(delivery_id: int) -> None:
    actions.run_rehearsal(delivery=Delivery.objects.get(pk=delivery_id))


@app.task(name="intake.take_delivery", queue="default", retry=RETRY)
def take_delivery(delivery_id: int) -> None:
    actions.run_taking(delivery=Delivery.objects.get(pk=delivery_id))


@app.task(name="intake.undo_delivery", queue="default", retry=RETRY)
def undo_delivery(delivery_id: int) -> None:
    actions.run_undoing(delivery=Delivery.objects.get(pk=delivery_id))


@app.periodic(cron="*/5 * * * *")
@app.task(name="intake.resume_deliveries", queueing_lock="intake.resume_deliveries")
def resume_deliveries(timestamp: int) -> None:
    """Files whose worker was killed go on where it stopped."""
    actions.resume_deliveries()


@app.periodic(cron="40 6 * * *")
@app.task(name="intake.remind_exchange", queue="default", queueing_lock="intake.remind_exchange")
def remind_exchange(timestamp: int) -> None:
    """Every morning: an overdue exchange of head offices is said, once a month."""
    actions.remind_exchange()
