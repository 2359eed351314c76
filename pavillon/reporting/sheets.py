"""The monthly report as a spreadsheet: the same object as on screen, one sheet a table, numbers as numbers."""

import io
from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from pavillon.reporting.queries.monthly import Figure, MonthlyReport
from pavillon.ui.words import day as told_day


def monthly_xlsx(report: MonthlyReport) -> bytes:
    """The workbook of a report."""
    # The library is loaded by whoever writes a workbook: a start of the product does without.
    import xlsxwriter

    file = io.BytesIO()
    # Names of companies and products are people's words: none may become a formula or a link.
    with xlsxwriter.Workbook(file, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": _("Monthly report"), "subject": report.company.name, "author": "Pavillon"})
        head = book.add_format({"bold": True, "bottom": 1, "text_wrap": True})
        title = book.add_format({"bold": True, "font_size": 14})
        number = book.add_format({"num_format": "#,##0"})

        def sheet(name: str, first: str, figures: Sequence[Figure]) -> None:
            page = book.add_worksheet(name[:31])
            page.write(0, 0, f"{report.company.name}, {report.period!s}", title)
            page.write_row(2, 0, [first, _("Month"), _("Since the start")], head)
            for line, figure in enumerate(figures, 3):
                page.write_string(line, 0, figure.label)
                page.write_number(line, 1, figure.month, number)
                page.write_number(line, 2, figure.start, number)
            page.set_column(0, 0, 46)
            page.set_column(1, 2, 16)
            page.freeze_panes(3, 1)

        sheet(_("Summary"), _("Measure"), report.measures)
        sheet(_("Countries"), _("Country"), report.countries)
        sheet(_("Requests"), _("Type of request"), report.requests)
        sheet(_("Events"), _("Event"), report.events)
        sheet(_("Products"), _("Product or service"), report.products)
        months = book.add_worksheet(_("Months"))
        months.write_row(0, 0, [_("Month"), _("Events on the pages"), _("Requests of buyers")], head)
        day = book.add_format({"num_format": "mmmm yyyy"})
        for line, (first, events, requests) in enumerate(report.months, 1):
            months.write_datetime(line, 0, first, day)
            months.write_number(line, 1, events, number)
            months.write_number(line, 2, requests, number)
        months.set_column(0, 2, 24)
        about = book.add_worksheet(_("About"))
        about.write_column(0, 0, about_lines(report))
        about.set_column(0, 0, 100)
    return file.getvalue()


def about_lines(report: MonthlyReport) -> list[str]:
    """How the figures are made, said in the file itself."""
    return [
        _("Company: %(name)s") % {"name": report.company.name},
        _("Made on %(day)s") % {"day": told_day(timezone.localdate())},
        _("“Since the start” counts everything up to the last day of the month."),
        _("Visits are counted without identifying visitors; the country is that of signed-in buyers."),
    ]
