"""Companies that change enter and leave segments; merged ones take their marks along."""

from typing import Any

from django.dispatch import receiver

from pavillon.directory.events import companies_merged, company_changed, company_created
from pavillon.directory.models import Company
from pavillon.directory.models.references import moves_with
from pavillon.segments import tasks
from pavillon.segments.enums import Subject
from pavillon.segments.models import Segment, Tagging, TargetRow

moves_with(Tagging, "company", taken="drop")
moves_with(TargetRow, "company", taken="drop")


def _follow(company: Company) -> None:
    if Segment.objects.filter(subject=Subject.COMPANIES).exists():
        tasks.follow_company.defer(company_id=company.pk)


@receiver(company_created)
def a_new_company_enters_segments(company: Company, **event: Any) -> None:
    _follow(company)


@receiver(company_changed)
def a_changed_company_moves_between_segments(company: Company, **event: Any) -> None:
    _follow(company)


@receiver(companies_merged)
def a_merged_company_leaves_segments(kept: Company, removed: Company, **event: Any) -> None:
    _follow(kept)
    _follow(removed)
