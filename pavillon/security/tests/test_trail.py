"""The read log cannot be changed through the application, and a change behind its back has a name."""

import json

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from pavillon.accounts.models import User
from pavillon.core.reading import note_read
from pavillon.core.trace import Origin, current_origin, set_origin
from pavillon.security import actions
from pavillon.security.models import LogAnchor, Reading
from pavillon.security.tests import factories
from pavillon.security.verification import faults_of

LOG = "security.reading"


@pytest.fixture
def helene(db):
    return factories.helene()


@pytest.fixture
def lines(helene):
    """Ten sealed lines in two runs of the sealer."""
    for _run in range(2):
        for _n in range(5):
            note_read(helene, helene, how="page")
        actions.seal_logs()
    return list(Reading.objects.order_by("sequence"))


def sql(statement, *values):
    """What somebody with the owner's password can do behind the application's back."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE security_reading DISABLE TRIGGER USER")
        cursor.execute("ALTER TABLE security_loganchor DISABLE TRIGGER USER")
        cursor.execute(statement, values)
        cursor.execute("ALTER TABLE security_reading ENABLE TRIGGER USER")
        cursor.execute("ALTER TABLE security_loganchor ENABLE TRIGGER USER")


def faults():
    return [(fault.kind, fault.line) for fault in faults_of(Reading)]


def test_note_read_says_who_what_how_and_from_where(helene):
    before = current_origin()
    set_origin(Origin("page", "2001:DB8::1", "/companies/7/"))
    try:
        note_read(helene, User, how="list", rows=2, ids=[helene.pk, 7])
    finally:
        set_origin(before)
    line = Reading.objects.get()
    assert (line.user, line.organisation, line.model, line.how) == (
        helene,
        helene.organisation,
        "accounts.user",
        "list",
    )
    assert (line.rows, line.ids, line.address, line.path) == (2, [helene.pk, 7], "2001:db8::1", "/companies/7/")
    assert line.is_authentic()


def test_keep_reading_costs_one_statement(helene, django_assert_num_queries):
    helene.organisation  # noqa: B018  the request has loaded it already
    with django_assert_num_queries(1):
        note_read(helene, helene, how="page")


def test_a_list_is_found_by_each_of_its_rows(helene):
    note_read(helene, User, how="list", rows=2, ids=[41, 42])
    note_read(helene, User, how="list", rows=1, ids=[43])
    assert [line.ids for line in Reading.newest(9, model="accounts.user", pk="42")] == [[41, 42]]


def test_lines_live_in_the_partition_of_their_month(helene):
    note_read(helene, helene, how="page")
    with connection.cursor() as cursor:
        cursor.execute("SELECT tableoid::regclass::text FROM security_reading")
        (table,) = cursor.fetchone()
    assert table == f"security_reading_{timezone.now():%Y_%m}"


def test_open_reading_months(db):
    """Opening months twice is harmless, and a new year follows December."""
    day = timezone.localdate().replace(year=2031, month=11, day=30)
    for _twice in range(2):
        actions.open_reading_months(today=day, ahead=2)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT inhrelid::regclass::text FROM pg_inherits WHERE inhparent = 'security_reading'::regclass"
        )
        names = {name for (name,) in cursor.fetchall()}
    assert {"security_reading_2031_11", "security_reading_2031_12", "security_reading_2032_01"} <= names


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE security_reading SET how = 'api'",
        "UPDATE security_reading SET read_at = now()",
        "UPDATE security_reading SET sequence = 99, chain = mac",
        "UPDATE security_reading SET sequence = NULL, chain = NULL",
        "DELETE FROM security_reading",
        "UPDATE security_loganchor SET sequence = 0",
        "DELETE FROM security_loganchor",
    ],
)
def test_the_database_refuses_to_change_a_sealed_line(lines, statement):
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_an_unsealed_line_only_receives_its_place(helene):
    note_read(helene, helene, how="page")
    statement = "UPDATE security_reading SET sequence = 1, chain = mac, how = 'api'"
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_seal_logs(lines):
    """Each line has one place, in order, without a hole; sealing again changes nothing."""
    assert [line.sequence for line in lines] == list(range(1, 11))
    assert actions.seal_logs()[LOG] == 0
    assert LogAnchor.objects.filter(log=LOG).count() == 2
    assert faults() == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_still_runs_is_sealed_later():
    """A line with a lower number that commits after its elders were sealed is not skipped."""
    import threading

    from django.db import connections

    helene = factories.helene()
    written, sealed = threading.Event(), threading.Event()

    def slow_request():
        with transaction.atomic():
            note_read(helene, helene, how="page")
            written.set()
            sealed.wait(10)
        connections.close_all()

    slow = threading.Thread(target=slow_request)
    slow.start()
    assert written.wait(10)
    note_read(helene, helene, how="api")
    first = actions.seal_logs()[LOG]
    sealed.set()
    slow.join()
    assert (first, actions.seal_logs()[LOG]) == (1, 1)
    assert list(Reading.objects.order_by("sequence").values_list("how", flat=True)) == ["api", "page"]
    assert faults() == []


@pytest.mark.parametrize("column", ["how = 'api'", "user_id = NULL", "read_at = read_at + interval '1 microsecond'",
                                    "ids = '{7}'", "address = '192.0.2.1'", "object_id = '9'"])  # fmt: skip
def test_an_altered_line_is_named(lines, column):
    sql(f"UPDATE security_reading SET {column} WHERE sequence = 4")
    assert faults() == [("altered", f"line 4 (id {lines[3].pk})")]


def test_a_missing_line_is_named(lines):
    sql("DELETE FROM security_reading WHERE sequence IN (4, 7, 8)")
    assert faults() == [("missing", "line 4"), ("missing", "lines 7 to 8")]


def test_a_truncated_tail_is_named(lines):
    """The signed anchor knows how long the log was."""
    sql("DELETE FROM security_reading WHERE sequence > 8")
    assert faults() == [("missing", "lines 9 to 10")]


def test_the_sealer_does_not_close_a_hole(lines, helene):
    """Lines written after a cut take places after it, so the hole stays visible."""
    sql("DELETE FROM security_reading WHERE sequence > 8")
    note_read(helene, helene, how="page")
    actions.seal_logs()
    assert faults() == [("missing", "lines 9 to 10")]


COPY = (
    "INSERT INTO security_reading"
    " (mac, model, object_id, how, rows, ids, read_at, address, path, user_id, organisation_id)"
    " SELECT {mac}, model, object_id, how, rows, ids, read_at, address, path, user_id, organisation_id"
    " FROM security_reading WHERE sequence = 4"
)


def test_an_inserted_line_is_named(lines):
    """A line with an invented signature is never sealed."""
    sql(COPY.format(mac=r"'\x00'::bytea || substring(mac from 2)"))
    actions.seal_logs()
    new = Reading.objects.get(sequence__isnull=True)
    assert faults() == [("inserted", f"unsealed line (id {new.pk})")]


def test_a_line_copied_whole_is_named(lines):
    """A copy has a true signature; its nonce betrays it."""
    sql(COPY.format(mac="mac"))
    actions.seal_logs()
    new = Reading.objects.latest("sequence")
    assert faults() == [("inserted", f"line (id {new.pk})")]


def test_a_line_put_in_another_s_place_is_named(lines):
    sql("UPDATE security_reading SET sequence = 4 WHERE sequence = 5")
    assert ("inserted", f"line 4 (id {lines[4].pk})") in faults()


def test_a_chain_rewritten_from_a_hole_on_is_named(lines):
    """Who takes a line out and computes every following link anew still meets the signed anchor."""
    sql("DELETE FROM security_reading WHERE sequence = 3")
    chain = bytes(lines[1].chain)
    for place, line in enumerate(lines[3:], start=3):
        chain = line.link_after(chain)
        sql("UPDATE security_reading SET sequence = %s, chain = %s WHERE id = %s", place, chain, line.pk)
    named = faults()
    assert ("altered", f"line 5 (id {lines[5].pk})") in named
    assert ("missing", "line 10") in named


def test_anchors_cannot_be_moved_or_taken_away(lines):
    sql("UPDATE security_loganchor SET sequence = 8 WHERE number = 2")
    assert ("altered", "anchor 2") in faults()
    sql("DELETE FROM security_loganchor WHERE number = 1")
    assert ("missing", "anchors 1 to 1") in faults()


@pytest.mark.django_db(transaction=True)
def test_the_witness_remembers_a_tail_cut_off_with_its_anchors(settings, tmp_path):
    """Outside the database a file knows the last line, even when anchors and lines went together."""
    settings.LOG_WITNESS_FILE = tmp_path / "log-heads.json"
    helene = factories.helene()
    for _run in range(2):
        note_read(helene, helene, how="page")
        actions.seal_logs()
    assert json.loads(settings.LOG_WITNESS_FILE.read_text())[LOG]["sequence"] == 2
    sql("DELETE FROM security_reading WHERE sequence = 2")
    sql("DELETE FROM security_loganchor WHERE log = %s AND number = 2", LOG)
    assert faults() == [("missing", "the end of the log")]


@pytest.mark.covers("SEC-13")
def test_verify_trail(lines, capsys):
    """The command is content with a whole log, and ends with an error that names the altered line."""
    call_command("verify_trail", "trail")
    assert "Every line is as the application wrote it." in capsys.readouterr().out
    sql("UPDATE security_reading SET how = 'api' WHERE sequence = 2")
    with pytest.raises(CommandError, match="1 fault"):
        call_command("verify_trail", "trail")
    assert f"line 2 (id {lines[1].pk}) altered" in capsys.readouterr().out


def test_verification_reads_in_runs(lines, monkeypatch, django_assert_max_num_queries):
    """Runs shorter than the log find the same faults."""
    from pavillon.security import verification

    sql("UPDATE security_reading SET sequence = 4 WHERE sequence = 5")
    whole = faults()
    monkeypatch.setattr(verification, "BATCH", 3)
    assert faults() == whole
