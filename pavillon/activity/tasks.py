"""Mail leaves here, after the commit; jobs of workers that died are put back."""

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

from pavillon.activity import actions
from pavillon.activity.models import Notification
from pavillon.core.tasks import PATIENTLY

# Seconds without a sign of life from its worker after which a job counts as abandoned. Workers beat every ten.
SILENCE = 30


@app.task(name="activity.send_notification", queue="mail", retry=PATIENTLY)
def send_notification(notification_id: int) -> None:
    notification = Notification.objects.filter(pk=notification_id).first()
    # What was removed in between has nothing more to say.
    if notification is not None:
        actions.send_notification(notification)


@app.periodic(cron="* * * * * */15")
@app.task(name="activity.restart_stalled_jobs", queueing_lock="activity.restart_stalled_jobs", pass_context=True)
async def restart_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died (`kill -9`, power cut): without this they stay "doing" for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await manager.retry_job(job)
