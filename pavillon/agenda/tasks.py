from procrastinate.contrib.django import app

from pavillon.agenda import actions
from pavillon.agenda.models import InvitationLetter, Subscription


@app.periodic(cron="20 3 * * *")
@app.task(name="agenda.extend_series", queueing_lock="agenda.extend_series")
def extend_series(timestamp: int) -> None:
    """Every night: repeated entries are written out further."""
    actions.extend_series()


@app.periodic(cron="7 * * * *")
@app.task(name="agenda.read_subscriptions", queueing_lock="agenda.read_subscriptions")
def read_subscriptions(timestamp: int) -> None:
    """Every hour: the other calendars, each in a job of its own."""
    values: list[dict[str, int]] = [{"subscription_id": pk} for pk in Subscription.objects.values_list("pk", flat=True)]
    read_subscription.batch_defer(*values)  # type: ignore[arg-type]


@app.task(name="agenda.read_subscription")
def read_subscription(subscription_id: int) -> None:
    subscription = Subscription.objects.filter(pk=subscription_id).first()
    if subscription is not None:
        actions.read_subscription(subscription=subscription)


@app.task(name="agenda.send_invitation")
def send_invitation(letter_id: int) -> None:
    letter = InvitationLetter.objects.filter(pk=letter_id).first()
    if letter is not None:
        actions.send_invitation(letter=letter)
