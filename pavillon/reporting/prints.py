"""The monthly report as a PDF that screen readers can read (PDF/UA-1), set by Typst from the same figures."""

import json
from collections.abc import Sequence
from pathlib import Path

import typst
from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from pavillon.reporting.queries.monthly import Figure, MonthlyReport
from pavillon.reporting.sheets import about_lines
from pavillon.ui.words import number

HERE = Path(__file__).parent / "print"
FONTS = settings.ROOT / "static_build" / "print-fonts"


def monthly_pdf(report: MonthlyReport) -> bytes:
    """The PDF of a report. Its figures are written as on screen, in the reader's language."""
    data = {
        "lang": (get_language() or "fr")[:2],
        "title": _("Monthly report of the showroom"),
        "company": report.company.name,
        "period": str(report.period),
        "demo": _("Demonstration: invented data") if settings.DEMO else "",
        "month": _("Month"),
        "start": _("Since the start"),
        "tables": [
            _table(_("Summary"), _("Measure"), report.measures),
            _table(_("Where visits came from"), _("Country"), report.countries),
            _table(_("Requests of buyers"), _("Type of request"), report.requests),
            _table(_("Events on the pages"), _("Event"), report.events),
            _table(_("Products and services most viewed"), _("Product or service"), report.products),
        ],
        "curve": {
            "title": _("The last twelve months"),
            "head": [_("Month"), _("Events on the pages"), _("Requests of buyers")],
            "rows": [[f"{first:%m/%Y}", number(events), number(requests)] for first, events, requests in report.months],
            "values": [events for _first, events, _requests in report.months],
            "alt": _("Events on the pages, month by month; the figures are in the table below."),
        },
        "response": _response(report),
        "none": _("Nothing in this period."),
        "about": about_lines(report),
        "page": _("Page"),
    }
    return typst.compile(
        str(HERE / "monthly.typ"),
        root=str(HERE),
        font_paths=[str(FONTS)] if FONTS.exists() else [],
        ignore_system_fonts=True,
        format="pdf",
        sys_inputs={"data": json.dumps(data)},
        pdf_standards="ua-1",
    )


def _response(report: MonthlyReport) -> str:
    if report.hides_response:
        return _("Waiting: %(count)s.") % {"count": number(report.waiting)}
    if report.response_hours is None:
        return _("No request of this month was answered yet. Waiting: %(count)s.") % {"count": number(report.waiting)}
    return _("Median time to the first answer: %(hours)s hours. Waiting: %(count)s.") % {
        "hours": number(report.response_hours),
        "count": number(report.waiting),
    }


def _table(title: str, first: str, figures: Sequence[Figure]) -> dict[str, object]:
    rows = [[f.label, number(f.month), number(f.start)] for f in figures]
    return {"title": title, "head": first, "rows": rows}
