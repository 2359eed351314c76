from procrastinate.contrib.django import app

from pavillon.crm import actions
from pavillon.directory.models import Company


@app.periodic(cron="* * * * *")
@app.task(name="crm.escalate_late_leads", queue="default", queueing_lock="crm.escalate_late_leads")
def escalate_late_leads(timestamp: int) -> None:
    """Every minute: an untouched request whose time is over goes up one level."""
    actions.escalate_late_leads()


@app.periodic(cron="50 2 * * *")
@app.task(name="crm.compute_profiles", queueing_lock="crm.compute_profiles")
def compute_profiles(timestamp: int) -> None:
    """Every night: classes and scores of all companies, also by the mere passing of days."""
    actions.compute_profiles()


@app.task(name="crm.compute_profile")
def compute_profile(company_id: int) -> None:
    company = Company.objects.filter(pk=company_id).first()
    if company is not None:
        actions.compute_profiles(company=company)
