# mypy: ignore-errors
"""Archives are unpacked alike by Pythons that filter them and by those that do not know how."""

import io
import tarfile

import pytest

from launch.unpacking import unpack


@pytest.fixture(params=["filters", "knows no filter"])
def python(request, monkeypatch):
    if request.param == "knows no filter":
        monkeypatch.delattr(tarfile, "data_filter", raising=False)
    elif not hasattr(tarfile, "data_filter"):
        pytest.skip("this Python knows no filter")


def member(name, kind=tarfile.REGTYPE, link="", mode=0o644):
    info = tarfile.TarInfo(name)
    info.type, info.linkname, info.mode, info.uid, info.gid = kind, link, mode, 4321, 4321
    info.size = 5 if kind == tarfile.REGTYPE else 0
    return info


def unpacked(into, *members):
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w|") as archive:
        for one in members:
            archive.addfile(one, io.BytesIO(b"words"))
    packed.seek(0)
    with tarfile.open(fileobj=packed, mode="r|") as archive:
        unpack(archive, into)


def test_files_folders_and_links_come_out(python, tmp_path):
    folder, link = member("a", tarfile.DIRTYPE, mode=0o755), member("l", tarfile.SYMTYPE, "a/b")
    unpacked(tmp_path, folder, member("a/b", mode=0o666), link)
    made = tmp_path / "a" / "b"
    assert made.read_bytes() == (tmp_path / "l").read_bytes() == b"words"
    assert made.stat().st_uid == tmp_path.stat().st_uid
    assert not made.stat().st_mode & 0o022


@pytest.mark.parametrize(
    "bad",
    [
        member("../out"),
        member("in/../../out"),
        member("link", tarfile.SYMTYPE, "../../out"),
        member("link", tarfile.SYMTYPE, "/etc/passwd"),
        member("hard", tarfile.LNKTYPE, "../../out"),
        member("pipe", tarfile.FIFOTYPE),
        member("disk", tarfile.BLKTYPE),
    ],
    ids=lambda one: f"{one.name} {one.linkname}",
)
def test_what_would_land_outside_is_refused(python, tmp_path, bad):
    into = tmp_path / "into"
    into.mkdir()
    with pytest.raises(tarfile.TarError):
        unpacked(into, bad)
    assert list(tmp_path.iterdir()) == [into]
