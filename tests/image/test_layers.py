"""A layer's entries and contents, as odd as tar allows them to be."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from scaffold.image import File, ImageError, Kind, Layer, read
from tests.image.archives import Member, docker_parts, hardlink, oci_parts, saved, tar, write


def layer_of(tmp_path: Path, content: bytes) -> Layer:
    (layer,) = read(saved(tmp_path, content)).layers
    return layer


def test_an_entry_has_all_that_its_header_says(tmp_path: Path) -> None:
    layer = layer_of(tmp_path, tar(Member("./bin/su", b"x" * 10, 0o4755, uid=1, gid=2)))
    assert layer.entries == (File("/bin/su", Kind.FILE, 0o4755, 1, 2, 10, "", 0, 512),)
    assert (layer.entries[0].name, layer.entries[0].parent) == ("su", "/bin")


def test_every_kind_is_told_apart(tmp_path: Path) -> None:
    layer = layer_of(
        tmp_path,
        tar(
            Member("file", b"x"),
            Member("folder/"),
            Member("link", target="../else"),
            hardlink("same", "./file"),
            Member("null", kind=tarfile.CHRTYPE),
            Member("disk", kind=tarfile.BLKTYPE),
            Member("pipe", kind=tarfile.FIFOTYPE),
            Member("old", b"x", kind=tarfile.AREGTYPE),
        ),
    )
    assert {(file.path, file.kind.value, file.size, file.target) for file in layer.entries} == {
        ("/file", "file", 1, ""),
        ("/folder", "directory", 0, ""),
        ("/link", "symlink", 0, "../else"),
        ("/same", "hardlink", 0, "/file"),
        ("/null", "device", 0, ""),
        ("/disk", "device", 0, ""),
        ("/pipe", "fifo", 0, ""),
        ("/old", "file", 1, ""),
    }


@pytest.mark.parametrize("form", [tarfile.GNU_FORMAT, tarfile.PAX_FORMAT])
def test_long_names_and_large_numbers_are_read(form: int, tmp_path: Path) -> None:
    name, target = "folder/" * 40 + "naïve", "target/" * 40
    content = tar(Member(name, b"x", uid=2**31 - 2), Member("link", target=target), form=form)
    file, link = layer_of(tmp_path, content).entries
    assert (file.path, file.uid) == ("/" + name, 2**31 - 2)
    assert link.target.rstrip("/") == target.rstrip("/")


def test_a_name_that_is_no_text_can_still_be_shown(tmp_path: Path) -> None:
    content = bytearray(tar(Member("caf_")))
    content[3] = 0xE9
    content[148:156] = checksum(content)
    (file,) = layer_of(tmp_path, bytes(content)).entries
    assert file.path == "/caf\\xe9"
    file.path.encode()


def checksum(header: bytes | bytearray) -> bytes:
    """Return the field of a header that has the sum of its bytes, this field taken as blanks."""
    total = sum(header[:148]) + 8 * 0x20 + sum(header[156:512])
    return f"{total:06o}\0 ".encode()


def test_file_capabilities_are_seen(tmp_path: Path) -> None:
    content = tar(
        Member("ping", b"x", headers={"SCHILY.xattr.security.capability": "\1\0\0\2"}),
        Member("cat", b"x", headers={"SCHILY.xattr.user.comment": "none"}),
    )
    assert [file.capabilities for file in layer_of(tmp_path, content).entries] == [True, False]


def test_whiteouts_are_no_entries(tmp_path: Path) -> None:
    content = tar(
        Member(".wh.top"),
        Member("etc/.wh.passwd"),
        Member("srv/.wh..wh..opq"),
        Member(".wh..wh.plnk/"),
        Member("a"),
    )
    layer = layer_of(tmp_path, content)
    assert layer.whiteouts == ("/top", "/etc/passwd")
    assert layer.opaque == ("/srv",)
    assert [file.path for file in layer.entries] == ["/a"]


@pytest.mark.parametrize("packed", [False, True])
def test_the_size_counts_what_comes_after_the_last_entry(packed: bool, tmp_path: Path) -> None:
    content = tar(Member("a", b"x")) + bytes(50_000)
    parts = oci_parts([content], packed=[gzip.compress(content) if packed else content])
    assert read(write(tmp_path / "image.tar", parts)).size == len(content)


def test_a_file_is_read_in_any_order(tmp_path: Path) -> None:
    content = tar(*(Member(name, name.encode() * 30_000) for name in "abc"))
    image = read(write(tmp_path / "image.tar", oci_parts([content])))
    for name in "cab":
        with image.open(f"/{name}") as stream:
            assert stream.read(3) == name.encode() * 3
            assert stream.read() == name.encode() * 29_997
            assert stream.read() == b""
            stream.seek(29_999)
            assert stream.read() == name.encode()


def test_what_is_no_file_cannot_be_opened(tmp_path: Path) -> None:
    image = read(saved(tmp_path, tar(Member("folder/"), Member("null", kind=tarfile.CHRTYPE))))
    for path in ("/folder", "/null", "/nothing", ""):
        with pytest.raises(ImageError, match="is not a file in the image"):
            image.open(path)


def header_with(**fields: bytes) -> bytes:
    """Write a header and break the named fields of it: (offset, length) are those of POSIX ustar."""
    places = {"size": 124, "type": 156, "uid": 108}
    header = bytearray(tar(Member("a")))
    for name, value in fields.items():
        header[places[name] : places[name] + len(value)] = value
    header[148:156] = checksum(header)
    return bytes(header)


def pax(value: bytes) -> bytes:
    """Write an extended header with a record of any bytes before an empty file."""
    record = value.ljust(512, b"\0")
    info = tarfile.TarInfo("pax")
    info.type, info.size = tarfile.XHDTYPE, len(value)
    return info.tobuf() + record + tar(Member("a"))


def broken_after_the_first() -> bytes:
    content = bytearray(tar(Member("a", b"x"), Member("hidden", b"x")))
    content[1024 + 150] ^= 1
    return bytes(content)


NEGATIVE = b"\xff" * 11 + b"\xf0"
HUGE = b"\x80" + struct.pack(">3xQ", 1 << 60)

BROKEN = {
    "a path out of the image": (tar(Member("../etc/passwd")), r"'../etc/passwd' leads out of the image"),
    "a path out of the image further on": (tar(Member("a/../../b")), "leads out of the image"),
    "a hard link out of the image": (tar(hardlink("a", "../../etc/shadow")), "leads out of the image"),
    "a path that is too long": (tar(Member("a/" * 3000)), "is not a path"),
    "a path with a null byte": (pax(b"13 path=a\0b/\n"), "is not a path"),
    "an unknown type": (header_with(type=b"Z"), "unknown type"),
    "a negative size": (header_with(size=NEGATIVE), "is not a member as an engine writes one"),
    "a huge size": (header_with(size=HUGE), "is not a member as an engine writes one"),
    "a header that asks for gigabytes": (header_with(type=b"L", size=HUGE), "a header asks for"),
    "a header that asks for a negative size": (header_with(type=b"x", size=NEGATIVE), "end of file header"),
    "a sparse file": (header_with(type=b"S"), "is not a member as an engine writes one"),
    "a broken header after the first": (broken_after_the_first(), "broken header at byte 1024"),
    "an end that is missing": (tar(Member("a", b"x" * 2000))[:1000], "unexpected end of data"),
    "no archive": (b"hello" * 300, "invalid header"),
    "a chain of headers": (header_with(type=b"L", size=b"00000000000\0")[:512] * 5000, "recursion"),
    "a hard link to nothing": (tar(hardlink("a", "b")), "/a is a hard link to /b, which is not there"),
    "a hard link to a folder": (tar(Member("b/"), hardlink("a", "b")), "is a hard link to /b"),
    "a file below a file": (tar(Member("a"), Member("a/b")), "/a has entries but is no folder"),
    "a file far below a file": (tar(Member("a"), Member("a/b/c/d")), "has entries but is no folder"),
    "a file below links in circles": (tar(Member("a", target="a"), Member("a/b")), "/a has entries"),
}


@pytest.mark.parametrize(("content", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_broken_layer_is_told_in_one_line(content: bytes, reason: str, tmp_path: Path) -> None:
    with pytest.raises(ImageError, match=reason) as caught:
        read(saved(tmp_path, content))
    assert "\n" not in caught.value.message


@pytest.mark.parametrize("cut", [2, 20, 60])
def test_a_compressed_layer_that_is_cut_off_is_told(cut: int, tmp_path: Path) -> None:
    content = tar(Member("a", bytes(range(256)) * 40))
    parts = oci_parts([content], packed=[gzip.compress(content)[:-cut]])
    with pytest.raises(ImageError):
        read(write(tmp_path / "image.tar", parts))


def test_an_image_that_changes_under_its_reader_is_told(tmp_path: Path) -> None:
    path = saved(tmp_path, tar(Member("a", b"x" * 100_000)))
    image = read(path)
    path.write_bytes(path.read_bytes()[:50_000])
    with image.open("/a") as stream, pytest.raises(ImageError, match="ends too early"):
        stream.read()


def test_a_layer_that_unpacks_without_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = tar(Member("a", bytes(3_000_000)))
    path = write(tmp_path / "image.tar", oci_parts([content]))
    monkeypatch.setattr("scaffold.image.streams.MOST_BYTES", 2_000_000)
    with pytest.raises(ImageError, match="a layer unpacks to more than"):
        read(path)


def test_too_many_entries_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scaffold.image.layer._MOST_ENTRIES", 5)
    assert layer_of(tmp_path, tar(*(Member(str(number)) for number in range(5)))).entries
    with pytest.raises(ImageError, match="a layer has more than 5 entries"):
        layer_of(tmp_path, tar(*(Member(f".wh.{number}") for number in range(6))))


SEED = tar(
    Member("etc/", mode=0o755),
    Member("etc/" + "long" * 40, b"x" * 700),
    Member("ping", b"x", headers={"SCHILY.xattr.security.capability": "\1\0\0\2"}),
    hardlink("same", "ping"),
    Member("link", target="ping"),
)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(st.tuples(st.integers(0, len(SEED) - 1), st.integers(0, 255)), max_size=8),
    end=st.integers(0),
)
def test_whatever_the_bytes_an_image_is_read_or_refused(
    changes: list[tuple[int, int]], end: int, tmp_path: Path
) -> None:
    content = bytearray(SEED)
    for place, value in changes:
        content[place] = value
    path = write(tmp_path / "image.tar", docker_parts([bytes(content[: len(content) - end % 2000])]))
    with suppress(ImageError):
        for layer in read(path).layers:
            for file, stream in layer.contents():
                assert len(stream.read()) == file.size


def test_streams_are_closed_with_what_is_behind_them(tmp_path: Path) -> None:
    image = read(write(tmp_path / "image.tar", oci_parts([SEED])))
    stream = image.open("/ping")
    with pytest.raises(io.UnsupportedOperation):
        stream.seek(0, io.SEEK_END)
    stream.close()
    with pytest.raises(ValueError, match="closed"):
        stream.read()
