"""What goes by itself."""

from procrastinate.contrib.django import app

from pavillon.core.tasks import PATIENTLY
from pavillon.federation import actions
from pavillon.federation.models import SiteSession


@app.periodic(cron="23 * * * *")
@app.task(name="federation.forget_tokens", queueing_lock="federation.forget_tokens")
def forget_tokens(timestamp: int) -> None:
    actions.end_lapsed_sessions()
    actions.forget_tokens()


@app.task(name="federation.tell_site", queue="default", retry=PATIENTLY)
def tell_site(entry_id: int) -> None:
    """Until the site took it, or for eighteen hours; a row that was forgotten meanwhile is told no more."""
    entry = SiteSession.objects.select_related("site", "user").filter(pk=entry_id).first()
    if entry:
        actions.tell_site(entry=entry)
