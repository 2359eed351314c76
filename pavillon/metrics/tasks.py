from procrastinate.contrib.django import app

from pavillon.metrics import actions


@app.periodic(cron="* * * * * */10")
@app.task(name="metrics.roll_up", queueing_lock="metrics.roll_up", pass_context=False)
def roll_up(timestamp: int) -> None:
    while actions.roll_up() == 50_000:
        pass
