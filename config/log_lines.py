"""Lines of the processes' own log: for eyes, or one JSON object each for collectors. Moments are UTC and say so."""

import json
import logging
from datetime import UTC, datetime


class PlainLines(logging.Formatter):
    """`2026-11-23T09:04:05.678Z WARNING django.request Not Found: /x/`, then the trace of an error."""

    def __init__(self) -> None:
        super().__init__("{asctime} {levelname} {name} {message}", style="{")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        moment = datetime.fromtimestamp(record.created, UTC)
        return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


class JsonLines(PlainLines):
    """The same as one line of JSON: `at`, `level`, `logger`, `message`, `process`, and `error` with the trace."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": self.formatTime(record),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "process": record.process,
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
