"""Lines of the processes' log: moments in UTC, one line of JSON an event where collectors read."""

import json
import logging
import sys

from config.log_lines import JsonLines, PlainLines


def test_a_line_is_one_object_in_utc():
    try:
        raise ValueError("with\nan end of line")
    except ValueError:
        record = logging.LogRecord("a.room", logging.ERROR, __file__, 1, "“%s”\nfailed", ("X",), sys.exc_info())
    record.created, record.msecs = 1_700_000_000.25, 250.0
    text = JsonLines().format(record)
    assert "\n" not in text
    line = json.loads(text)
    assert line["at"] == "2023-11-14T22:13:20.250Z"
    assert (line["level"], line["logger"], line["message"]) == ("ERROR", "a.room", "“X”\nfailed")
    assert "ValueError" in line["error"]
    assert PlainLines().format(record).startswith("2023-11-14T22:13:20.250Z ERROR a.room “X”")
