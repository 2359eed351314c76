"""Imports of the register on screen: who may, what is said, what can be downloaded."""

import os
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from procrastinate.contrib.django.models import ProcrastinateJob

from pavillon.directory.actions.register import carry_out_import, forget_rejects
from pavillon.directory.enums import RunState
from pavillon.directory.forms import register as forms
from pavillon.directory.models import RegisterRun, RegisterUnit
from pavillon.directory.queries import import_folder, rejects_file, rejects_until
from pavillon.directory.tasks import forget_old_rejects
from pavillon.directory.tasks import import_register as job
from pavillon.directory.tests.register_files import a_unit, siren, write

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_folder(settings, tmp_path):
    settings.DATA = tmp_path / "data"
    import_folder().mkdir(parents=True)


@pytest.fixture
def operator(cast):
    return cast.operator


def test_who_may(client, cast, operator):
    for user, status in ((operator, 200), (cast.nour, 403), (cast.theo, 403)):
        client.force_login(user)
        for name in ("directory:register_runs", "directory:import_register"):
            assert client.get(reverse(name)).status_code == status
    run = RegisterRun.objects.create(kind="units", file_name="a.csv", path="/a.csv")
    client.force_login(cast.nour)
    assert client.get(run.get_absolute_url()).status_code == 403
    assert client.post(reverse("directory:import_good_rows", args=[run.pk])).status_code == 403


def test_a_file_of_the_folder_is_taken_in_by_a_worker(client, operator, django_assert_max_num_queries):
    write(import_folder() / "StockUniteLegale.csv", [a_unit(n) for n in range(30)] + [a_unit(1, siren="12")])
    client.force_login(operator)
    assert b"StockUniteLegale.csv" in client.get(reverse("directory:import_register")).content
    answer = client.post(reverse("directory:import_register"), {"path": "StockUniteLegale.csv"})
    run = RegisterRun.objects.get()
    assert answer.url == run.get_absolute_url()
    assert run.asked_by == operator
    waiting = client.get(run.get_absolute_url()).content.decode()
    assert "every 2s" in waiting
    (asked,) = ProcrastinateJob.objects.filter(task_name="directory.import_register")
    assert asked.args == {"run_id": run.pk}
    job(**asked.args)
    run.refresh_from_db()
    assert (run.state, run.created, run.rejected, run.percent) == (RunState.DONE, 30, 1, 100)
    with django_assert_max_num_queries(12):
        done = client.get(run.get_absolute_url()).content.decode()
    assert "every 2s" not in done
    assert reverse("directory:download_rejects", args=[run.pk]) in done
    rows = b"".join(client.get(reverse("directory:download_rejects", args=[run.pk])).streaming_content).decode(
        "utf-8-sig"
    )
    assert ",12," in rows.splitlines()[1]
    with django_assert_max_num_queries(12):
        assert b"StockUniteLegale.csv" in client.get(reverse("directory:register_runs")).content


def test_a_small_file_is_sent(client, operator, tmp_path):
    path = write(tmp_path / "Stock.csv", [a_unit(n) for n in range(3)])
    client.force_login(operator)
    client.post(reverse("directory:import_register"), {"file": SimpleUploadedFile("Stock.csv", path.read_bytes())})
    run = RegisterRun.objects.get()
    carry_out_import(run)
    assert RegisterUnit.objects.filter(pk=siren(2)).exists()


def test_wrong_files_are_named_with_their_fault(client, operator, monkeypatch):
    client.force_login(operator)
    address = reverse("directory:import_register")
    assert client.post(address, {"path": ""}).status_code == 422
    sent = client.post(address, {"file": SimpleUploadedFile("notes.csv", b"nom,ville\na,b\n")})
    assert sent.status_code == 422
    assert "denominationUniteLegale" in sent.content.decode()
    # What was refused does not stay in the folder.
    assert list(import_folder().iterdir()) == []
    monkeypatch.setattr(forms, "MOST_BYTES", 5)
    large = client.post(address, {"file": SimpleUploadedFile("Stock.csv", b"siren,nom\n")})
    assert "Stock.csv" in large.content.decode()
    assert not RegisterRun.objects.exists()


def test_the_right_rows_of_a_refused_file(client, operator):
    rows = [a_unit(n, **({"siren": "12345"} if n % 2 else {})) for n in range(100)]
    write(import_folder() / "StockUniteLegale.csv", rows)
    client.force_login(operator)
    client.post(reverse("directory:import_register"), {"path": "StockUniteLegale.csv"})
    job(run_id=RegisterRun.objects.get().pk)
    refused = RegisterRun.objects.get()
    assert refused.state == RunState.REFUSED
    page = client.get(refused.get_absolute_url()).content.decode()
    assert reverse("directory:import_good_rows", args=[refused.pk]) in page
    client.post(reverse("directory:import_good_rows", args=[refused.pk]))
    again = RegisterRun.objects.order_by("pk").last()
    job(run_id=again.pk)
    again.refresh_from_db()
    assert (again.state, again.created, again.rejected) == (RunState.DONE, 50, 50)


def test_the_same_file_again_says_so(client, operator):
    path = write(import_folder() / "StockUniteLegale.csv", [a_unit(1)])
    client.force_login(operator)
    for _time in range(2):
        client.post(reverse("directory:import_register"), {"path": path.name})
        job(run_id=RegisterRun.objects.order_by("pk").last().pk)
    last = RegisterRun.objects.order_by("pk").last()
    assert (last.is_same_file, last.read) == (True, 0)


def test_refused_rows_are_kept_for_three_months(client, operator):
    write(import_folder() / "StockUniteLegale.csv", [a_unit(1), a_unit(2), a_unit(3, siren="12")])
    client.force_login(operator)
    client.post(reverse("directory:import_register"), {"path": "StockUniteLegale.csv"})
    run = RegisterRun.objects.get()
    job(run_id=run.pk)
    assert rejects_until(run) > timezone.localdate() + timedelta(days=90)
    assert "they are kept until" in client.get(run.get_absolute_url()).content.decode()
    assert forget_rejects() == 0
    written = rejects_file(run).stat().st_mtime - 94 * 24 * 3600
    os.utime(rejects_file(run), (written, written))
    forget_old_rejects(timestamp=0)
    page = client.get(run.get_absolute_url()).content.decode()
    download = reverse("directory:download_rejects", args=[run.pk])
    assert download not in page
    assert client.get(download).status_code == 404
    assert RegisterRun.objects.get().rejected == 1
