"""What can be wrong with a whole file. Each fault says where it is and what to do about it."""

from django.utils.translation import gettext as _


class BadFile(ValueError):
    """The file cannot be taken in; `str()` is the message for the person who brought it, `code` names the fault."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def empty() -> BadFile:
    return BadFile("empty", _("The file is empty. Choose the file again, or export it again from the source system."))


def not_a_table(kind: str) -> BadFile:
    return BadFile(
        "kind",
        _("This is %(kind)s, not a table. Bring a CSV file, or an Excel workbook saved as .xlsx.") % {"kind": kind},
    )


def undecodable(line: int) -> BadFile:
    return BadFile(
        "encoding",
        _("Line %(line)s is not text in any known encoding. Export the file again and choose UTF-8.") % {"line": line},
    )


def no_header() -> BadFile:
    return BadFile(
        "header",
        _("No line of column names was found in the first lines. Write the names of the columns on the first line."),
    )


def double_header(name: str, first: int, second: int) -> BadFile:
    return BadFile(
        "duplicate_header",
        _("Columns %(first)s and %(second)s are both called “%(name)s”. Rename one of them.")
        % {"name": name, "first": first, "second": second},
    )


def no_rows() -> BadFile:
    return BadFile("no_rows", _("The file has column names but no row below them."))


def too_long_cell(line: int, column: str, size: int, limit: int) -> BadFile:
    return BadFile(
        "cell",
        _("Line %(line)s, column “%(column)s”: the cell holds %(size)s characters, more than the %(limit)s allowed. "
          "A quotation mark may be missing at the end of a cell.")
        % {"line": line, "column": column, "size": size, "limit": limit},
    )  # fmt: skip


def endless_cell(line: int, limit: int) -> BadFile:
    return BadFile(
        "cell",
        _("Line %(line)s: a cell holds more than the %(limit)s characters allowed. "
          "A quotation mark may be missing at the end of a cell.")
        % {"line": line, "limit": limit},
    )  # fmt: skip


def too_many(what: str, count: int, limit: int) -> BadFile:
    return BadFile(
        "size",
        _("The file has %(count)s %(what)s or more; %(limit)s are allowed. Cut it into several files.")
        % {"count": count, "what": what, "limit": limit},
    )


def open_quotation(line: int) -> BadFile:
    return BadFile(
        "quotation",
        _("A quotation mark opened on line %(line)s is never closed. Correct that line, or export the file again.")
        % {"line": line},
    )


def formula(cell: str) -> BadFile:
    return BadFile(
        "formula",
        _("Cell %(cell)s holds a formula. Copy the sheet and paste it as values, so that what you see is what is read.")
        % {"cell": cell},
    )


def broken_workbook() -> BadFile:
    return BadFile(
        "workbook", _("The workbook is damaged or cut short. Open it, save it again as .xlsx, and bring it again.")
    )


def locked_workbook() -> BadFile:
    return BadFile("password", _("The workbook is protected by a password. Save it without one, and bring it again."))


def no_such_sheet(name: str, sheets: list[str]) -> BadFile:
    return BadFile(
        "sheet",
        _("There is no sheet “%(name)s”. The workbook has: %(sheets)s.") % {"name": name, "sheets": ", ".join(sheets)},
    )
