from procrastinate.contrib.django import app

from pavillon.directory.models import Company
from pavillon.segments import actions
from pavillon.segments.models import ExportFile, Segment


@app.periodic(cron="20 3 * * *")
@app.task(name="segments.refresh_segments", queueing_lock="segments.refresh_segments")
def refresh_segments(timestamp: int) -> None:
    """Every night: who entered and who left, also by the mere passing of days."""
    for segment in Segment.objects.order_by("refreshed_at", "pk"):
        actions.refresh_segment(segment=segment)


@app.task(name="segments.follow_company")
def follow_company(company_id: int) -> None:
    """A company changed: which segments it is in now."""
    company = Company.objects.filter(pk=company_id).first()
    if company is not None:
        actions.follow_company(company=company)


@app.task(name="segments.write_export", queue="default")
def write_export(export_id: int) -> None:
    """Write a granted file; put back after a crash it begins again."""
    export = ExportFile.objects.filter(pk=export_id).first()
    if export is not None:
        actions.write_export(export=export)


@app.periodic(cron="40 3 * * *")
@app.task(name="segments.expire_exports", queueing_lock="segments.expire_exports")
def expire_exports(timestamp: int) -> None:
    actions.expire_exports()
