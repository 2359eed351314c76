"""What this room does by itself."""

from procrastinate.contrib.django import app

from pavillon.loyalty import actions
from pavillon.loyalty.models import Programme


@app.periodic(cron="40 5 * * *")
@app.task(name="loyalty.enrol_nightly", queueing_lock="loyalty.enrol_nightly")
def enrol_nightly(timestamp: int) -> None:
    """Every night: companies that fulfil the rule of a programme by now, where it asks for that."""
    actions.enrol_nightly()


@app.task(name="loyalty.tell_enrolled")
def tell_enrolled(programme_id: int) -> None:
    """Companies were enrolled: those that have an account are told."""
    programme = Programme.objects.filter(pk=programme_id).first()
    if programme is not None:
        actions.tell_enrolled(programme=programme)
