"""What an update that is under way keeps beside git's index: enough to put everything back as it was."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self

from scaffold.project.merge import Merge
from scaffold.project.repository import NO_OBJECT, Entry, Repository
from scaffold.run import is_running

_AREA = "scaffold"
_FILE = "journal.json"


@dataclass(frozen=True, slots=True)
class Intent:
    """Whose update it is and what becomes of it. `commit` is a commit to move HEAD to, "" to leave it staged."""

    prefix: str
    answers_file: str
    old: str
    new: str
    yours: str
    message: str
    wants_commit: bool = False


@dataclass(frozen=True, slots=True)
class Kept:
    """One path that the update changes. The prints are those of the file in the work tree, "" for none."""

    path: str
    before: Entry | None
    print_before: str
    print_after: str


@dataclass(frozen=True, slots=True)
class Journal:
    """An update on its way into the work tree.

    `applied` tells that everything is in its place. `folders` are those that the update makes; `conflicts` the
    paths that it left unmerged; `commit` is where HEAD goes at the end, or "".
    """

    folder: Path
    head: str
    intent: Intent
    kept: tuple[Kept, ...]
    folders: tuple[str, ...]
    conflicts: tuple[str, ...]
    commit: str = ""
    applied: bool = False

    @property
    def index(self) -> Path:
        """The whole index as it is to be."""
        return self.folder / "index"

    def before(self, kept: Kept) -> Path:
        """Return where the file is kept as it was."""
        return self.folder / "before" / str(self.kept.index(kept))

    def after(self, kept: Kept) -> Path:
        """Return where the file is until it moves into its place."""
        return self.folder / "after" / kept.path

    def write(self, **changes: Any) -> Self:
        """Write it down, whole or not at all, and return it."""
        journal = replace(self, **changes)
        document = asdict(journal)
        del document["folder"]
        new = self.folder / f"{_FILE}.new"
        new.write_text(json.dumps(document), encoding="utf-8")
        new.rename(self.folder / _FILE)
        return journal

    def move_to(self, folder: Path) -> Self:
        """Move it with all that it keeps; from then on it is found there."""
        discard(folder)
        self.folder.rename(folder)
        return replace(self, folder=folder)

    def drop(self) -> Self:
        """Forget it: an update that nobody has to end."""
        discard(self.folder)
        return self


def new_folder(repository: Repository) -> Path:
    """Make a folder to prepare an update in."""
    area = repository.git_dir / _AREA
    area.mkdir(exist_ok=True)
    sweep(repository)
    folder = area / f"new-{os.getpid()}-{secrets.token_hex(4)}"
    folder.mkdir()
    return folder


def sweep(repository: Repository) -> None:
    """Remove the folders that killed processes have left."""
    for left in (repository.git_dir / _AREA).glob("new-*"):
        process = left.name.split("-")[1]
        if process.isdigit() and not is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)


def folder_for(repository: Repository, answers_file: str) -> Path:
    """Return where the journal of a project is."""
    name = hashlib.sha256(os.fsencode(repository.path(answers_file))).hexdigest()[:16]
    return repository.git_dir / _AREA / f"update-{name}"


def read_journal(folder: Path) -> Journal | None:
    """Read a journal; None where there is none."""
    try:
        document: dict[str, Any] = json.loads((folder / _FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    kept = tuple(_kept(fields) for fields in document.pop("kept"))
    intent = Intent(**document.pop("intent"))
    folders, conflicts = tuple(document.pop("folders")), tuple(document.pop("conflicts"))
    return Journal(folder=folder, intent=intent, kept=kept, folders=folders, conflicts=conflicts, **document)


def interrupted(repository: Repository) -> Iterator[Journal]:
    """Yield the journals of updates that were stopped on their way, of whatever project of the repository."""
    for folder in sorted((repository.git_dir / _AREA).glob("update-*")):
        journal = read_journal(folder)
        if journal is not None and not journal.applied:
            yield journal


def discard(folder: Path) -> None:
    """Remove a folder so that it is gone at once, or still whole."""
    if folder.exists():
        gone = folder.with_name(f"new-{os.getpid()}-{secrets.token_hex(4)}")
        folder.rename(gone)
        shutil.rmtree(gone, ignore_errors=True)


def fingerprint(path: Path) -> str:
    """Tell what is at a path so that any change of it shows: kind, run bit, content. "" is nothing."""
    try:
        mode = path.lstat().st_mode
    except (FileNotFoundError, NotADirectoryError):
        return ""
    if stat.S_ISLNK(mode):
        return f"link {os.fsencode(path.readlink()).hex()}"
    if not stat.S_ISREG(mode):
        return "folder" if stat.S_ISDIR(mode) else "special"
    return f"{'program' if mode & stat.S_IXUSR else 'file'} {hashlib.sha256(path.read_bytes()).hexdigest()}"


def index_lines(merge: Merge) -> list[str]:
    """Return the lines of `git update-index --index-info` that turn HEAD's entries into the outcome."""
    conflicts = {conflict.path: conflict.stages for conflict in merge.conflicts}
    gone = [
        f"0 {NO_OBJECT}\t{path}" for path, (_, after) in merge.touched.items() if not after or path in conflicts
    ]
    plain = [
        after.line(path)
        for path, (_, after) in merge.touched.items()
        if after is not None and path not in conflicts
    ]
    stages = [
        entry.line(path, stage) for path, found in conflicts.items() for stage, entry in sorted(found.items())
    ]
    return gone + plain + stages


def _kept(fields: Mapping[str, Any]) -> Kept:
    before = fields["before"]
    return Kept(
        fields["path"], Entry(**before) if before else None, fields["print_before"], fields["print_after"]
    )
