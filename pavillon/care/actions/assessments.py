"""Dated assessments of companies: by an adviser in seconds, by the company, from its diagnosis."""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pavillon.accounts.models import User
from pavillon.activity.actions import notify, record, wake
from pavillon.care.enums import AssessmentSource
from pavillon.care.models import Assessment
from pavillon.core.wall import house
from pavillon.crm.queries.routing import current_referent
from pavillon.directory.actions import forwarded
from pavillon.directory.models import Company
from pavillon.reference.models import Country
from pavillon.solutions.models import Diagnosis


class NotYetAssessed(Exception):
    """An assessment tells what is, not what will be."""


@transaction.atomic
def assess_company(
    *,
    company: Company,
    capacity: int,
    intention: str,
    by: User,
    horizon: str = "",
    countries: Iterable[Country] = (),
    note: str = "",
    assessed_on: datetime.date | None = None,
) -> Assessment:
    """Note what a company is able to do and intends, on a day. By whom tells the source: the team, or the company.

    The referent learns what his company says of itself. Raises NotYetAssessed.
    """
    day = assessed_on or timezone.localdate()
    if day > timezone.localdate():
        raise NotYetAssessed(_("This day is in the future: choose the day of the talk."))
    source = AssessmentSource.COMPANY if by.is_company else AssessmentSource.TALK
    assessment = Assessment.objects.create(
        company=forwarded(company), assessed_on=day, capacity=capacity, intention=intention, horizon=horizon,
        note=note.strip(), source=source, author=by,
    )  # fmt: skip
    assessment.countries.set(countries)
    told = sorted(country.pk for country in assessment.countries.all())
    record("care.company_assessed", assessment, by=by, countries=told)
    if by.is_company:
        _tell_referent(assessment)
    wake("care.assessment", audience="team", company=assessment.company_id)
    return assessment


def _tell_referent(assessment: Assessment) -> None:
    referent = current_referent(assessment.company, timezone.localdate())
    if referent is not None:
        notify(
            [referent.adviser],
            "care.assessment",
            title=format_lazy(gettext_lazy("{company} tells its plans abroad"), company=assessment.company.name),
            url=assessment.company.get_absolute_url(),
            about=assessment.company,
        )


@house()
@transaction.atomic
def assess_from_diagnosis(*, diagnosis: Diagnosis) -> Assessment | None:
    """The level of a finished diagnosis of a company is an assessment of its day; once."""
    if diagnosis.company is None or diagnosis.finished_at is None or diagnosis.level is None:
        return None
    known = Assessment.objects.filter(diagnosis=diagnosis).first()
    if known is not None:
        return known
    assessment = Assessment.objects.create(
        company=diagnosis.company, assessed_on=timezone.localdate(diagnosis.finished_at), capacity=diagnosis.level,
        source=AssessmentSource.DIAGNOSIS, author=diagnosis.user, diagnosis=diagnosis,
    )  # fmt: skip
    record("care.company_assessed", assessment, by=diagnosis.user, diagnosis=diagnosis.pk)
    wake("care.assessment", audience="team", company=assessment.company_id)
    return assessment


@transaction.atomic
def forget_assessment(assessment: Assessment) -> None:
    """Keep the levels, lose the words."""
    assessment.note = ""
    assessment.save(update_fields=["note"])
