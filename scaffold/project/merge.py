"""The three-way merge of an update: old release, your project, new release. Git merges; nothing is changed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from scaffold.errors import ProgramError
from scaffold.project.conflicts import Conflict, read_conflicts
from scaffold.project.quarantine import Quarantine
from scaffold.project.repository import GITLINK, NO_OBJECT, NOBODY, Entry, Repository, records


@dataclass(frozen=True, slots=True)
class Labels:
    """What the sides are called in conflicts: "go 1.0.0", "yours", "go 1.1.0"."""

    old: str
    new: str
    yours: str = "yours"


@dataclass(frozen=True, slots=True)
class Change:
    """One file that the update changes. `status` is "added", "modified", "deleted" or "mode"."""

    path: str
    status: str
    before: Entry | None
    after: Entry | None


@dataclass(frozen=True, slots=True)
class Merge:
    """The outcome. `tree` is that of the whole repository, with markers where there are conflicts.

    `changes` are what turns HEAD into it. `touched` has, for each path that changes or is left in conflict, what
    is there before and after, None for nothing.
    """

    head: str
    tree: str
    changes: tuple[Change, ...]
    conflicts: tuple[Conflict, ...]
    touched: Mapping[str, tuple[Entry | None, Entry | None]]
    labels: Labels


def merge(quarantine: Quarantine, answers_file: str, labels: Labels, yours: str = "") -> Merge:
    """Merge the renders in the quarantine's folders "old" and "new" with HEAD, or with the tree `yours`."""
    repository, head = quarantine.repository, quarantine.head
    old = quarantine.tree("old", answers_file)
    new = quarantine.tree("new", answers_file)
    base = _commit(repository, old)
    ours = _commit(repository, yours or f"{head}^{{tree}}", base)
    theirs = _commit(repository, new, base)
    names = {base: labels.old, ours: labels.yours, theirs: labels.new}
    tree, conflicts = _merged(repository, ours, theirs, lambda text: _named(text, names))
    if conflicts:
        tree = _relabelled(quarantine, tree, names)
    return _outcome(quarantine, tree, conflicts, labels)


def with_tree(quarantine: Quarantine, merged: Merge, tree: str) -> Merge:
    """Return a merge whose outcome is `tree`; its conflicts stay."""
    return _outcome(quarantine, tree, merged.conflicts, merged.labels)


def _outcome(quarantine: Quarantine, tree: str, conflicts: tuple[Conflict, ...], labels: Labels) -> Merge:
    changes = _changes(quarantine.repository, quarantine.head, tree)
    # A conflict can leave the file as it is, such as one between binary files.
    touched = {conflict.path: (quarantine.before.get(conflict.path),) * 2 for conflict in conflicts}
    touched |= {change.path: (change.before, change.after) for change in changes}
    return Merge(quarantine.head, tree, changes, conflicts, dict(sorted(touched.items())), labels)


def _commit(repository: Repository, tree: str, *parents: str) -> str:
    words = [word for parent in parents for word in ("-p", parent)]
    return repository.under(**NOBODY).git("commit-tree", tree, *words, "-m", tree).strip()


def _merged(
    repository: Repository, ours: str, theirs: str, name: Callable[[str], str]
) -> tuple[str, tuple[Conflict, ...]]:
    """Let git merge; exit code 1 are conflicts. The format is that of git-merge-tree(1) with -z."""
    output = repository.attempt("merge-tree", "--write-tree", "--messages", "-z", ours, theirs)
    if output.code not in (0, 1):
        words = output.stderr.decode(errors="replace").rstrip()
        raise ProgramError("`git merge-tree` failed", output=words)
    fields = iter(output.stdout.decode("utf-8", "surrogateescape").split("\0"))
    tree = next(fields)
    stages: dict[str, dict[int, Entry]] = {}
    for line in iter(fields.__next__, "") if output.code else ():
        mode, entry, rest = line.split(" ", 2)
        stage, _, path = rest.partition("\t")
        stages.setdefault(name(path), {})[int(stage)] = Entry(int(mode, 8), entry)
    messages = [(list(map(name, paths)), name(text)) for paths, text in _messages(fields)]
    return tree, read_conflicts(stages, messages)


def _messages(fields: Iterator[str]) -> Iterator[tuple[list[str], str]]:
    for count in fields:
        if count.isdigit():
            paths = [next(fields) for _ in range(int(count))]
            next(fields)
            yield paths, next(fields)


def _named(text: str, names: Mapping[str, str]) -> str:
    """Put labels in the place of the commits' names; in a path, `~` and a label that can be part of one."""
    for commit, label in names.items():
        text = text.replace(f"~{commit}", f"~{re.sub(r'[^A-Za-z0-9._-]+', '-', label)}").replace(commit, label)
    return text


def _relabelled(quarantine: Quarantine, tree: str, names: Mapping[str, str]) -> str:
    """Put labels in the place of the commits' names, in markers and in the paths that git had to make up."""
    repository = quarantine.repository
    lines: list[str] = []
    for change in _changes(repository, quarantine.head, tree):
        if change.after is None or change.after.mode == GITLINK:
            continue
        path, entry = _named(change.path, names), _with_labels(repository, change.after, names)
        if path != change.path:
            lines.append(f"0 {NO_OBJECT}\t{change.path}")
        if (path, entry) != (change.path, change.after):
            lines.append(entry.line(path))
    return quarantine.tree_with(tree, lines) if lines else tree


def _with_labels(repository: Repository, entry: Entry, names: Mapping[str, str]) -> Entry:
    text = repository.git_bytes("cat-file", "blob", entry.object)
    labelled = text
    for commit, label in names.items():
        marker = rb"^([<|>]+ )" + commit.encode()
        labelled = re.sub(marker, rb"\g<1>" + label.encode(), labelled, flags=re.MULTILINE)
    if labelled == text:
        return entry
    return Entry(entry.mode, repository.git("hash-object", "-w", "--stdin", stdin=labelled).strip())


def _changes(repository: Repository, head: str, tree: str) -> tuple[Change, ...]:
    fields = iter(records(repository.git("diff-tree", "-r", "-z", "--raw", "--no-renames", head, tree)))
    return tuple(_change(line, next(fields)) for line in fields)


def _change(line: str, path: str) -> Change:
    before_mode, after_mode, before, after, letter = line.removeprefix(":").split(" ")
    old, new = _entry(before_mode, before), _entry(after_mode, after)
    if old and new and old.object == new.object:
        return Change(path, "mode", old, new)
    return Change(path, {"A": "added", "D": "deleted"}.get(letter, "modified"), old, new)


def _entry(mode: str, name: str) -> Entry | None:
    return Entry(int(mode, 8), name) if int(mode, 8) else None
