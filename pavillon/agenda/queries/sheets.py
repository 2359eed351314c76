"""The diagnosis of time as a table for a spreadsheet."""

from typing import Any

from django.utils.translation import gettext as _

from pavillon.agenda.queries.diagnosis import Diagnosis, Measured


def sheet_of(found: Diagnosis) -> list[list[Any]]:
    """Head, one line an entry, their sum, then the interruptions. Times in exact minutes, seconds as decimals."""
    head = [
        _("Day"),
        _("What"),
        _("Activity"),
        _("Planned (min)"),
        _("Real (min)"),
        _("Interrupted (min)"),
        _("Gap (min)"),
        _("Company"),
    ]
    rows = [head, *(_line(each) for each in found.entries)]
    total = found.total
    rows.append(
        [
            "",
            _("Sum of what was clocked"),
            "",
            *map(minutes, (total.planned, total.real, total.interrupted, total.gap)),
            "",
        ]
    )
    rows += [[], [_("Day"), _("Interrupted by"), _("Why"), _("Minutes"), _("Name"), _("What")]]
    rows += [
        [
            each.began_at,
            str(each.get_who_display()),
            str(each.get_why_display()),
            each.minutes,
            each.name,
            each.entry.title if each.entry else "",
        ]
        for each in found.interruptions
    ]
    return rows


def _line(each: Measured) -> list[Any]:
    entry = each.entry
    assert entry is not None
    real = [minutes(each.real), minutes(each.interrupted), minutes(each.gap)] if each.is_timed else ["", "", ""]
    labels = dict(entry._meta.get_field("activity").choices)  # type: ignore[arg-type,union-attr]
    return [
        entry.starts_at,
        entry.title,
        str(labels.get(entry.activity_meant, "")),
        minutes(each.planned),
        *real,
        entry.company.name if entry.company else "",
    ]


def minutes(seconds: int) -> float | int:
    """Seconds as minutes: whole ones stay whole, others keep their sixtieths."""
    return seconds // 60 if seconds % 60 == 0 else seconds / 60
