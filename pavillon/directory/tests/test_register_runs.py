"""A run that is killed and begun again ends as one that was not."""

import os
import signal
import threading
import time
from pathlib import Path

import pytest
from django.db import connection

from pavillon.directory.actions import adopt_register_unit, register
from pavillon.directory.actions.register import BATCH_BYTES, import_register
from pavillon.directory.enums import RunState
from pavillon.directory.models import Company, Establishment, RegisterEstablishment, RegisterRun, RegisterUnit
from pavillon.directory.queries import work_folder
from pavillon.directory.tests.import_then_die import POINTS
from pavillon.directory.tests.register_files import a_unit, an_office, siren, write
from pavillon.reference.tests import factories as facts

ROWS = 600


@pytest.fixture(autouse=True)
def every_file_is_skimmed(monkeypatch):
    monkeypatch.setattr(register, "SKIMMED_FROM", 0)


def indexes():
    """The indexes of the register's three tables, by table."""
    found = {table: set() for table in ALL}
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename, indexname FROM pg_indexes WHERE tablename = ANY(%s)", [list(ALL)])
        for table, name in cursor.fetchall():
            found[table].add(name)
    return found


ALL = {
    "directory_registerestablishment": {"directory_registerestablishment_pkey"},
    "directory_registername": {
        "directory_registername_pkey",
        "register_name_begins",
        "register_name_trgm",
        "register_trade_begins",
    },
    "directory_registerunit": {"directory_registerunit_pkey"},
}


@pytest.fixture
def in_a_process(nursery):
    """Import in a process of its own, which dies at a point ("": it does not). Returns its exit code."""

    def run(point, data, *paths):
        code, said = nursery("pavillon.directory.tests.import_then_die", "import_files", data, point, *paths)
        assert code in (0, -signal.SIGKILL), said
        return code

    return run


@pytest.fixture(scope="module")
def months(tmp_path_factory):
    """The files of two months, written once: the first of units and of offices, the second of units."""
    folder = tmp_path_factory.mktemp("months")
    return first_month(folder), second_month(folder)


def first_month(folder):
    units = [a_unit(n) for n in range(ROWS)]
    offices = [an_office(n, office) for n in range(ROWS) for office in (1, 2)]
    return write(folder / "StockUniteLegale.csv", units), write(folder / "StockEtablissement.csv", offices)


def second_month(folder):
    """Ten per cent new, as many changed, some closed, a few wrong."""
    units = []
    for n in range(ROWS + ROWS // 10):
        more = {"trancheEffectifsUniteLegale": "21"} if n % 10 == 3 else {}
        if n % 50 == 7:
            more = {"etatAdministratifUniteLegale": "C", "dateDebut": "2026-10-31"}
        units.append(a_unit(n, **more))
    units += [a_unit(5), a_unit(6, siren="12345")]
    return write(folder / "StockUniteLegale-2.csv", units)


def everything():
    """What the register and the base hold, without the numbers of rows and runs."""
    units = [name for name in (f.attname for f in RegisterUnit._meta.concrete_fields) if name != "run_id"]
    offices = [name for name in (f.attname for f in RegisterEstablishment._meta.concrete_fields) if name != "run_id"]
    return (
        list(RegisterUnit.objects.order_by("pk").values_list(*units)),
        list(RegisterEstablishment.objects.order_by("pk").values_list(*offices)),
        list(Company.objects.order_by("siren").values_list("siren", "name", "workforce_band_id", "closed_on")),
        list(Establishment.objects.order_by("siret").values_list("siret", "closed_on", "is_head_office")),
    )


def counts(run):
    return {
        name: getattr(run, name)
        for name in ("read", "created", "changed", "closed", "unchanged", "rejected", "passed", "followed")
    }


def adopt(numbers):
    """Companies of the base that shall follow."""
    facts.make_country()
    facts.make_workforce_band("12")
    facts.make_workforce_band("21")
    for number in numbers:
        adopt_register_unit(siren=siren(number), by=None)


FOLLOWERS = (3, 7, 8, 13, 57)


@pytest.mark.django_db(transaction=True)
def test_a_killed_import_goes_on_and_ends_the_same(settings, tmp_path, months, in_a_process):
    """At every point of the road, both on a first load and on a monthly one (kill -9 of a real process)."""
    settings.DATA = tmp_path / "calm"
    first, second = months
    import_register(list(first))
    adopt(FOLLOWERS)
    (calm,) = import_register([second])
    wanted, wanted_counts = everything(), counts(calm)
    assert wanted_counts["created"] == ROWS // 10
    assert wanted_counts["closed"] == len([n for n in range(ROWS) if n % 50 == 7])
    assert wanted_counts["rejected"] == 2
    assert wanted_counts["read"] == sum(v for k, v in wanted_counts.items() if k not in ("read", "followed"))
    assert wanted_counts["followed"] == len([n for n in FOLLOWERS if n % 10 == 3 or n % 50 == 7])
    for number, point in enumerate(POINTS):
        forget_everything()
        data = tmp_path / f"crash-{number}"
        settings.DATA = data
        import_register(list(first))
        adopt(FOLLOWERS)
        assert in_a_process(point, data, second) == -signal.SIGKILL, point
        crashed = RegisterRun.objects.order_by("-pk").first()
        assert crashed.is_under_way, point
        (run,) = import_register([second])
        assert run == crashed, point
        assert run.state == RunState.DONE
        assert counts(run) == wanted_counts, point
        assert everything() == wanted, point
        assert not work_folder(run).exists()


@pytest.mark.django_db(transaction=True)
def test_a_killed_first_load_goes_on_too(settings, tmp_path, months, in_a_process):
    settings.DATA = tmp_path / "data"
    files = months[0]
    for point in ("inside a batch", "between batches", "before the index", "comparing", ""):
        in_a_process(point, settings.DATA, *files)
    done = RegisterRun.objects.filter(state=RunState.DONE).order_by("pk")
    assert [(run.kind, run.created, run.rejected) for run in done if not run.is_same_file] == [
        ("units", ROWS, 0),
        ("offices", 2 * ROWS, 0),
    ]
    assert RegisterUnit.objects.count() == ROWS
    assert RegisterEstablishment.objects.count() == 2 * ROWS
    assert indexes() == ALL


@pytest.mark.django_db(transaction=True)
def test_differences_that_were_lost_are_found_again_with_the_same_counts(settings, tmp_path, months, in_a_process):
    settings.DATA = tmp_path / "data"
    path = months[0][0]
    in_a_process("between batches", settings.DATA, path)
    run = RegisterRun.objects.get()
    assert run.written
    # Another machine, or a tidied disk: the run's folder is gone.
    settings.DATA = tmp_path / "elsewhere"
    (again,) = import_register([path])
    assert (again, again.created, again.unchanged) == (run, ROWS, 0)
    assert RegisterUnit.objects.count() == ROWS


@pytest.mark.django_db(transaction=True)
def test_a_later_file_takes_the_place_of_a_killed_one(settings, tmp_path, months, in_a_process):
    settings.DATA = tmp_path / "data"
    in_a_process("between batches", settings.DATA, months[0][0])
    killed = RegisterRun.objects.get()
    # A first load takes the index away while it writes; names keep theirs.
    assert indexes() == ALL | {"directory_registerunit": set()}
    (run,) = import_register([months[1]])
    killed.refresh_from_db()
    assert indexes() == ALL
    assert (killed.state, run.state) == (RunState.REFUSED, RunState.DONE)
    assert RegisterUnit.objects.count() == ROWS + ROWS // 10


def forget_everything():
    """As an empty base."""
    for model in (Establishment, Company, RegisterEstablishment, RegisterUnit, RegisterRun):
        table = model._meta.db_table
        with connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE reference_dataset CASCADE")


def resident_memory():
    """Bytes that this process holds in memory."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="memory is read from /proc")
@pytest.mark.django_db
def test_memory_does_not_grow_with_the_file(settings, tmp_path):
    """A file eight times as long takes no more than a little more, sampled while it is taken in."""
    settings.DATA = tmp_path / "data"
    peaks = []
    for rows in (5_000, 40_000):
        path = write(tmp_path / f"StockUniteLegale-{rows}.csv", (a_unit(n) for n in range(rows)))
        peaks.append(peak_of(lambda path=path: import_register([path])))
    size = path.stat().st_size
    assert peaks[1] - peaks[0] < 100 << 20
    assert size > 4 << 20
    assert BATCH_BYTES <= 32 << 20


def peak_of(do):
    """The most memory held while something is done."""
    samples, ended = [resident_memory()], threading.Event()

    def sample():
        while not ended.wait(0.02):
            samples.append(resident_memory())

    watcher = threading.Thread(target=sample)
    watcher.start()
    try:
        do()
    finally:
        ended.set()
        watcher.join()
    time.sleep(0)
    return max(samples)
