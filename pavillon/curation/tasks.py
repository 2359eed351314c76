from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.curation import actions
from pavillon.curation.actions.batches import merge_lines
from pavillon.curation.models import MergeBatch


@app.periodic(cron="10 2 * * *")
@app.task(name="curation.scan_base", queue="default", queueing_lock="curation.scan_base", retry=3)
def scan_base(timestamp: int = 0) -> None:
    """Every night: duplicates of what changed, then the quality of every record."""
    actions.scan_base()
    actions.qualify_companies()


@app.periodic(cron="40 3 1 * *")
@app.task(name="curation.retrain_model", queue="default", queueing_lock="curation.retrain_model")
def retrain_model(timestamp: int = 0) -> None:
    """Every month: weights learnt anew, used only when better."""
    actions.retrain_model()


@app.periodic(cron="30 15 * * 1-5")
@app.task(name="curation.remind_people", queue="default", queueing_lock="curation.remind_people")
def remind_people(timestamp: int = 0) -> None:
    """At the end of a working day (UTC)."""
    actions.remind_people()


@app.task(name="curation.merge_batch", queue="default", retry=3)
def merge_batch(batch_id: int, by_id: int) -> None:
    merge_lines(batch=MergeBatch.objects.get(pk=batch_id), by=User.objects.get(pk=by_id))
