"""Files that leave the base: limits, approval, marks; memory and rights."""

import csv
import io

import openpyxl
import pytest
from django.db import connection
from django.urls import reverse
from django.utils import timezone

from pavillon.accounts.actions import end_membership
from pavillon.accounts.models import Membership, User
from pavillon.activity.models import Entry, Notification
from pavillon.directory import actions as directory
from pavillon.directory.models import Company, SensitiveMark
from pavillon.security.models import PolicyCell, Reading
from pavillon.segments import actions, tasks
from pavillon.segments.actions import exports as writing
from pavillon.segments.enums import ExportState
from pavillon.segments.models import ExportFile, ExportLimit
from pavillon.segments.queries import limit_in_force, rows_this_hour


def many(count, **fields):
    made = Company.objects.bulk_create(
        Company(name=f"Chantier {n:05}", match_name=f"CHANTIER {n:05}", **fields) for n in range(count)
    )
    with connection.cursor() as cursor:
        # What the server does by itself between two days: plans made for an empty table take a minute here.
        cursor.execute("ANALYZE directory_company")
    return made


@pytest.fixture
def ask(client):
    """Ask for a file of a list: the `ExportFile`."""

    def asked(user, query="", format="csv", layout="words", subject="companies"):
        client.force_login(user)
        data = {"format": format, "layout": layout, "query": query}
        answer = client.post(reverse("segments:export_list", args=[subject]), data)
        assert answer.status_code == 302
        return ExportFile.objects.latest("pk")

    return asked


def rows_of(client, export):
    answer = client.get(reverse("segments:download_export", args=[export.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text), delimiter=";"))


def test_export_list_has_the_rows_columns_and_rights_of_its_author(cast, client, ask):
    PolicyCell.objects.create(role="adviser", model="directory.company", field="turnover", level=0)
    export = ask(cast.nour, "region.in=53&cols=siren,turnover,town")
    assert export.state == ExportState.READY
    (row,) = rows_of(client, export)
    assert row["Name"] == "Ateliers du Ponant" or "Ateliers du Ponant" in row.values()
    assert "4200000" not in "".join(row.values())
    assert export.watermark in row.values()
    assert Reading.objects.filter(user=cast.nour, how="export", rows=1).exists()
    assert Entry.objects.about(export).filter(verb="segments.export_downloaded").exists()
    manager = ask(cast.manager, "region.in=53&cols=siren,turnover")
    assert any(value.startswith("4200000") for value in rows_of(client, manager)[0].values())


def test_a_sensitive_company_never_leaves(cast, client, ask):
    mark = SensitiveMark.objects.create(company=cast.atelier, reason="x", state_service="y", state_contact="z")
    mark.readers.create(user=cast.nour)
    Company.objects.filter(pk=cast.atelier.pk).update(is_sensitive=True)
    directory.add_contact(company=cast.atelier, by=None, last_name="Riou")
    client.force_login(cast.nour)
    assert "Ateliers du Ponant" in client.get("/companies/").content.decode()
    assert "Ateliers du Ponant" not in str(rows_of(client, ask(cast.nour)))
    assert "Riou" not in str(rows_of(client, ask(cast.nour, subject="contacts")))


@pytest.mark.covers("SEC-10")
def test_ten_thousand_rows_are_blocked_security_is_alerted_and_decides(cast, client, ask):
    """Blocked at once with an alert; asked for, approved, written with its mark; fetched by its author only."""
    many(10_000)
    export = ask(cast.nour)
    assert (export.state, export.rows) == (ExportState.BLOCKED, 10_002)
    assert not export.path.exists()
    alert = Notification.objects.get(recipient=cast.security, kind="segments.export_blocked")
    assert "10002" in alert.title
    assert client.get(reverse("segments:download_export", args=[export.pk])).status_code == 302
    request = reverse("segments:request_approval", args=[export.pk])
    assert client.post(request, {"reason": "court"}).status_code == 422
    client.post(request, {"reason": "Envoi annuel à la région, convention de 2026"})
    approve = reverse("segments:approve_export", args=[export.pk])
    assert client.post(approve, {"reason": "Je me l'accorde moi-même"}).status_code == 403
    client.force_login(cast.security)
    client.post(approve, {"reason": "Convention vérifiée"})
    tasks.write_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.written) == (ExportState.READY, 10_002)
    assert client.get(reverse("segments:download_export", args=[export.pk])).status_code == 403
    client.force_login(cast.nour)
    rows = rows_of(client, export)
    assert len(rows) == 10_002
    assert all(export.watermark in row.values() for row in rows[:50])
    verbs = set(Entry.objects.about(export).values_list("verb", flat=True))
    assert verbs >= {"segments.export_blocked", "segments.export_requested", "segments.export_approved"}
    # What security approved does not use up the hour.
    assert rows_this_hour(User.objects.get(pk=cast.nour.pk)) == 0


def test_refuse_export_and_cancel_export(cast, client, ask):
    ExportLimit.objects.create(hourly_rows=1, approval_rows=1, reason="x")
    first, second = ask(cast.nour), ask(cast.nour)
    actions.request_approval(export=first, reason="Pour la région", by=cast.nour)
    client.force_login(cast.security)
    client.post(reverse("segments:refuse_export", args=[first.pk]), {"reason": "Sans convention"})
    first.refresh_from_db()
    assert (first.state, first.decision) == (ExportState.REFUSED, "Sans convention")
    with pytest.raises(actions.NotInState):
        actions.approve_export(export=first, reason="x", by=cast.security)
    client.force_login(cast.nour)
    client.post(reverse("segments:cancel_export", args=[second.pk]))
    second.refresh_from_db()
    assert second.state == ExportState.CANCELLED


def test_small_files_add_up_within_the_hour(cast, client, ask):
    many(60)
    ExportLimit.objects.create(hourly_rows=100, approval_rows=80, reason="x")
    assert ask(cast.nour).state == ExportState.READY
    assert rows_this_hour(cast.nour) == 62
    assert ask(cast.nour).state == ExportState.BLOCKED
    assert ask(cast.colleague).state == ExportState.READY


def test_change_export_limit(cast, client):
    client.force_login(cast.security)
    data = {"hourly_rows": 200, "approval_rows": 100, "reason": "Après l'incident"}
    client.post(reverse("segments:change_export_limit"), data)
    assert (limit_in_force().hourly_rows, limit_in_force().approval_rows) == (200, 100)
    client.force_login(cast.nour)
    assert client.post(reverse("segments:change_export_limit"), data).status_code == 403


def test_a_spreadsheet_holds_typed_cells_and_no_formula(cast, client, ask):
    Company.objects.filter(pk=cast.atelier.pk).update(name="=1+1")
    export = ask(cast.manager, "region.in=53&cols=turnover", format="xlsx")
    sheet = openpyxl.load_workbook(io.BytesIO(export.opened().read())).active
    values = [cell.value for cell in sheet[2]]
    assert "'=1+1" in values or "=1+1" in values
    assert [cell.data_type for cell in sheet[2] if cell.value in ("=1+1", "'=1+1")] == ["s"]
    assert export.watermark in values


def test_the_stable_layout_is_the_same_in_every_language(cast, client, ask):
    export = ask(cast.manager, "region.in=53", layout="exchange")
    (row,) = rows_of(client, export)
    assert {"id", "name", "siren", "turnover", "region", "export"} <= set(row)
    assert row["name"] == "Ateliers du Ponant"


def test_a_file_is_written_in_batches_and_stops_when_cancelled(cast, ask, monkeypatch):
    monkeypatch.setattr(writing, "BATCH", 20)
    monkeypatch.setattr(writing, "AT_ONCE", 10)
    many(90)
    export = ask(cast.nour)
    assert export.state == ExportState.QUEUED
    noted = []
    note = writing.note_read

    def stop_after_two(*args, **kwargs):
        noted.append(kwargs["rows"])
        note(*args, **kwargs)
        if len(noted) == 2:
            ExportFile.objects.filter(pk=export.pk).update(state=ExportState.CANCELLED)

    monkeypatch.setattr(writing, "note_read", stop_after_two)
    actions.write_export(export=export)
    assert noted == [20, 20]
    assert not export.path.exists()


def test_a_killed_worker_begins_again(cast, ask, monkeypatch):
    monkeypatch.setattr(writing, "AT_ONCE", 1)
    export = ask(cast.nour)
    ExportFile.objects.filter(pk=export.pk).update(state=ExportState.WRITING, written=1)
    tasks.write_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.written) == (ExportState.READY, 2)
    # The role is taken back on the day it was given: nothing is written in it.
    export = ask(cast.nour)
    ExportFile.objects.filter(pk=export.pk).update(state=ExportState.QUEUED)
    Membership.objects.filter(pk=cast.nour.acting.pk).update(starts_on=timezone.localdate())
    end_membership(membership=cast.nour.acting, by=cast.manager)
    tasks.write_export(export_id=export.pk)
    export.refresh_from_db()
    assert (export.state, export.acting) == (ExportState.FAILED, None)
    assert Entry.objects.about(export).filter(verb="segments.export_failed").exists()


def test_expire_exports(cast, ask):
    export = ask(cast.nour)
    ExportFile.objects.update(expires_at="2020-01-01T00:00Z")
    tasks.expire_exports(timestamp=0)
    export.refresh_from_db()
    assert export.state == ExportState.EXPIRED
    assert not export.path.exists()


def test_note_download_of_a_file_that_is_not_there(cast, ask):
    export = ask(cast.nour)
    export.path.unlink()
    with pytest.raises(actions.NotInState):
        actions.note_download(export=export, by=cast.nour)
