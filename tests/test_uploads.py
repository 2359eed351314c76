"""The one door of files: what is let through, what is refused with its name, and that there is no other way in."""

import gzip
import io
import re
import socket
import struct
import threading
import zipfile
import zlib

import pytest
from django import forms
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import get_resolver, reverse
from openpyxl import Workbook
from PIL import Image

from pavillon.activity.models import Entry
from pavillon.ui import scanning, uploads
from pavillon.ui.uploads import CALENDAR, DOCUMENTS, GZIP, MB, PARQUET, PICTURES, ZIP, Refused, UploadField
from tests.house import ROOMS

EVERYTHING = (*PICTURES, *DOCUMENTS, CALENDAR, ZIP, GZIP, PARQUET)
EICAR = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def zipped(parts, method=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def workbook(**parts):
    stream = io.BytesIO()
    Workbook().save(stream)
    with zipfile.ZipFile(stream, "a", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return stream.getvalue()


def drawn(form):
    stream = io.BytesIO()
    Image.new("RGB", (400, 300)).save(stream, form)
    return stream.getvalue()


def huge_png():
    """50,000 × 50,000 pixels in a head; nothing below."""
    head = struct.pack(">IIBBBBB", 50_000, 50_000, 8, 2, 0, 0, 0)
    part = struct.pack(">I", len(head)) + b"IHDR" + head + struct.pack(">I", zlib.crc32(b"IHDR" + head))
    return b"\x89PNG\r\n\x1a\n" + part + struct.pack(">I", 0) + b"IDAT" + struct.pack(">I", zlib.crc32(b"IDAT"))


def put(name, content, *, takes=EVERYTHING, most=2 * MB):
    return UploadField(takes=takes, most=most).clean(SimpleUploadedFile(name, content))


OPEN_DOCUMENT = {"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<a/>"}
GOOD = {
    "mill.jpg": drawn("JPEG"),
    "mill.JPEG": drawn("JPEG"),
    "mill.png": drawn("PNG"),
    "mill.webp": drawn("WEBP"),
    "sheet.xlsx": workbook(),
    "letter.docx": zipped({"[Content_Types].xml": "<a/>", "word/document.xml": "<a/>"}),
    "letter.odt": zipped(OPEN_DOCUMENT),
    "paper.pdf": b"%PDF-1.7\n",
    "list.csv": "siren;nom\n1;Café\n".encode("cp1252"),
    "wide.csv": "siren;nom\n1;Café\n".encode("utf-16"),
    "BM.csv": b"BMW;MZ\n1;2\n",
    "day.ics": b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
    "stock.zip": zipped({"stock.csv": "siren\n1\n" * 1000}),
    "stock.csv.gz": gzip.compress(b"siren\n1\n" * 1000),
    "stock.parquet": b"PAR1" + bytes(40) + b"PAR1",
}


def test_a_file_that_is_what_its_name_says_comes_through_at_its_beginning():
    for name, content in GOOD.items():
        assert put(name, content).read() == content, name


BOMB = "<!DOCTYPE a [<!ENTITY x 'ha'>]>"
BAD = {
    "a program as a picture": ("mill.png", b"MZ\x90\0\3\0\0\0" + bytes(100), "content"),
    "a picture of another form": ("mill.png", drawn("JPEG"), "content"),
    "a page as a picture": ("mill.jpg", b"<html><script>alert(1)</script>", "content"),
    "a drawing with a script": ("mill.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "content"),
    "a page as a table": ("list.csv", b"\n <!DOCTYPE html><p>", "content"),
    "a paper as a table": ("list.csv", GOOD["paper.pdf"], "content"),
    "an archive as a workbook": ("sheet.xlsx", zipped({"a.txt": "a"}), "content"),
    "a workbook as a letter": ("letter.docx", workbook(), "content"),
    "another kind in an open document": ("sheet.ods", zipped(OPEN_DOCUMENT), "content"),
    "noughts as a calendar": ("day.ics", b"BEGIN:VCALENDAR\0", "content"),
    "a script of the shell": ("list.txt", b"#!/bin/sh\n", "content"),
    "half a columnar file": ("stock.parquet", b"PAR1" + bytes(40), "content"),
    "an ending nobody takes": ("tool.exe", b"MZ", "ending"),
    "a second ending": ("mill.png.exe", drawn("PNG"), "ending"),
    "a macro": ("sheet.xlsx", workbook(xl__vbaProject_bin=b"x"), "macros"),
    "a name that runs backwards": ("mill\u202egnp.jpg", drawn("JPEG"), "name"),
    "a name of a mile": ("m" * 200 + ".jpg", drawn("JPEG"), "name"),
    "too large": ("list.csv", b"a;b\n" * MB, "size"),
    "pixels": ("mill.png", huge_png(), "pixels"),
    "a zip that swells": ("stock.zip", zipped({"stock.csv": bytes(30 * MB)}), "swells"),
    "a workbook that swells": ("sheet.xlsx", workbook(xl__big_xml=bytes(30 * MB)), "swells"),
    "a gzip that swells": ("stock.gz", gzip.compress(bytes(30 * MB)), "swells"),
    "an outside entity": ("sheet.xlsx", workbook(xl__bad_xml='<!DOCTYPE a [<!ENTITY x SYSTEM "/etc">]>'), "xml"),
    "a bomb in wide letters": ("sheet.xlsx", workbook(xl__bad_xml=BOMB.encode("utf-16")), "xml"),
    "a bomb behind a long remark": ("sheet.xlsx", workbook(xl__bad_xml=f"<!--{'x' * 70_000}-->{BOMB}"), "xml"),
    "a bomb under a loud name": ("sheet.xlsx", workbook(xl__BAD_XML=BOMB), "xml"),
    "half an archive": ("stock.zip", GOOD["stock.zip"][:-30], "form"),
    "half a gzip": ("stock.gz", GOOD["stock.csv.gz"][:-9], "form"),
}  # fmt: skip


@pytest.mark.django_db
def test_a_bad_file_is_refused_by_its_name_with_what_to_do():
    for what, (name, content, code) in BAD.items():
        with pytest.raises(Refused) as refused:
            put(name, content)
        assert refused.value.code == code, what
        assert code == "name" or name in refused.value.message, what
    kept = Entry.objects.filter(verb="ui.file_refused")
    assert {entry.facts["why"] for entry in kept} == {code for *_, code in BAD.values()} - {"name", "ending", "size"}
    assert not any("mill" in str(entry.facts) for entry in kept)


def test_a_locked_archive_is_refused():
    """Python writes none; the bit that says so is set by hand in both heads."""
    content = bytearray(zipped({"a.csv": "a"}))
    content[6] |= 1
    content[content.index(b"PK\1\2") + 8] |= 1
    with pytest.raises(Refused) as refused:
        uploads._check_archive(SimpleUploadedFile("a.zip", bytes(content)), ZIP, MB)
    assert refused.value.code == "locked"


class Scanner:
    """Speaks clamd's INSTREAM on a port of its own; knows one signature."""

    def __init__(self, answer=""):
        self.answer, self.seen = answer, []
        self.door = socket.create_server(("127.0.0.1", 0))
        self.place = f"127.0.0.1:{self.door.getsockname()[1]}"
        threading.Thread(target=self.serve, daemon=True).start()

    def serve(self):
        while True:
            try:
                wire, _address = self.door.accept()
            except OSError:
                return
            with wire, wire.makefile("rb") as told:
                assert told.read(10) == b"zINSTREAM\0"
                content = b""
                while size := int.from_bytes(told.read(4), "big"):
                    content += told.read(size)
                self.seen.append(content)
                found = "Eicar-Test-Signature FOUND" if EICAR in content else "OK"
                wire.sendall((self.answer or f"stream: {found}").encode() + b"\0")


@pytest.fixture
def scanner(settings):
    begun = []

    def begin(answer=""):
        begun.append(Scanner(answer))
        settings.CLAMD = begun[-1].place
        return begun[-1]

    yield begin
    for each in begun:
        each.door.close()


@pytest.mark.django_db
def test_what_the_scanner_finds_is_refused_and_changes_nothing(client, scanner):
    """Through a page: the message stands at the field, the trail tells who sent it, nothing was read."""
    from pavillon.intake.models import Delivery
    from pavillon.intake.tests.factories import stage

    asked, scene = scanner(), stage()
    client.force_login(scene.keeper)
    harmful = SimpleUploadedFile("clients.csv", b"SIREN;Nom\n1;" + EICAR)
    answer = client.post(reverse("intake:bring_delivery"), {"file": harmful})
    assert answer.status_code == 422
    assert "Eicar-Test-Signature" in str(answer.context["form"].errors["file"])
    assert not Delivery.objects.exists()
    entry = Entry.objects.get(verb="ui.file_refused")
    assert (entry.actor, entry.facts["why"]) == (scene.keeper, "harmful")
    assert len(asked.seen) == 1
    large = b"siren\n" + b"123456789\n" * 50_000
    assert put("list.csv", large).read() == asked.seen[1] == large


@pytest.mark.django_db
def test_a_scanner_that_does_not_say_lets_nothing_through(scanner, settings):
    """Fail closed: away, out of its mind, or unwilling to look at so much."""
    for answer in ("INSTREAM size limit exceeded. ERROR", "?", "stream: OK and more"):
        scanner(answer)
        with pytest.raises(Refused) as refused:
            put("mill.png", GOOD["mill.png"])
        assert refused.value.code == "scanner_away"
    with socket.create_server(("127.0.0.1", 0)) as free:
        closed = free.getsockname()[1]
    for place in (f"127.0.0.1:{closed}", "/nowhere/clamd.ctl", "nonsense"):
        settings.CLAMD = place
        with pytest.raises(Refused):
            put("mill.png", GOOD["mill.png"])
    settings.CLAMD = ""
    assert not scanning.is_scanned()
    put("mill.png", GOOD["mill.png"])


def every_form(kind=forms.BaseForm):
    for each in kind.__subclasses__():
        yield each
        yield from every_form(each)


def test_no_file_comes_in_by_another_door():
    """Forms take files by UploadField, endpoints ask check_upload, and the editor's forms are our own."""
    assert get_resolver().url_patterns  # every room's forms are imported
    guilty = sorted(
        f"{form.__module__}.{form.__qualname__}.{name}"
        for form in every_form()
        if form.__module__.startswith("pavillon.") and not form.__module__.startswith("pavillon.website.")
        for name, field in getattr(form, "base_fields", {}).items()
        if isinstance(field, forms.FileField) and not isinstance(field, UploadField)
    )
    for path in ROOMS.rglob("*.py"):
        text = path.read_text()
        if "tests" in path.parts or not ("request.FILES" in text or path.name == "endpoints.py"):
            continue
        # Files are handed to a form, and read by nobody else; an endpoint has no form.
        guilty += [f"{path}: {each}" for each in re.findall(r"request\.FILES[.\[]\S*", text)]
        for endpoint in text.split("\n@router.")[1:]:
            if "UploadedFile" in endpoint and "check_upload(" not in endpoint:
                guilty.append(f"{path}: {endpoint[:80]}")
    assert not guilty, "\n".join(guilty)


@pytest.mark.django_db
def test_editors_files_go_through_the_door_too():
    from wagtail.admin.views.account import AvatarSettingsPanel
    from wagtail.documents.forms import get_document_form
    from wagtail.documents.models import Document
    from wagtail.images.forms import get_image_form
    from wagtail.images.models import Image as Picture
    from wagtail.models import Collection

    from pavillon.website.forms import PortraitForm

    # Tests that commit empty the tables behind them, this first one of Wagtail's too.
    if Collection.get_first_root_node() is None:
        Collection.add_root(name="Root")
    page = SimpleUploadedFile("paper.pdf", b"<html><script>")
    form = get_document_form(Document)({"title": "Paper"}, {"file": page})
    assert "paper.pdf" in str(form.errors["file"])
    swollen = SimpleUploadedFile("mill.png", huge_png())
    assert get_image_form(Picture)({"title": "Mill"}, {"file": swollen}).errors["file"]
    assert not get_image_form(Picture)(
        {"title": "Mill"}, {"file": SimpleUploadedFile("mill.png", GOOD["mill.png"])}
    ).errors.get("file")
    assert AvatarSettingsPanel.form_class is PortraitForm
