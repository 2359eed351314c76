from procrastinate.contrib.django import app

from pavillon.segments import actions
from pavillon.segments.models import ExportFile, Segment


@app.periodic(cron="20 3 * * *")
@app.task(name="segments.refresh_segments", queueing_lock="segments.refresh_segments")
def refresh_segments(timestamp: int) -> None:
    """Every night: who entered and who left, also by the mere passing of days."""
    for segment in Segment.objects.order_by("refreshed_at", "pk"):
        actions.refresh_segment(segment=segment)


@app.task(name="segments.follow_companies")
def follow_companies(company_ids: list[int]) -> None:
    """Companies changed: which segments they are in now."""
    actions.follow_companies(companies=company_ids)


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
