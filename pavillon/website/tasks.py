"""Once a night, editors whose role ended by its date lose their pages."""

from procrastinate.contrib.django import app

from pavillon.website import actions


@app.periodic(cron="40 3 * * *")
@app.task(name="website.check_editors", queueing_lock="website.check_editors")
def check_editors(timestamp: int) -> int:
    return actions.check_editors()
