"""What this room tells of the journey of a company: its diagnoses."""

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from pavillon.accounts.models import User
from pavillon.crm.enums import Stage
from pavillon.crm.queries.journey import Milestone, StageFacts, facts_of
from pavillon.directory.models import Company
from pavillon.solutions.models import Diagnosis
from pavillon.solutions.queries.diagnosis import may_read_result


def tell_stages(company: Company, user: User) -> list[StageFacts]:
    """Finished diagnoses; their result is opened by who may read it. Two statements."""
    reads = may_read_result(user)
    return [
        facts_of(Stage.DIAGNOSIS, company, user, _finished, "finished_at", lambda row: _told(row, reads), of=Diagnosis)
    ]


def _finished(user: User, number: int) -> QuerySet[Diagnosis]:
    return Diagnosis.objects.visible_to(user).filter(company=number, finished_at__isnull=False)


def _told(row: Diagnosis, reads: bool) -> Milestone:
    assert row.finished_at is not None
    return Milestone(
        row.finished_at,
        str(row.level_name) if reads else str(_("Diagnosis")),
        reverse("solutions:read_result", args=[row.token]) if reads else "",
    )
