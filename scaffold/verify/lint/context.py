"""Rules about the build context: what .dockerignore lets in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from scaffold.dockerfile import Instruction
from scaffold.verify.lint.caches import takes_everything
from scaffold.verify.lint.dockerignore import Dockerignore, find_dockerignore
from scaffold.verify.lint.form import REMOTE
from scaffold.verify.lint.rule import Fault, rule
from scaffold.verify.lint.secrets import SECRET_FILE
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import NotApplicable, Severity

_NOT_WALKED = frozenset((".git", "node_modules", ".venv", "venv", "target", "vendor", "__pycache__"))
# Enough for a service's own files; a lint has to stay quick in a folder of anything.
_MOST_FILES = 5000
_NO_COPY = NotApplicable("no instruction takes the whole build context")


def _from_context(subject: LintSubject) -> Iterator[tuple[Instruction, str]]:
    """Give each file or folder of the context that an instruction names."""
    for instruction in subject.everything:
        if instruction.keyword in ("COPY", "ADD") and instruction.flag("from") is None:
            yield from ((instruction, source) for source in instruction.sources if not REMOTE.match(source))
        for mount in instruction.mounts:
            if mount.get("type", "bind") == "bind" and not mount.get("from"):
                yield instruction, mount.get("source", mount.get("src", "."))


def _ignored(subject: LintSubject) -> Dockerignore | None:
    return find_dockerignore(subject.project, subject.dockerfile.name)


def _everything_taken(subject: LintSubject) -> Instruction | None:
    return next((each for each in subject.everything if takes_everything(each)), None)


@rule(
    "lint-dockerignore",
    title="a .dockerignore keeps the build context small",
    why="Without one, everything in the folder can end up in the image, and a change of anything rebuilds it.",
    severity=Severity.WARNING,
)
def dockerignore(subject: LintSubject) -> Iterator[Fault]:
    """There is one, where a build takes anything from its context."""
    if any(_from_context(subject)) and _ignored(subject) is None:
        mend = "begin with `*`, and let in what the build reads: `!go.mod`, `!src`"
        yield Fault("the project has no .dockerignore", mend, place=".dockerignore")


@rule(
    "lint-context-history",
    title=".git stays out of the build context",
    why="The history holds what was deleted, secrets too, and each commit changes it: nothing stays cached.",
    severity=Severity.WARNING,
)
def context_history(subject: LintSubject) -> Iterator[Fault] | NotApplicable:
    """Where a build takes everything, .dockerignore excludes .git."""
    taken, ignored = _everything_taken(subject), _ignored(subject)
    if taken is None:
        return _NO_COPY
    if ignored is None or ignored.excludes(".git"):
        return iter(())
    fault = Fault(
        f"line {taken.start_line} takes .git too", f"add the line .git to {ignored.name}", place=ignored.name
    )
    return iter((fault,))


@rule(
    "lint-context-secrets",
    title="files of secrets stay out of the build context",
    why="An instruction that takes everything puts them into a layer, where everybody who can pull finds them.",
)
def context_secrets(subject: LintSubject) -> Iterator[Fault] | NotApplicable:
    """Where a build takes everything, .dockerignore excludes .env and what is there with such a name."""
    taken, ignored = _everything_taken(subject), _ignored(subject)
    if taken is None:
        return _NO_COPY
    if ignored is None:
        return iter(())
    return (
        Fault(
            f"line {taken.start_line} takes {path} too",
            f"add the line {path} to {ignored.name}",
            place=ignored.name,
        )
        for path in dict.fromkeys((".env", *_secret_files(subject.project)))
        if not ignored.excludes(path)
    )


def _secret_files(project: Path) -> Iterator[str]:
    return (path for path in islice(_files(project), _MOST_FILES) if SECRET_FILE.search(path))


def _files(project: Path) -> Iterator[str]:
    for folder, folders, names in os.walk(project):
        folders[:] = sorted(set(folders) - _NOT_WALKED)
        for name in sorted(names):
            yield (Path(folder) / name).relative_to(project).as_posix()


@rule(
    "lint-copy-ignored",
    title="what is copied is not ignored",
    why="The builder does not see the file, and fails.",
)
def copy_ignored(subject: LintSubject) -> Iterator[Fault]:
    """No file that an instruction names is excluded by .dockerignore."""
    ignored = _ignored(subject)
    if ignored is None:
        return
    for instruction, source in _from_context(subject):
        path = source.strip("\"'").removeprefix("./").strip("/")
        if path in ("", ".") or any(sign in path for sign in ("*", "?", "[", "$", "..", "\0")):
            continue
        if _is_kept_out(subject.project, path, ignored):
            mend = f"add the line !{path} at the end of {ignored.name}, or copy something else"
            yield Fault(f"{ignored.name} keeps {path} out", mend, instruction.start_line)


def _is_kept_out(project: Path, path: str, ignored: Dockerignore) -> bool:
    """A folder is kept out when each of its files is, one that is not there yet when nothing in it is let in."""
    if not ignored.excludes(path):
        return False
    if not _is_there(project / path):
        return not any(negated and pattern.startswith(f"{path}/") for negated, pattern in ignored.patterns)
    inside = islice(_files(project / path), _MOST_FILES) if (project / path).is_dir() else ()
    return all(ignored.excludes(f"{path}/{name}") for name in inside)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        # A name that is too long is no file.
        return False


CHECKS = (dockerignore, context_history, context_secrets, copy_ignored)
