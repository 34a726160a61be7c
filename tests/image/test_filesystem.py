"""Layers laid over each other as an engine does, and paths followed as the kernel does."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.image import Image, Kind, read
from tests.image.archives import Member, hardlink, saved, tar


def image_of(tmp_path: Path, *layers: list[Member]) -> Image:
    return read(saved(tmp_path, *(tar(*members) for members in layers)))


def content(image: Image, path: str) -> bytes:
    with image.open(path) as stream:
        return stream.read()


def folder(name: str) -> Member:
    return Member(f"{name}/", mode=0o755)


def test_the_uppermost_layer_wins(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("a", b"old"), Member("b", b"b")], [Member("a", b"new", 0o600)])
    assert {path: file.layer for path, file in image.files.items()} == {"/a": 1, "/b": 0}
    assert content(image, "/a") == b"new"
    assert image.files["/a"].mode == 0o600


def test_a_whiteout_removes_a_file_or_a_whole_folder(tmp_path: Path) -> None:
    below = [folder("d"), folder("d/e"), Member("d/e/f"), Member("g"), Member("h")]
    image = image_of(tmp_path, below, [Member(".wh.d"), Member(".wh.g")])
    assert list(image.files) == ["/h"]


def test_a_whiteout_of_nothing_does_nothing(tmp_path: Path) -> None:
    assert list(image_of(tmp_path, [Member("a")], [Member(".wh.b"), Member("c/.wh.d")]).files) == ["/a"]


def test_a_whiteout_speaks_of_the_layers_below_only(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("d/old")], [folder("d"), Member("d/new"), Member(".wh.d")])
    assert list(image.files) == ["/d", "/d/new"]


def test_an_opaque_folder_hides_what_was_in_it(tmp_path: Path) -> None:
    below = [folder("d"), Member("d/old"), Member("d/e/old"), Member("else")]
    image = image_of(tmp_path, below, [folder("d"), Member("d/.wh..wh..opq"), Member("d/new")])
    assert list(image.files) == ["/d", "/d/new", "/else"]


def test_a_folder_keeps_what_is_in_it_when_it_comes_again(tmp_path: Path) -> None:
    image = image_of(tmp_path, [folder("d"), Member("d/a")], [Member("d/", mode=0o700)])
    assert list(image.files) == ["/d", "/d/a"]
    assert image.files["/d"].mode == 0o700


@pytest.mark.parametrize("other", [Member("d", b"x"), Member("d", target="e")])
def test_a_file_in_place_of_a_folder_takes_all_with_it(other: Member, tmp_path: Path) -> None:
    assert list(image_of(tmp_path, [folder("d"), Member("d/a")], [other]).files) == ["/d"]


@pytest.mark.parametrize("other", [Member("d", b"x"), Member("d", target="e")])
def test_a_folder_in_place_of_a_file(other: Member, tmp_path: Path) -> None:
    image = image_of(tmp_path, [other], [folder("d"), Member("d/a")])
    assert list(image.files) == ["/d", "/d/a"]


def test_an_entry_goes_where_the_links_on_its_way_lead(tmp_path: Path) -> None:
    below = [folder("usr/lib"), Member("lib", target="usr/lib")]
    image = image_of(tmp_path, below, [Member("lib/a", b"x")], [Member("lib/.wh.a"), Member("lib/b")])
    assert list(image.files) == ["/lib", "/usr/lib", "/usr/lib/b"]


def test_the_root_is_an_entry_too(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("./", mode=0o700), Member("./a")])
    assert image.files["/"].mode == 0o700
    assert list(image.files) == ["/", "/a"]


def test_folders_without_an_entry_are_no_entries(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("usr/bin/a")])
    assert list(image.files) == ["/usr/bin/a"]
    assert image.files.resolve("/usr/bin") is None
    assert [file.path for file in image.files.below("/usr")] == ["/usr/bin/a"]


def test_a_hard_link_shares_the_content(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("a", b"text"), hardlink("b", "a")])
    assert content(image, "/b") == b"text"
    assert image.files["/b"].kind is Kind.HARDLINK
    assert image.file_size == 4


def test_a_hard_link_keeps_the_content_when_the_first_name_is_gone(tmp_path: Path) -> None:
    image = image_of(
        tmp_path, [Member("a", b"old"), hardlink("b", "a")], [Member("a", b"newer")], [Member(".wh.a")]
    )
    assert content(image, "/b") == b"old"
    assert (image.file_size, list(image.files)) == (3, ["/b"])


def test_a_hard_link_may_lead_to_a_layer_below_and_through_links(tmp_path: Path) -> None:
    below = [Member("usr/lib/a", b"text"), Member("lib", target="usr/lib"), Member("soft", target="a")]
    image = image_of(tmp_path, below, [hardlink("b", "lib/a"), hardlink("c", "b"), hardlink("d", "soft")])
    assert content(image, "/c") == b"text"
    assert image.files.inode("/d") is None


LINKED = [
    Member("usr/bin/busybox", b"program", 0o755),
    Member("bin", target="usr/bin"),
    Member("usr/bin/sh", target="/bin/busybox"),
    Member("usr/sbin", target="bin"),
    Member("up", target="../../../../usr/bin/busybox"),
    Member("here", target="./usr/./bin//../bin/busybox"),
    Member("loop", target="loop/a"),
    Member("one", target="two"),
    Member("two", target="one"),
    Member("dangling", target="/nothing"),
    Member("folder", target="usr/bin/"),
]


@pytest.mark.parametrize(
    "path",
    [
        "/usr/bin/busybox",
        "usr/bin/busybox",
        "/bin/busybox",
        "/bin/sh",
        "/usr/sbin/sh",
        "/up",
        "/here",
        "/folder/sh",
        "/../../bin/./sh",
        "/usr/bin/../sbin/sh",
    ],
)
def test_a_path_is_followed_through_links(path: str, tmp_path: Path) -> None:
    image = image_of(tmp_path, LINKED)
    found = image.files.resolve(path)
    assert found is not None
    assert found.path == "/usr/bin/busybox"
    assert content(image, path) == b"program"


@pytest.mark.parametrize(
    "path", ["/loop", "/one", "/dangling", "/nothing", "/usr/bin/busybox/below", "/loop/a/b"]
)
def test_a_path_that_leads_nowhere_is_nothing(path: str, tmp_path: Path) -> None:
    files = image_of(tmp_path, LINKED).files
    assert files.resolve(path) is None
    assert files.inode(path) is None


def test_forty_links_are_followed_as_linux_does_and_no_more(tmp_path: Path) -> None:
    chain = [Member(f"l{number}", target=f"l{number + 1}") for number in range(41)]
    files = image_of(tmp_path, [*chain, Member("l41")]).files
    assert files.resolve("/l1")
    assert files.resolve("/l0") is None


def test_a_deep_path_is_no_matter(tmp_path: Path) -> None:
    deep = "d/" * 2000
    image = image_of(tmp_path, [Member(f"{deep}file", b"x")])
    assert content(image, f"/{deep}file") == b"x"
    assert len(image.files) == 1


def test_sizes(tmp_path: Path) -> None:
    image = image_of(tmp_path, [Member("a", b"x" * 1000), folder("d")], [Member("a", b"y" * 10)])
    assert image.file_size == 10
    assert image.size == sum(layer.size for layer in image.layers) > 1010
