"""Companies that change enter and leave segments; merged ones take their marks along."""

from typing import Any

from django.dispatch import receiver

from pavillon.core.wall import house
from pavillon.directory.events import (
    companies_changed,
    companies_created,
    companies_merged,
    company_changed,
    company_created,
)
from pavillon.directory.models import Company
from pavillon.directory.models.references import moves_with
from pavillon.segments import tasks
from pavillon.segments.enums import Subject
from pavillon.segments.models import Segment, Tagging, TargetRow

moves_with(Tagging, "company", taken="drop")
moves_with(TargetRow, "company", taken="drop")


def _follow(*companies: Company) -> None:
    # Everybody's segments, not only those that whoever changed the company may find.
    with house():
        is_followed = Segment.objects.filter(subject=Subject.COMPANIES).exists()
    if is_followed:
        tasks.follow_companies.defer(company_ids=[company.pk for company in companies])


@receiver(company_created)
def a_new_company_enters_segments(company: Company, **event: Any) -> None:
    _follow(company)


@receiver(company_changed)
def a_changed_company_moves_between_segments(company: Company, **event: Any) -> None:
    _follow(company)


@receiver(companies_changed)
@receiver(companies_created)
def changed_companies_move_between_segments(companies: list[Company], **event: Any) -> None:
    _follow(*companies)


@receiver(companies_merged)
def a_merged_company_leaves_segments(kept: Company, removed: Company, **event: Any) -> None:
    _follow(kept)
    _follow(removed)
