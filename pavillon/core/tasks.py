"""Housekeeping of the job queue itself."""

from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

# Seconds without a sign of life from its worker after which a job counts as abandoned. Workers beat every ten.
SILENCE = 30


@app.periodic(cron="* * * * * */15")
@app.task(name="core.restart_stalled_jobs", queueing_lock="core.restart_stalled_jobs", pass_context=True)
async def restart_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died (`kill -9`, power cut): without this they stay "doing" for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await manager.retry_job(job)
