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


@pytest.mark.parametrize(("value", "limit", "code"), [(25, 100, 0), (24, 100, 1), (24, None, 1)])
def test_a_ratio_below_its_promise_ends_the_bench_with_status_1(value, limit, code):
    row = Row("rows", value, "rows/s", limit=limit, least=0.25)
    assert tell_broken([row]) == code
    assert "0.25" in row.cells()[-1]
