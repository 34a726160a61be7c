"""Random histories of a project: the release that it was made from, what its user did, and the next release."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from hypothesis import strategies as st

from tests.project.repositories import Content

FILE, PROGRAM, LINK = 0o100644, 0o100755, 0o120000


@dataclass(frozen=True)
class File:
    """A file as git stores it; the data of a link is its target."""

    data: bytes
    mode: int = FILE

    @property
    def is_text(self) -> bool:
        return self.mode != LINK and b"\0" not in self.data

    @property
    def content(self) -> Content:
        """The same, as the repositories of the tests are written."""
        return Path(self.data.decode()) if self.mode == LINK else (self.data, self.mode & 0o777)


Files = dict[str, File]


@dataclass(frozen=True)
class History:
    """Three trees, and what lies around them.

    The project is at `prefix`; `outside` are the other files of its repository. `settings` are those of git.
    `untracked` are files of the user that git does not know; `dirty` is a file that has changes which are not
    committed, or "".
    """

    old: Files
    mine: Files
    new: Files
    prefix: str = ""
    outside: Files = field(default_factory=dict)
    settings: Mapping[str, str] = field(default_factory=dict)
    untracked: Mapping[str, bytes] = field(default_factory=dict)
    dirty: str = ""

    def tree(self, files: Files) -> Files:
        """Return one of the trees as that of the whole repository."""
        return self.outside | {(f"{self.prefix}/{name}" if self.prefix else name): f for name, f in files.items()}


@dataclass(frozen=True)
class Edit:
    """One thing that somebody did. The numbers choose a file and a line of those that are there."""

    kind: str
    file: int
    line: int
    name: str
    common: bool

    def apply(self, tree: Files, side: str) -> None:
        """Do it, where it can be done."""
        names = sorted(tree)
        if names:
            # What both sides do alike has the same words.
            _EDITS[self.kind](tree, names[self.file % len(names)], self, "common" if self.common else side)


def _lines(data: bytes) -> list[bytes]:
    return data.splitlines(keepends=True)


def _rewritten(change: Callable[[list[bytes], int, bytes], None]) -> Callable[[Files, str, Edit, str], None]:
    def apply(tree: Files, name: str, edit: Edit, side: str) -> None:
        file = tree[name]
        if file.is_text:
            lines = _lines(file.data)
            end = b"\r\n" if b"\r\n" in file.data else b"\n"
            change(lines, edit.line % (len(lines) + 1), f"{side} {edit.kind} {edit.line}".encode() + end)
            tree[name] = replace(file, data=b"".join(lines))

    return apply


def _change(lines: list[bytes], at: int, text: bytes) -> None:
    lines[at : at + 1] = [text]


def _insert(lines: list[bytes], at: int, text: bytes) -> None:
    lines[at:at] = [text, text]


def _cut(lines: list[bytes], at: int, _: bytes) -> None:
    del lines[at : at + 2]


def put(tree: Files, name: str, file: File) -> None:
    """Add a file; what cannot be there beside it goes."""
    for other in list(tree):
        if other == name or other.startswith(f"{name}/") or name.startswith(f"{other}/"):
            del tree[other]
    tree[name] = file


def _rename(tree: Files, name: str, edit: Edit, _: str) -> None:
    if edit.name not in tree:
        put(tree, edit.name, tree.pop(name))


def _rename_folder(tree: Files, name: str, edit: Edit, side: str) -> None:
    folder = name.rpartition("/")[0]
    target = "moved" if edit.line % 2 else f"moved by {side}"
    inside = [other for other in tree if folder and other.startswith(f"{folder}/")]
    for other in inside:
        put(tree, f"{target}{other.removeprefix(folder)}", tree.pop(other))


def _delete(tree: Files, name: str, _: Edit, __: str) -> None:
    del tree[name]


def _add(tree: Files, _: str, edit: Edit, side: str) -> None:
    if edit.name not in tree:
        mode = PROGRAM if edit.line % 2 else FILE
        put(tree, edit.name, File(b"".join(f"{side} {edit.name} {n}\n".encode() for n in range(6)), mode))


def _add_beside(tree: Files, name: str, edit: Edit, side: str) -> None:
    folder = name.rpartition("/")[0]
    put(tree, f"{folder}/beside" if folder else "beside", File(f"{side} {edit.line}\n".encode() * 3))


def _add_script(tree: Files, _: str, edit: Edit, __: str) -> None:
    put(tree, "script.sh", File(b"#!/bin/sh\n" * 5, PROGRAM if edit.line % 2 else FILE))


def _mode(tree: Files, name: str, _: Edit, __: str) -> None:
    if tree[name].mode != LINK:
        tree[name] = replace(tree[name], mode=PROGRAM + FILE - tree[name].mode)


def _to_binary(tree: Files, name: str, edit: Edit, side: str) -> None:
    if tree[name].mode != LINK:
        tree[name] = replace(tree[name], data=b"\0\xff\r\n" + f"{side} {edit.line}".encode())


def _to_link(tree: Files, name: str, edit: Edit, side: str) -> None:
    tree[name] = File(f"{side}/../{edit.name}".encode(), LINK)


def _to_folder(tree: Files, name: str, edit: Edit, side: str) -> None:
    file = tree.pop(name)
    if edit.line % 2:
        put(tree, f"{name}/inside", file)
    put(tree, f"{name}/{side}.txt", File(f"{side} is beside it\n".encode()))


_EDITS: dict[str, Callable[[Files, str, Edit, str], None]] = {
    "change": _rewritten(_change),
    "insert": _rewritten(_insert),
    "cut": _rewritten(_cut),
    "rename": _rename,
    "rename a folder": _rename_folder,
    "delete": _delete,
    "add": _add,
    "add beside": _add_beside,
    "add a script": _add_script,
    "mode": _mode,
    "to binary": _to_binary,
    "to link": _to_link,
    "to folder": _to_folder,
}
_NAMES = (
    "main.go",
    "run.sh",
    "internal/api.go",
    "internal/model.go",
    "internal/größe.go",
    "web/index.html",
    "web/a name with spaces.css",
    "deep/er/est/file",
    "maß/Übersicht.md",
    "logo.bin",
    "link",
    "-dash",
    'odd "name"\t.txt',
    "[a-z]*.txt",
)
_NEW_NAMES = ("new.go", "web/new one.html", "internal/neu ö.go", "added/to.txt", "main.go", "web")
_OUTSIDE: Files = {
    "README.md": File(b"of the whole\n"),
    "services/other/main.go": File(b"".join(f"other {number}\n".encode() for number in range(12))),
    "services/link": File(b"other", LINK),
}
_SETTINGS: tuple[dict[str, str], ...] = (
    {},
    {"merge.conflictStyle": "diff3"},
    {"merge.conflictStyle": "zdiff3"},
    {"core.autocrlf": "true"},
)


@st.composite
def files(draw: st.DrawFn, name: str) -> File:
    """A file that differs from all others, so that git follows it by its content."""
    kind = draw(st.sampled_from(["text", "text", "text", "text", "short", "crlf", "binary", "link"]))
    if kind == "link":
        return File(draw(st.sampled_from(_NAMES)).encode(), LINK)
    if kind == "binary":
        return File(b"\0\1\2" + name.encode() * 9)
    count, end = (2, "\n") if kind == "short" else (12, "\r\n" if kind == "crlf" else "\n")
    text = "".join(f"{name} {number}{end}" for number in range(count))
    mode = draw(st.sampled_from([FILE, FILE, PROGRAM]))
    return File(text.encode().removesuffix(b"\n" if draw(st.booleans()) and end == "\n" else b""), mode)


EDITS = st.builds(
    Edit,
    kind=st.sampled_from(sorted(_EDITS)),
    file=st.integers(0, 3),
    line=st.integers(0, 6),
    name=st.sampled_from(_NEW_NAMES),
    common=st.booleans(),
)


def _edited(tree: Files, edits: list[Edit], side: str) -> Files:
    changed = dict(tree)
    for edit in edits:
        edit.apply(changed, side)
    return changed


def _with_line_feeds(tree: Files) -> Files:
    # With autocrlf git stores no other, so that a release that has others would differ in every line.
    return {
        name: replace(file, data=file.data.replace(b"\r\n", b"\n")) if file.is_text else file
        for name, file in tree.items()
    }


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A history of each kind: small trees and few edits, so that the two sides meet often."""
    names = draw(st.lists(st.sampled_from(_NAMES), min_size=2, max_size=6, unique=True))
    old = {name: draw(files(name)) for name in names}
    mine = _edited(old, draw(st.lists(EDITS, min_size=1, max_size=5)), "mine")
    new = _edited(old, draw(st.lists(EDITS, min_size=1, max_size=5)), "theirs")
    settings = draw(st.sampled_from(_SETTINGS))
    if "core.autocrlf" in settings:
        old, mine, new = map(_with_line_feeds, (old, mine, new))
    prefix = draw(st.sampled_from(["", "", "services/größe one"]))
    tracked = sorted(mine)
    return History(
        old,
        mine,
        new,
        prefix,
        _OUTSIDE if prefix else {},
        settings,
        untracked=dict(
            _untracked(mine, draw(st.sampled_from(_NEW_NAMES)), in_the_way=draw(st.integers(0, 9)) == 0)
        ),
        dirty=draw(st.sampled_from(tracked)) if tracked and draw(st.integers(0, 9)) == 0 else "",
    )


def _untracked(mine: Files, name: str, *, in_the_way: bool) -> Iterator[tuple[str, bytes]]:
    yield "own work/not tracked.txt", b"not tracked\n"
    yield "own work/ignored.log", b"ignored\n"
    blocked = any(other == name or other.startswith(f"{name}/") or name.startswith(f"{other}/") for other in mine)
    if in_the_way and not blocked:
        yield name, b"perhaps in the way\n"
