from procrastinate.contrib.django import app

from pavillon.crm import actions


@app.periodic(cron="* * * * *")
@app.task(name="crm.escalate_late_leads", queue="default", queueing_lock="crm.escalate_late_leads")
def escalate_late_leads(timestamp: int) -> None:
    """Every minute: an untouched request whose time is over goes up one level."""
    actions.escalate_late_leads()
