"""Who counts as qualified is computed from facts; people decide the checklist and the targets."""

import datetime
from collections.abc import Sequence

from django.db import connection, transaction
from django.utils import timezone
from procrastinate.contrib.django import app

from pavillon.accounts.models import User
from pavillon.activity.actions import record
from pavillon.crm.models import QualificationChecklist, QualifiedTarget
from pavillon.crm.queries.qualified import FACTS, PORTFOLIOS, checklist_on, values_of

_NOW = """
WITH facts AS ({facts}), qualified AS (
    SELECT company_id, network FROM facts
    WHERE network <> '' AND is_sized AND is_met AND (has_project OR NOT %(needs_project)s)
        AND %(fields)s::text[] <@ known
)
""".replace("{facts}", FACTS.replace("{which}", PORTFOLIOS))
_ENDED = (
    _NOW
    + """
UPDATE crm_qualifiedperiod period SET ends_on = %(today)s
WHERE ends_on IS NULL AND (%(some)s::bigint[] IS NULL OR company_id = ANY(%(some)s))
    AND NOT EXISTS (SELECT FROM qualified q WHERE q.company_id = period.company_id AND q.network = period.network)
"""
)
_BEGUN = (
    _NOW
    + """
INSERT INTO crm_qualifiedperiod (company_id, network, checklist_id, starts_on)
SELECT company_id, network, %(checklist)s, %(today)s FROM qualified q
WHERE NOT EXISTS (SELECT FROM crm_qualifiedperiod p WHERE p.company_id = q.company_id AND p.ends_on IS NULL)
"""
)


@transaction.atomic
def compute_qualified(*, companies: Sequence[int] | None = None) -> int:
    """Begin and end the periods of some companies, or of all, by the checklist and the facts of today; two statements.

    How many changed. A company that passes to the other network ends one period and begins another.
    """
    checklist = checklist_on(timezone.localdate())
    some = list(companies) if companies is not None else None
    values = {**values_of(checklist, some), "checklist": checklist.pk}
    with connection.cursor() as cursor:
        # One at a time: two computations would begin the same period.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('crm.compute_qualified'))")
        cursor.execute(_ENDED, values)
        ended = cursor.rowcount
        cursor.execute(_BEGUN, values)
        return int(ended + cursor.rowcount)


@transaction.atomic
def change_checklist(
    *, fields: list[str], interview_months: int, needs_project: bool, reason: str, by: User
) -> QualificationChecklist:
    """Decide from today on what makes a company qualified; a job lets the count follow. Past days keep their count."""
    made = QualificationChecklist.objects.create(
        starts_on=timezone.localdate(),
        fields=fields,
        interview_months=interview_months,
        needs_project=needs_project,
        reason=reason,
        decided_by=by,
        decided_at=timezone.now(),
    )
    record(
        "crm.checklist_changed",
        made,
        by=by,
        fields=fields,
        interview_months=interview_months,
        needs_project=needs_project,
        reason=reason,
    )
    app.configure_task("crm.follow_checklist").defer()
    return made


@transaction.atomic
def set_qualified_target(*, on: datetime.date, count: int, by: User) -> QualifiedTarget:
    """Say how many qualified companies are wanted on a day; the former figure of that day stays in the trail."""
    former = QualifiedTarget.objects.select_for_update().filter(on=on).first()
    target, _made = QualifiedTarget.objects.update_or_create(on=on, defaults={"count": count})
    record(
        "crm.qualified_target_set", target, by=by, changes={"count": [former.count if former else None, count]}, on=on
    )
    return target
