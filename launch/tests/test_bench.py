# mypy: ignore-errors
"""A bench that promises something fails when the promise is broken."""

import pytest

from launch.bench import Row, tell_broken


@pytest.mark.parametrize(("p95", "code"), [(1999.0, 0), (2000.0, 0), (2000.1, 1), (None, 1)])
def test_a_broken_promise_ends_with_status_1(capsys, p95, code):
    rows = [Row("Lead → desk", 150, "ms", p95=p95, most=2000.0), Row("Anything", 9e9, "ms", p95=9e9)]
    assert tell_broken(rows) == code
    said = capsys.readouterr()
    assert ("Lead → desk" in said.out + said.err) is bool(code)
