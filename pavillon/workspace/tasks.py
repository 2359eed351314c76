from procrastinate.contrib.django import app

from pavillon.workspace import actions


@app.periodic(cron="10 4 * * *")
@app.task(name="workspace.refresh_words", queueing_lock="workspace.refresh_words")
def refresh_words(timestamp: int) -> None:
    """Every night: the vocabulary that a mistyped search is likened to."""
    actions.refresh_words()
