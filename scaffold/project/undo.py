"""Ends an update that is under way: takes it back, or lets go of it when it is resolved."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from scaffold.errors import InputError, NotOk
from scaffold.project.journal import Journal, Kept, fingerprint, folder_for, interrupted, read_journal, sweep
from scaffold.project.placing import beside, place
from scaffold.project.repository import NO_OBJECT, Entry, Repository, commit_tree


def recover(repository: Repository) -> list[Journal]:
    """Put back what updates that were killed have left, of any project here, and return their journals.

    Raises InputError when a file was edited since: `--abort` says then that it may go.
    """
    sweep(repository)
    found = list(interrupted(repository))
    incomplete = [journal for journal in found if not _is_committed(repository, journal)]
    for journal in incomplete:
        edited = [kept for kept in journal.kept if _is_edited(repository.work_tree, kept)]
        if edited:
            raise InputError(
                f"an update was killed half-way, and {repository.name(edited[0].path)} has been edited since",
                hint="`scaffold update --abort` puts everything back as it was before the update",
            )
    for journal in found:
        take_back(repository, journal)
    return incomplete


def pending(repository: Repository, answers_file: str) -> Journal | None:
    """Return the update of a project that lies in the work tree, not committed; None when there is none.

    One that was committed or taken back by the user's own means is over: its journal is dropped.
    """
    journal = read_journal(folder_for(repository, answers_file))
    if journal is None or not journal.applied:
        return journal
    if journal.head == repository.head() and _staged(repository, journal):
        return journal
    journal.drop()
    return None


def take_back(repository: Repository, journal: Journal) -> None:
    """Put the index and the files of an update back as they were; it can be stopped and repeated.

    One whose commit is in its place is complete, and stays.
    """
    if _is_committed(repository, journal):
        journal.drop()
        return
    if journal.applied:
        # Stopped on its way back it is no better than one stopped on its way in: the next run goes on.
        journal = journal.write(applied=False)
    _unlock(repository, journal)
    top = repository.work_tree
    for kept in journal.kept:
        beside(top / kept.path).unlink(missing_ok=True)
        if not kept.print_before and fingerprint(top / kept.path) not in {"", "folder"}:
            (top / kept.path).unlink()
    for folder in sorted(journal.folders, key=len, reverse=True):
        with suppress(OSError):
            (top / folder).rmdir()
    for kept in journal.kept:
        if kept.print_before not in {"", "folder", fingerprint(top / kept.path)}:
            _put_back(journal, kept, top / kept.path)
    _restore_index(repository, journal)
    journal.drop()


def unresolved(repository: Repository, journal: Journal) -> list[str]:
    """Return the paths that still are in conflict: unmerged in the index, or staged with our markers in them."""
    entries = _entries(repository, journal)
    left = []
    for path in journal.conflicts:
        stages = entries.get(path, {})
        if any(stage for stage in stages) or (0 in stages and _has_marker(repository, stages[0], journal)):
            left.append(path)
    return left


def finish(repository: Repository, journal: Journal) -> str:
    """Let go of an update that is resolved, and commit the index when that was wanted; return the commit or "".

    Raises NotOk with the paths that are still in conflict.
    """
    left = unresolved(repository, journal)
    if left:
        names = ", ".join(repository.name(path) for path in left)
        raise NotOk(f"still in conflict: {names}", hint="edit, `git add`, then `scaffold update --continue`")
    commit = ""
    if journal.intent.wants_commit:
        tree = repository.git("write-tree").strip()
        commit = commit_tree(repository, tree, journal.head, journal.intent.message)
        repository.git("update-ref", "-m", journal.intent.message, "HEAD", commit, journal.head)
    journal.drop()
    return commit


def _is_committed(repository: Repository, journal: Journal) -> bool:
    return bool(journal.commit) and repository.head() == journal.commit


def _is_edited(top: Path, kept: Kept) -> bool:
    return fingerprint(top / kept.path) not in {kept.print_before, kept.print_after, ""}


def _put_back(journal: Journal, kept: Kept, target: Path) -> None:
    # By way of the journal's folder: half a copy is nothing that lies between the user's files.
    ready = journal.folder / "back"
    ready.unlink(missing_ok=True)
    shutil.copy2(journal.before(kept), ready, follow_symlinks=False)
    place(ready, target)


def _unlock(repository: Repository, journal: Journal) -> None:
    lock = Path(f"{repository.index}.lock")
    with suppress(FileNotFoundError):
        if lock.samefile(journal.index) or lock.read_bytes() == journal.index.read_bytes():
            lock.unlink()


def _restore_index(repository: Repository, journal: Journal) -> None:
    entries = _entries(repository, journal)
    lines = []
    for kept in journal.kept:
        wanted = {0: kept.before} if kept.before else {}
        if entries.get(kept.path, {}) != wanted:
            lines.append(f"0 {NO_OBJECT}\t{kept.path}")
            lines += [kept.before.line(kept.path)] if kept.before else []
    if lines:
        lines.sort(key=lambda line: not line.startswith("0 "))
        repository.git("update-index", "-z", "--index-info", stdin="".join(f"{line}\0" for line in lines))
        repository.attempt("update-index", "-q", "--refresh")


def _staged(repository: Repository, journal: Journal) -> bool:
    entries = _entries(repository, journal)
    return any(entries.get(kept.path, {}) != ({0: kept.before} if kept.before else {}) for kept in journal.kept)


def _entries(repository: Repository, journal: Journal) -> dict[str, dict[int, Entry]]:
    found: dict[str, dict[int, Entry]] = {}
    prefix = journal.intent.prefix
    for path, stage, entry in repository.entries("--", *([prefix] if prefix else [])):
        found.setdefault(path, {})[stage] = entry
    return found


def _has_marker(repository: Repository, entry: Entry, journal: Journal) -> bool:
    content = repository.git_bytes("cat-file", "blob", entry.object)
    markers = (f"<<<<<<< {journal.intent.yours}", f">>>>>>> {journal.intent.new}")
    return all(os.fsencode(marker) in content for marker in markers)
