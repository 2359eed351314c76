"""What this room lets ask of a company: whether its account is at risk."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from pavillon.care.enums import Capacity, Horizon, Intention, RiskLevel
from pavillon.care.models import RISK_READERS, Assessment, RiskMark
from pavillon.crm.models.leads import LEAD_READERS
from pavillon.directory.criteria import Column, Field, Kind, Names, add_columns, add_fields
from pavillon.directory.models import Company
from pavillon.reference.models import Country

CARE = _("Care of the account")


def keeps(user: Any) -> bool:
    return user.role in RISK_READERS


def assesses(user: Any) -> bool:
    return user.role in LEAD_READERS


def last_assessments(user: Any) -> Any:
    return Assessment.objects.visible_to(user).last_of_each()


def last_plans(user: Any) -> Any:
    return Assessment.objects.visible_to(user).last_told_of_each()


def side(name: str, label: Any, kind: Kind, *, rows: Any = last_plans, **more: Any) -> Field:
    """One side of the last assessment of a company that tells it."""
    return Field(name, label, kind, CARE, governed=((Assessment, "*"),), rows=rows, opens=assesses, **more)


def open_marks(user: Any) -> Any:
    return RiskMark.objects.visible_to(user).open()


add_fields(
    Company,
    Field("at_risk", _("At risk"), Kind.TRUTH, CARE, governed=((RiskMark, "*"),), rows=open_marks, opens=keeps),
    Field(
        "risk",
        _("Risk"),
        Kind.CHOICE,
        CARE,
        "level",
        governed=((RiskMark, "*"),),
        options=lambda: RiskLevel.choices,
        rows=open_marks,
        opens=keeps,
    ),
    side("capacity", _("Export capacity"), Kind.NUMBER, path="capacity", rows=last_assessments),
    side("intention", _("Intention"), Kind.CHOICE, path="intention", options=lambda: Intention.choices),
    side("horizon", _("Horizon"), Kind.CHOICE, path="horizon", options=lambda: Horizon.choices),
    side(
        "target_country", _("Target country"), Kind.CHOICE, path="countries", names=Names(Country, "code"),
        is_long=True,
    ),
    side("assessed", _("Capacity assessed on"), Kind.DATE, path="assessed_on", rows=last_assessments),
)  # fmt: skip


def _risks(rows: Any, user: Any) -> dict[int, str]:
    marks = open_marks(user).filter(company__in=[row.pk for row in rows])
    return {mark.company_id: mark.get_level_display() for mark in marks}


def _told(value: Any, of: Any = last_assessments) -> Any:
    """A column of the last assessments: one statement for all rows of a page."""

    def load(rows: Any, user: Any) -> dict[int, Any]:
        found = of(user).filter(company__in=[row.pk for row in rows])
        return {one.company_id: value(one) for one in found}

    return load


add_columns(
    Company,
    Column(
        "capacity", _("Export capacity"), load=_told(lambda one: f"{one.capacity} – {Capacity(one.capacity).label}"),
        governed=((Assessment, "*"),), opens=assesses,
    ),
    Column(
        "intention", _("Intention"), load=_told(lambda one: one.get_intention_display(), last_plans),
        governed=((Assessment, "*"),), opens=assesses,
    ),
    Column("risk", _("Risk"), load=_risks, governed=((RiskMark, "*"),), opens=keeps),
)  # fmt: skip
