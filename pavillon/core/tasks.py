"""Housekeeping of the job queue itself."""

from procrastinate import RetryStrategy
from procrastinate.contrib.django import app
from procrastinate.job_context import JobContext

# For what depends on a server of somebody else's: after 4 s, 16 s, 1 min, 4 min … and for the last time after 18 h.
PATIENTLY = RetryStrategy(max_attempts=8, exponential_wait=4)
# Seconds without a sign of life from its worker after which a job counts as abandoned. Workers beat every ten.
SILENCE = 30


@app.periodic(cron="* * * * * */15")
@app.task(name="core.restart_stalled_jobs", queueing_lock="core.restart_stalled_jobs", pass_context=True)
async def restart_stalled_jobs(context: JobContext, timestamp: int) -> None:
    """Put back the jobs of workers that died (`kill -9`, power cut): without this they stay "doing" for ever."""
    manager = context.app.job_manager
    for job in await manager.get_stalled_jobs(seconds_since_heartbeat=SILENCE):
        await manager.retry_job(job)
