"""Brings a merge into the index and the work tree: all of it at the end, or nothing.

The order is git's own, with a journal around it: what will be there is made aside first; the new index lies
ready as `index.lock`, so that nobody commits in between; files move into place one rename each; the lock becomes
the index.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scaffold.errors import InputError, Transient
from scaffold.project.journal import (
    Intent,
    Journal,
    Kept,
    fingerprint,
    folder_for,
    index_lines,
    new_folder,
)
from scaffold.project.merge import Merge
from scaffold.project.placing import place, remove
from scaffold.project.quarantine import Quarantine
from scaffold.project.repository import GITLINK, Repository, commit_tree, records
from scaffold.project.undo import take_back

_IN_PROGRESS = {
    "MERGE_HEAD": "a merge",
    "CHERRY_PICK_HEAD": "a cherry-pick",
    "REVERT_HEAD": "a revert",
    "rebase-merge": "a rebase",
    "rebase-apply": "a rebase",
}
_SHOWN = 3


def check_in_the_way(repository: Repository, merge: Merge) -> None:
    """Refuse an update that would overwrite what is not committed; raises InputError with one line.

    Files that the update leaves alone may be in any state.
    """
    top = repository.work_tree
    for name, what in _IN_PROGRESS.items():
        if (repository.git_dir / name).exists():
            raise InputError(f"{what} is in progress here", hint="finish or abort it first")
    changed = [path for path in _changed(repository) if path in merge.touched]
    _refuse(repository, changed, "has changes that are not committed", "commit or stash them first")
    hidden = [path for path in _hidden(repository) if path in merge.touched]
    _refuse(
        repository,
        hidden,
        "is hidden from git by a sparse checkout or `assume-unchanged`",
        "show it to git first: git sparse-checkout add, or git update-index --no-assume-unchanged",
    )
    blocked = [path for path in merge.touched if _is_blocked(top, path, merge)]
    _refuse(repository, blocked, "is not tracked by git and in the way", "move it away, or commit it")


def apply(quarantine: Quarantine, repository: Repository, merge: Merge, intent: Intent) -> Journal:
    """Bring the merge into the index and the work tree, and with a wanted commit into HEAD.

    Raises InputError when something is in the way, Transient when another git works on the index. Whatever stops
    it, everything is put back; what a kill leaves is put back by the next run, from the journal.
    """
    index = repository.index.read_bytes() if repository.index.exists() else b""
    check_in_the_way(repository, merge)
    commit = ""
    if intent.wants_commit and not merge.conflicts:
        commit = make_commit(quarantine, merge, intent.message)
    quarantine.keep()
    prepared = _prepare(quarantine, repository, merge, intent, commit)
    journal = prepared.move_to(folder_for(repository, intent.answers_file))
    try:
        with _locked(repository, journal, index):
            _carry_out(repository, journal)
        # What is committed needs none: git itself takes it back.
        journal = journal.drop() if journal.commit else journal.write(applied=True)
    except BaseException:
        take_back(repository, journal)
        raise
    repository.attempt("update-index", "-q", "--refresh")
    return journal


def make_commit(quarantine: Quarantine, merge: Merge, message: str) -> str:
    """Make the commit of a merge without conflicts."""
    return commit_tree(quarantine.repository, merge.tree, merge.head, message)


def make_branch(quarantine: Quarantine, repository: Repository, merge: Merge, name: str, message: str) -> str:
    """Put a merge without conflicts on a new branch and return its commit; nothing else changes.

    Raises InputError for a name that is none or is taken.
    """
    if repository.attempt("check-ref-format", "--branch", name).code:
        raise InputError(f"{name!r} cannot be the name of a branch", hint="for example --branch update")
    commit = make_commit(quarantine, merge, message)
    quarantine.keep()
    made = repository.attempt("update-ref", "-m", message, f"refs/heads/{name}", commit, "")
    if made.code:
        raise InputError(f"there is a branch {name!r} already", hint="choose another name")
    return commit


def _changed(repository: Repository) -> list[str]:
    words = ["status", "--porcelain", "-z", "--no-renames", "--untracked-files=no", "--ignore-submodules=all"]
    return [line[3:] for line in records(repository.git(*words, "--", repository.prefix or "."))]


def _hidden(repository: Repository) -> list[str]:
    # `H` is what git watches. Others are skipped or assumed to be unchanged, and `git status` is silent on them.
    lines = records(repository.git("ls-files", "-v", "-z", "--", repository.prefix or "."))
    return [line[2:] for line in lines if line[0] != "H"]


def _refuse(repository: Repository, paths: list[str], what: str, hint: str) -> None:
    if paths:
        names = [repository.name(path) for path in sorted(set(paths))]
        more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        raise InputError(f"{', '.join(names[:_SHOWN])}{more} {what}", hint=hint)


def _is_blocked(top: Path, path: str, merge: Merge) -> bool:
    """Tell whether something that is not ours to replace is where a new file, or one of its folders, goes."""
    before, after = merge.touched[path]
    if before is not None or after is None or after.mode == GITLINK:
        return False
    for parent in _parents(path):
        place = top / parent
        if os.path.lexists(place) and (place.is_symlink() or not place.is_dir()):
            return not _goes_away(parent, merge)
    place = top / path
    if place.is_dir() and not place.is_symlink():
        inside = (
            f"{path}/{found.relative_to(place).as_posix()}" for found in place.rglob("*") if not found.is_dir()
        )
        return not all(_goes_away(name, merge) for name in inside)
    return os.path.lexists(place)


def _goes_away(path: str, merge: Merge) -> bool:
    before, after = merge.touched.get(path, (None, None))
    return before is not None and after is None


def _prepare(
    quarantine: Quarantine, repository: Repository, merge: Merge, intent: Intent, commit: str
) -> Journal:
    """Lay everything ready in a folder of its own: files before and after, the index, the journal."""
    folder = new_folder(repository)
    try:
        written = [path for path, (_, after) in merge.touched.items() if after and after.mode != GITLINK]
        quarantine.check_out(merge.tree, written, folder / "after")
        journal = Journal(
            folder=folder,
            head=merge.head,
            intent=intent,
            kept=tuple(_keep(repository.work_tree, folder, path, merge) for path in merge.touched),
            folders=tuple(_new_folders(repository.work_tree, written)),
            conflicts=tuple(conflict.path for conflict in merge.conflicts),
            commit=commit,
        )
        _keep_files(repository.work_tree, journal)
        # With its time: git tells by it which files have changed too soon after for their own times to show it.
        shutil.copy2(repository.index, journal.index)
        lines = "".join(f"{line}\0" for line in index_lines(merge))
        repository.under(GIT_INDEX_FILE=str(journal.index)).git("update-index", "-z", "--index-info", stdin=lines)
        return journal.write()
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise


def _keep(top: Path, folder: Path, path: str, merge: Merge) -> Kept:
    before, after = merge.touched[path]
    return Kept(
        path,
        before,
        fingerprint(top / path) if before is not None else "",
        # Git checks no submodule out; where a folder is none of the two, it is another path's.
        fingerprint(folder / "after" / path) if after is not None and after.mode != GITLINK else "",
    )


def _keep_files(top: Path, journal: Journal) -> None:
    (journal.folder / "before").mkdir()
    for kept in journal.kept:
        if kept.print_before not in {"", "folder"}:
            shutil.copy2(top / kept.path, journal.before(kept), follow_symlinks=False)


def _new_folders(top: Path, written: list[str]) -> Iterator[str]:
    parents = {parent for path in written for parent in _parents(path)}
    yield from sorted(parent for parent in parents if not (top / parent).is_dir())


def _parents(path: str) -> list[str]:
    parts = path.split("/")[:-1]
    return ["/".join(parts[: count + 1]) for count in range(len(parts))]


@contextmanager
def _locked(repository: Repository, journal: Journal, index: bytes) -> Iterator[None]:
    """Let the new index be git's own lock; at the end of the block it becomes the index."""
    lock = Path(f"{repository.index}.lock")
    _take(lock, journal.index)
    if index != (repository.index.read_bytes() if repository.index.exists() else b""):
        raise Transient("git's index has changed in the meantime", hint="try again")
    yield
    lock.rename(repository.index)
    if journal.commit:
        repository.git("update-ref", "-m", journal.intent.message, "HEAD", journal.commit, journal.head)


def _take(lock: Path, index: Path) -> None:
    try:
        lock.hardlink_to(index)
        return
    except FileExistsError as error:
        raise Transient(f"another git works here: {lock} exists", hint="try again when it is done") from error
    except OSError:
        # A file system without hard links.
        descriptor = os.open(lock, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(index.read_bytes())


def _carry_out(repository: Repository, journal: Journal) -> None:
    changing = [kept for kept in journal.kept if kept.print_before != kept.print_after]
    for kept in changing:
        if not kept.print_after and kept.print_before != "folder":
            remove(repository.work_tree, kept.path)
    for kept in changing:
        if kept.print_after:
            place(journal.after(kept), repository.work_tree / kept.path)
