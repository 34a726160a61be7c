"""What git says of a conflict, in a form that a person and a program can use."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from scaffold.project.repository import Entry

_PREFIX = "CONFLICT ("
_BINARY = "Cannot merge binary files"
# By the type in git's own message, see merge-ort.c; what is not here has git's message alone.
_HINTS = {
    "content": "both changed the same lines: keep what you need of each",
    "add/add": "both have added this file: keep what you need of each",
    "modify/delete": "one changed what the other deleted: keep the file with `git add`, or drop it with `git rm`",
    "rename/delete": "one renamed what the other deleted: keep the file with `git add`, or drop it with `git rm`",
    "rename/rename": "both renamed it: keep one name and `git rm` the others",
    "binary": "no text to merge: take one with `git checkout --ours` or `--theirs`, then `git add`",
    "file/directory": "a file of one is a folder of the other: move one of them",
    "distinct": "a file of one is a link of the other: keep one of them",
    "file location": "you moved the folder: `git add` this new file where it belongs",
    "rename involved in collision": "two files came to one name: keep what you need of each",
    "submodule": "a submodule is in the way: choose its commit and `git add` it",
}
_YOURS_DELETED = (
    "you deleted or moved it, the release changed it: `git rm` it again, or take the release's with `git add`"
)
_THEIRS_DELETED = "the release deletes it, you changed it: keep yours with `git add`, or drop it with `git rm`"


@dataclass(frozen=True, slots=True)
class Conflict:
    """One path that git could not merge.

    `kind` is git's word for it, such as "content" or "modify/delete". `stages` has what each side has: 1 the old
    release, 2 yours, 3 the new release.
    """

    path: str
    kind: str
    message: str
    hint: str
    stages: Mapping[int, Entry]


def read_conflicts(
    stages: Mapping[str, Mapping[int, Entry]], messages: Sequence[tuple[Sequence[str], str]]
) -> tuple[Conflict, ...]:
    """Join the unmerged paths with the messages, each with the paths that it is about."""
    return tuple(
        _conflict(path, entries, [text for paths, text in messages if path in paths])
        for path, entries in sorted(stages.items())
    )


def _conflict(path: str, stages: Mapping[int, Entry], messages: Sequence[str]) -> Conflict:
    # A path can have several, such as a rename and a change of content in it; the first names the cause.
    text = next((text for text in messages if text.startswith(_PREFIX)), f"{_PREFIX}content) in {path}")
    kind = text.removeprefix(_PREFIX).partition(")")[0]
    if any(_BINARY in message for message in messages):
        kind = "binary"
    return Conflict(path, kind, " ".join(text.split()), _hint(kind, stages), stages)


def _hint(kind: str, stages: Mapping[int, Entry]) -> str:
    if kind in {"modify/delete", "rename/delete"}:
        return _THEIRS_DELETED if 2 in stages else _YOURS_DELETED
    return next((hint for word, hint in _HINTS.items() if word in kind), "edit it, then `git add` it")
