"""Who the image runs as, what is the base's and what is its own, and what is measured."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.image import File, Kind, read
from scaffold.verify.opened import ImageSubject, image_facts
from scaffold.verify.opened.groups import grouped
from scaffold.verify.opened.subject import User
from tests.image.archives import Member, hardlink, saved, tar

PASSWD = b"root:x:0:0::/root:/bin/sh\napp:x:1000:1001::/:/bin/sh\nodd line\nbroken:x:many:0::\n"
GROUP = b"root:x:0:\napp:x:1001:\ndata:x:2000:other,app\nempty:x:2001:\n"


def subject(path: Path, *layers: list[Member], base_layers: int = 0, user: str = "") -> ImageSubject:
    archive = saved(path, *(tar(*members) for members in layers), User=user)
    return ImageSubject(read(archive), None, base_layers)


@pytest.mark.parametrize(
    ("user", "expected"),
    [
        ("", User(0, frozenset({0}))),
        ("root", User(0, frozenset({0}))),
        ("app", User(1000, frozenset({1001, 2000}))),
        ("1000", User(1000, frozenset({1001, 2000}))),
        ("1000:3000", User(1000, frozenset({3000, 2000}))),
        ("app:data", User(1000, frozenset({2000}))),
        ("4000", User(4000, frozenset({0}))),
        ("4000:4000", User(4000, frozenset({4000}))),
        ("nobody", None),
        ("broken", None),
        ("app:nothing", None),
    ],
)
def test_the_user_is_looked_up_as_engines_do(user: str, expected: User | None, tmp_path: Path) -> None:
    tables = [Member("etc/passwd", PASSWD), Member("etc/group", GROUP)]
    assert subject(tmp_path, tables, user=user).user == expected


def test_without_tables_numbers_are_what_they_are(tmp_path: Path) -> None:
    assert subject(tmp_path, user="65532:65532").user == User(65532, frozenset({65532}))


@pytest.mark.parametrize(
    ("mode", "uid", "gid", "bits"),
    [(0o740, 5, 9, "rwx"), (0o740, 9, 6, "r"), (0o741, 9, 9, "x"), (0o077, 5, 6, ""), (0o002, 9, 9, "w")],
)
def test_rights_are_those_of_the_first_class_that_fits(mode: int, uid: int, gid: int, bits: str) -> None:
    file = File("/file", Kind.FILE, mode, uid, gid, 0, "", 0, 0)
    user = User(5, frozenset({6}))
    assert "".join(name for name, bit in {"r": 4, "w": 2, "x": 1}.items() if user.may(file, bit)) == bits


def test_own_files_are_those_above_the_base(tmp_path: Path) -> None:
    opened = subject(tmp_path, [Member("a"), Member("b")], [Member("b"), hardlink("c", "a")], base_layers=1)
    assert [file.path for file in opened.own_files] == ["/b", "/c"]
    assert list(opened.base_files) == ["/a", "/b"]
    assert opened.added == opened.image.layers[1].size


def groups(*paths: str) -> dict[str, int]:
    files = [File(path, Kind.FILE, 0, 0, 0, 0, "", 0, 0) for path in paths]
    return {group.place: group.count for group in grouped(files)}


def test_few_files_are_named_one_by_one() -> None:
    assert groups("/b", "/a", "/c/d") == {"/a": 1, "/b": 1, "/c/d": 1}


def test_many_files_are_named_by_their_folder() -> None:
    assert groups("/a", *(f"/src/{number}" for number in range(50))) == {"/a": 1, "/src": 50}
    assert groups(*(f"/{number}" for number in range(4))) == {"/": 4}


def test_what_is_below_another_is_counted_with_it() -> None:
    assert groups("/app", "/app/a", "/app/b/c", "/application") == {"/app": 3, "/application": 1}


def test_a_whole_tree_is_told_in_few_findings() -> None:
    tree = [
        f"/usr/src/{folder}/{inner}/{file}" for folder in range(30) for inner in range(3) for file in range(2)
    ]
    assert groups("/a", *tree) == {"/a": 1, "/usr/src": 180}
    assert groups(*(f"/{folder}/file" for folder in range(21))) == {f"/{folder}": 1 for folder in range(21)}


def test_facts(tmp_path: Path) -> None:
    base = [Member("bin/sh", b"x" * 10)]
    opened = subject(tmp_path, base, [Member("app", b"x" * 900), Member("bin/sh", b"y" * 100)], base_layers=1)
    facts = image_facts(opened)
    below, above = (layer.size for layer in opened.image.layers)
    assert facts["size_bytes"] == below + above
    assert facts["added_bytes"] == above
    assert facts["compressed_bytes"] == opened.image.compressed_size
    assert facts["added_compressed_bytes"] == opened.image.layers[1].compressed_size
    assert (facts["file_bytes"], facts["layers"], facts["user"], facts["shell"]) == (1000, 2, "root", True)
    assert (facts["wasted_bytes"], facts["efficiency"]) == (10, round(910 / 1010, 6))
    assert facts["largest_files"] == "/app 900, /bin/sh 100"
