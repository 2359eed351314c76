"""What is done with loyalty programmes. The room's doors are re-exported."""

from pavillon.loyalty.actions.nightly import enrol_nightly
from pavillon.loyalty.actions.programmes import (
    NotForOrder,
    ProgrammeNamed,
    apply_benefit,
    change_programme,
    close_programme,
    create_programme,
    end_enrolment,
    enrol_segment,
    forget_enrolment,
    leave_programme,
    reopen_programme,
    take_benefit_back,
)
from pavillon.loyalty.actions.telling import tell_enrolled

__all__ = [
    "NotForOrder",
    "ProgrammeNamed",
    "apply_benefit",
    "change_programme",
    "close_programme",
    "create_programme",
    "end_enrolment",
    "enrol_nightly",
    "enrol_segment",
    "forget_enrolment",
    "leave_programme",
    "reopen_programme",
    "take_benefit_back",
    "tell_enrolled",
]
