"""Auditors' searches in the trail and the read log, cold and warm (make bench-data, with --log-lines)"""

import time
from datetime import timedelta
from typing import Any

from django.utils import timezone

from bench._figures import milliseconds
from bench._log_lines import PEOPLE, RECORDS, line_count
from launch.bench import NothingPoured, Row

ROUNDS = 10
MOST_SHOWN = 51
# The most that the p95 may be, in milliseconds, at fifty million lines.
TARGET = 1000


def searches(people: list[int]) -> dict[str, dict[str, Any]]:
    """What the pages of the log ask. The first record stands in one line of a hundred, the last in almost none."""
    now, met, rare = timezone.now(), {"model": "directory.company", "pk": "1"}, str(RECORDS - 1)
    day = {"since": now - timedelta(days=365), "until": now - timedelta(days=364)}
    return {
        "Who saw and changed a record that everybody opens": met,
        "Who saw and changed an ordinary record": met | {"pk": str(RECORDS // 3)},
        "Who saw and changed a record that hardly anybody opens": met | {"pk": rare},
        "Who saw a record on one day a year ago": met | day | {"kind": "read"},
        "Who changed one field of a record": met | {"field": "turnover"},
        "Who changed a field that hardly ever changes": met | {"field": "legal_name"},
        "Whether one person met a record": met | {"people": people[-1:]},
        "What a busy person read and changed": {"people": people[:1]},
        "What a person read and changed who hardly comes": {"people": people[-1:]},
        "What a person read on one day a year ago": {"people": people[:1]} | day,
        "What happened to the keys": {"verb": "security.data_key", "kind": "changed"},
    }


def run() -> list[Row]:
    from pavillon.accounts.models import User
    from pavillon.security.queries import audited_lines

    people = list(
        User.objects.filter(email__endswith="@mesures.example", first_name="Lecteur")
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    if len(people) < PEOPLE:
        raise NothingPoured
    note = f"{line_count() / 1e6:,.1f} million lines, 24 months"
    rows = []
    for what, criteria in searches(people).items():
        found: list[float] = []
        lines = 0
        for _round in range(ROUNDS + 1):
            began = time.perf_counter()
            lines = len(audited_lines(most=MOST_SHOWN, **criteria))
            found.append(time.perf_counter() - began)
        first = f"{lines} lines; first time {found[0] * 1000:,.0f} ms; {note}"
        rows.append(milliseconds(what, found[1:], note=first, most=TARGET))
    return rows
