"""Questions asked in one statement: each column comes as PostgreSQL sends it alone, to the byte."""

import pytest
from django.db import connection

from pavillon.ui import together

# A value of each type that `ui.together` tells, and no value.
TOLD = (
    ("boolean", "true", "false", "NULL"),
    ("inet", "'10.0.0.1'", "'10.0.0.0/8'", "'2001:db8::1'", "NULL"),
    ("bigint", "-7", "NULL"),
    ("integer", "7"),
    ("smallint", "7"),
    ("numeric(9, 3)", "1.5", "-0.001"),
    ("double precision", "0.1", "'NaN'", "1e300"),
    ("text", "''", "'{\"é,'", "NULL"),
    ("varchar(20)", "' a '"),
    ("bytea", "'\\x00ff'"),
    ("date", "'1801-02-03'"),
    ("time", "'23:59:59.5'"),
    ("timestamp with time zone", "'2026-10-25 02:30:00+02'"),
    ("interval", "'1 month -3 days 00:00:01.5'"),
    ("uuid", "'7d444840-9dc0-11d1-b245-5ffdce74fad2'"),
    ("jsonb", '\'{"a": [null, "é"]}\'', "'null'", "NULL"),
    ("tsvector", "'a:1 b:2'"),
    ("boolean[]", "'{t,NULL,f}'"),
    ("inet[]", "'{10.0.0.1,10.0.0.0/8}'"),
    ("varchar(20)[]", '\'{"a b",NULL,""}\''),
)


@pytest.mark.django_db
def test_what_is_told_together_is_what_is_sent_alone(monkeypatch):
    known = {kind.partition("(")[0] for kind, *_values in TOLD if not kind.endswith("[]")}
    assert known == {*together._CAST_ALIKE, *together._CAST_OTHERWISE}
    values = [(kind, f"({value})::{kind}") for kind, *several in TOLD for value in several]
    sql, kinds = f"SELECT {', '.join(value for _kind, value in values)}", [kind for kind, _value in values]
    connection.ensure_connection()
    sent = connection.connection.pgconn.exec_(sql.encode())
    with monkeypatch.context() as patch:
        patch.setattr(together, "_loader", lambda kind: bytes)
        patch.setattr(connection.shelf(), "loads", {})
        told = together.ask(one=together.Part(sql, [], kinds))["one"][0]
    assert dict(zip(values, told, strict=True)) == {one: sent.get_value(0, n) for n, one in enumerate(values)}
    assert together.ask(one=together.Part("SELECT false, true", [], ["boolean"] * 2))["one"] == [(False, True)]
    with pytest.raises(together.NotTold):
        together.ask(one=together.Part("SELECT 'a'::char(3)", [], ["char(3)"]))
