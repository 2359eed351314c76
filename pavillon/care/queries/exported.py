"""Assessments that leave with the companies of a list."""

from django.utils.translation import gettext_lazy as _

from pavillon.accounts.models import User
from pavillon.care.models import Assessment
from pavillon.care.queries.assessments import named
from pavillon.core.permissions import is_allowed
from pavillon.directory.criteria import Column
from pavillon.segments.queries.parts import COMPANY, PartExport, company_columns


def _may_export(user: User) -> bool:
    return is_allowed(user, "care.export_assessments", None)


ASSESSMENTS = PartExport(
    "assessments",
    _("Their capacities and intentions"),
    lambda companies, user: (
        Assessment.objects.visible_to(user)
        .filter(company__in=companies)
        .select_related(*COMPANY, "author")
        .prefetch_related("countries")
    ),
    [
        *company_columns(),
        Column("assessed_on", _("On"), lambda x: x.assessed_on.isoformat()),
        Column("capacity", _("Export capacity"), lambda x: x.capacity),
        Column("intention", _("Intention"), lambda x: x.get_intention_display()),
        Column("horizon", _("Horizon"), lambda x: x.get_horizon_display()),
        Column("target_countries", _("Target countries"), lambda x: named(x.countries.all())),
        Column("assessment_note", _("In a few words"), lambda x: x.note, governed=((Assessment, "note"),)),
        Column("assessment_source", _("Who says it"), lambda x: x.get_source_display()),
        Column("assessment_author", _("Author"), lambda x: x.author.email if x.author else ""),
    ],
    _may_export,
)
