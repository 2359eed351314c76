from procrastinate.contrib.django import app

from pavillon.showroom import actions


@app.periodic(cron="*/5 * * * *")
@app.task(name="showroom.tell_unanswered", queueing_lock="showroom.tell_unanswered")
def tell_unanswered(timestamp: int) -> None:
    """Every five minutes: an enquiry that waited too long reaches the company's adviser."""
    actions.tell_unanswered()
