"""What this room does by itself."""

from procrastinate.contrib.django import app

from pavillon.core.encryption import cipher
from pavillon.correspondence import actions


@app.periodic(cron="35 3 * * *")
@app.task(name="correspondence.look_again", queueing_lock="correspondence.look_again")
def look_again(timestamp: int) -> None:
    """Every night: mail whose company is known by now, and meetings that took place. Not while data are locked."""
    if cipher().is_locked():
        return
    try:
        actions.look_again()
    finally:
        actions.count_meetings()


@app.periodic(cron="45 3 * * *")
@app.task(name="correspondence.sweep_files", queueing_lock="correspondence.sweep_files")
def sweep_files(timestamp: int) -> None:
    """Every night: sealed files that no mail has are put aside."""
    actions.sweep_files()
