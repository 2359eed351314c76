"""What this room does by itself."""

from procrastinate.contrib.django import app

from pavillon.care import actions


@app.periodic(cron="20 6 * * *")
@app.task(name="care.weigh_risks", queueing_lock="care.weigh_risks")
def weigh_risks(timestamp: int) -> None:
    """Every morning: facts that no mark has taken into account."""
    actions.weigh_risks()


@app.task(name="care.follow_rules")
def follow_rules() -> None:
    """After a change of rules: the same, at once."""
    actions.weigh_risks()
