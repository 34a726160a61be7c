"""What git itself makes of a history: three real commits in another repository, and an ordinary `git merge`."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scaffold.run import run_exactly
from tests.project.repositories import files as files_of
from tests.update.histories import Files, History

OURS, THEIRS = "yours", "go 1.1.0"
_NOBODY = {f"GIT_{role}_{part}": "tester" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
_LABEL = re.compile(rb"^([<>]{7,}) (HEAD|theirs)\b", re.MULTILINE)
_BASE = re.compile(rb"^(\|{7,}) [^\r\n]*", re.MULTILINE)
_MADE_UP = re.compile(r"~(HEAD|theirs)(?=[_/]|$)")


@dataclass(frozen=True)
class Outcome:
    """A merge as it lies in a repository: each stage of the index, each file with its mode, each folder."""

    index: frozenset[str]
    files: dict[str, tuple[int, bytes]]
    folders: frozenset[str]

    def without(self, names: set[str]) -> Outcome:
        """Return it without files that are none of git's business, and the folders above them."""
        above = {parent.as_posix() for name in names for parent in PurePosixPath(name).parents}
        kept = {name: file for name, file in self.files.items() if name not in names}
        return Outcome(self.index, kept, self.folders - above)

    def differences(self, other: Outcome) -> list[str]:
        """Tell where another outcome is not the same."""
        return [
            *(f"index: {line}" for line in sorted(self.index ^ other.index)),
            *(
                f"file: {name}: {self.files.get(name)} and {other.files.get(name)}"
                for name in sorted(self.files.keys() | other.files.keys())
                if self.files.get(name) != other.files.get(name)
            ),
            *(f"folder: {name}" for name in sorted(self.folders ^ other.folders)),
        ]


def read_outcome(top: Path) -> Outcome:
    """Read what lies in a repository."""
    normal = {name: (mode, _BASE.sub(rb"\1", content)) for name, (mode, content) in files_of(top).items()}
    index = git(top, "ls-files", "--stage", "-z").split("\0")[:-1]
    return Outcome(frozenset(index), normal, frozenset(_folders(top)))


def _folders(top: Path) -> Iterator[str]:
    for root, names, _ in os.walk(top):
        names[:] = [name for name in names if name != ".git"]
        places = [Path(root, name) for name in names]
        yield from (place.relative_to(top).as_posix() for place in places if not place.is_symlink())


def git(top: Path, *words: str, stdin: bytes = b"", env: Mapping[str, str] | None = None) -> str:
    output = run_exactly(["git", *words], cwd=top, env={**_NOBODY, **(env or {})}, stdin=stdin)
    assert output.code == 0, os.fsdecode(output.stderr)
    return os.fsdecode(output.stdout)


def import_commits(top: Path, **trees: tuple[Files, str]) -> None:
    """Make a branch of each name with one more commit: its tree, and the branch that it starts from or ""."""
    stream = b"".join(
        part for name, (files, start) in trees.items() for part in _commit(f"refs/heads/{name}", files, start)
    )
    git(top, "fast-import", "--quiet", "--force", stdin=stream)


def _commit(ref: str, files: Files, start: str) -> Iterator[bytes]:
    yield f"reset {ref}\ncommit {ref}\ncommitter tester <tester> 0 +0000\ndata 4\nwork\n".encode()
    if start:
        yield f"from refs/heads/{start}\n".encode()
    yield b"deleteall\n"
    for name, file in files.items():
        yield f"M {file.mode:06o} inline {name}\ndata {len(file.data)}\n".encode() + file.data + b"\n"


def make_repository(top: Path) -> None:
    top.mkdir(parents=True)
    git(top, "init", "--quiet", "--template=", "--initial-branch=main")


def merge_with_git(top: Path, history: History, answers: tuple[Files, Files], label: str = THEIRS) -> Outcome:
    """Merge a history in a repository that holds nothing else, and read the outcome.

    `answers` are the answers files of both releases; `label` is what the new one is called in conflicts.
    """
    if top.exists():
        shutil.rmtree(top)
    make_repository(top)
    old, new = answers
    import_commits(
        top,
        base=(history.tree(old | history.old), ""),
        main=(history.tree(old | history.mine), "base"),
        theirs=(history.tree(new | history.new), "base"),
    )
    for name, value in history.settings.items():
        git(top, "config", name, value)
    git(top, "checkout", "--quiet", "--force", "main")
    renames = ("-c", "merge.renames=true", "-c", "merge.directoryRenames=conflict")
    output = run_exactly(
        ["git", *renames, "merge", "--quiet", "--no-commit", "--no-ff", "theirs"], cwd=top, env=_NOBODY
    )
    assert output.code in (0, 1), output.stderr
    return _in_our_words(read_outcome(top), label)


def _in_our_words(outcome: Outcome, label: str) -> Outcome:
    ours = {"HEAD": OURS, "theirs": label}

    def renamed(name: str) -> str:
        return _MADE_UP.sub(lambda match: f"~{ours[match[1]].replace(' ', '-')}", name)

    def labelled(text: bytes) -> bytes:
        return _LABEL.sub(lambda match: match[1] + b" " + ours[match[2].decode()].encode(), text)

    return Outcome(
        frozenset(map(renamed, outcome.index)),
        {renamed(name): (mode, labelled(text)) for name, (mode, text) in outcome.files.items()},
        frozenset(map(renamed, outcome.folders)),
    )
