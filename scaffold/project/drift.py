"""How a project differs from what its release renders; what only the project has is the user's own."""

from __future__ import annotations

import difflib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Drift:
    """One file that is not as its release renders it. `kind` is "modified", "mode", "missing" or "replaced".

    "replaced" is a folder, a link or something else where a file was, or the other way round.
    """

    path: str
    kind: str


def drift(project: Path, rendered: Path, answers_file: str) -> Iterator[Drift]:
    """Compare a project with the tree that its release renders; the answers file is no part of that."""
    for name in rendered_files(rendered):
        kind = "" if name == answers_file else _kind(project / name, rendered / name)
        if kind:
            yield Drift(name, kind)


def rendered_files(rendered: Path) -> list[str]:
    """Return the names of all files and links of a tree."""
    found = []
    for root, folders, files in os.walk(rendered):
        links = [name for name in folders if Path(root, name).is_symlink()]
        found += [Path(root, name).relative_to(rendered).as_posix() for name in (*files, *links)]
    return sorted(found)


def difference(project: Path, rendered: Path, name: str, release: str) -> str:
    """Return how a file differs from its release's, as a unified diff; a change of mode is told in a line."""
    here, there = project / name, rendered / name
    before, after = _text(there), _text(here)
    if before is None or after is None:
        return f"Binary files {release}/{name} and {name} differ\n"
    lines = difflib.unified_diff(
        before.splitlines(keepends=True), after.splitlines(keepends=True), f"{release}/{name}", name
    )
    text = "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return text or f"mode of {name}: {_mode(there)} in {release}, {_mode(here)} here\n"


def _kind(here: Path, there: Path) -> str:
    if not os.path.lexists(here):
        return "missing"
    ours, theirs = here.lstat().st_mode, there.lstat().st_mode
    if stat.S_IFMT(ours) != stat.S_IFMT(theirs):
        return "replaced"
    if stat.S_ISLNK(ours):
        return "" if here.readlink() == there.readlink() else "modified"
    if not _same_content(here.read_bytes(), there.read_bytes()):
        return "modified"
    return "mode" if (ours ^ theirs) & stat.S_IXUSR else ""


def _same_content(one: bytes, other: bytes) -> bool:
    # Git checks text out with other line ends where a user wants them; that is no drift.
    return one == other or (b"\0" not in one and one.replace(b"\r\n", b"\n") == other.replace(b"\r\n", b"\n"))


def _text(path: Path) -> str | None:
    if not os.path.lexists(path):
        return ""
    if path.is_symlink():
        return f"{path.readlink()}\n"
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else "a folder\n"
    except UnicodeDecodeError:
        return None


def _mode(path: Path) -> str:
    return "executable" if path.lstat().st_mode & stat.S_IXUSR else "not executable"
