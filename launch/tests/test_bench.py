# mypy: ignore-errors
"""A bench that promises something fails when the promise is broken."""

import pytest
from django.apps import apps

from bench._rows import COLUMNS
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


@pytest.mark.parametrize("table", COLUMNS)
def test_the_invented_country_fills_every_column_that_must_be_filled(table):
    model = next(model for model in apps.get_models() if model._meta.db_table == table)
    columns = {f.column: f for f in model._meta.concrete_fields if not f.primary_key or f.remote_field}
    needed = {name for name, f in columns.items() if not f.null and not f.has_db_default()}
    poured = set(COLUMNS[table].split()) - {"id"}
    assert needed <= poured <= set(columns)
