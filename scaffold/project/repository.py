"""The one place that runs git on a user's repository: with the settings that files need, without those that act.

What decides how a file is stored stays the user's: attributes, autocrlf, filters, merge drivers, the style of
conflicts. What would run, ask or print stays out: hooks, signatures, external diffs, file system monitors.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Self

from scaffold.errors import InputError, ProgramError, Unavailable
from scaffold.run import Output, redact, run_exactly

# `merge-tree --write-tree` came with 2.38.
OLDEST_GIT = (2, 38)
NO_OBJECT = "0" * 40
GITLINK = 0o160000

_SETTINGS = {
    "advice.addEmbeddedRepo": "false",
    "color.ui": "false",
    # Whole object names: labels are put in their place afterwards.
    "core.abbrev": "no",
    "core.fsmonitor": "false",
    "core.hooksPath": "/dev/null",
    "core.quotePath": "false",
    # It would make `git add` refuse what it can store.
    "core.safecrlf": "false",
    "diff.mnemonicPrefix": "false",
    "diff.noPrefix": "false",
    "diff.renames": "true",
    "gc.auto": "0",
    "i18n.commitEncoding": "UTF-8",
    "maintenance.auto": "false",
    "merge.directoryRenames": "conflict",
    "merge.renames": "true",
    "merge.verbosity": "2",
    "submodule.recurse": "false",
}
_ENVIRONMENT = {
    "GIT_LITERAL_PATHSPECS": "1",
    "GIT_MERGE_VERBOSITY": "2",
    # A `git status` must not refresh the user's index on the way.
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}
NOBODY = {
    f"GIT_{role}_{part}": value
    for role in ("AUTHOR", "COMMITTER")
    for part, value in (("NAME", "scaffold"), ("EMAIL", "scaffold@localhost"), ("DATE", "@0 +0000"))
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file as git stores it: its mode (0o100644, 0o100755, 0o120000 or 0o160000) and its object's name."""

    mode: int
    object: str

    def line(self, path: str, stage: int = 0) -> str:
        """Return it as `git update-index --index-info` takes it."""
        return f"{self.mode:06o} {self.object} {stage}\t{path}"


@dataclass(frozen=True, slots=True)
class Repository:
    """A git repository and the project's folder in it.

    `top` is the root of the work tree, None in a bare repository. `prefix` is the project's folder seen from
    there, "" or "services/orders". Paths below are seen from the root of the work tree too.
    """

    git_dir: Path
    objects: Path
    index: Path
    top: Path | None
    prefix: str
    environment: Mapping[str, str] = field(default_factory=dict)

    @property
    def work_tree(self) -> Path:
        """The root of the work tree; raises InputError in a bare repository."""
        if self.top is None:
            raise InputError(
                f"{self.git_dir} has no work tree", hint="let the update make a branch: --branch NAME"
            )
        return self.top

    @property
    def folder_name(self) -> str:
        """The name of the repository's folder."""
        return self.top.name if self.top else self.git_dir.name.removesuffix(".git")

    def path(self, name: str) -> str:
        """Return where a file of the project is, seen from the root of the repository."""
        return f"{self.prefix}/{name}" if self.prefix else name

    def name(self, path: str) -> str:
        """Return what a path in the repository is called in the project."""
        return path.removeprefix(f"{self.prefix}/") if self.prefix else path

    def under(self, **environment: str) -> Self:
        """Return the same repository with more environment for git."""
        return replace(self, environment={**self.environment, **environment})

    def git(self, *words: str, stdin: str | bytes = b"") -> str:
        """Run git and return what it printed; raises ProgramError with its last words."""
        return os.fsdecode(self.git_bytes(*words, stdin=stdin))

    def git_bytes(self, *words: str, stdin: str | bytes = b"") -> bytes:
        """Run git and return the bytes that it printed; raises ProgramError with its last words."""
        output = self.attempt(*words, stdin=stdin)
        if output.code:
            raise ProgramError(f"`git {words[0]}` failed", output=redact(os.fsdecode(output.stderr)).rstrip())
        return output.stdout

    def attempt(self, *words: str, stdin: str | bytes = b"") -> Output:
        """Run git, whatever it exits with."""
        text = os.fsencode(stdin) if isinstance(stdin, str) else stdin
        environment = {"GIT_DIR": str(self.git_dir)} | _ENVIRONMENT | dict(self.environment)
        if self.top is not None and "GIT_WORK_TREE" not in environment:
            environment["GIT_WORK_TREE"] = str(self.top)
        folder = Path(environment.get("GIT_WORK_TREE", self.git_dir))
        return run_exactly(["git", *settings(), *words], cwd=folder, env=environment, stdin=text)

    def head(self) -> str:
        """Return the commit that is checked out; raises InputError when there is none yet."""
        output = self.attempt("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
        if output.code:
            raise InputError(
                f"{self.top or self.git_dir} has no commit yet",
                hint="commit the project first: an update is told from your own work by it",
            )
        return output.stdout.decode().strip()

    def read(self, revision: str, path: str) -> bytes | None:
        """Return the content of a file in a revision, None when it is not there."""
        output = self.attempt("cat-file", "blob", f"{revision}:{path}")
        return None if output.code else output.stdout

    def entries(self, *words: str) -> Iterator[tuple[str, int, Entry]]:
        """Yield path, stage and entry of what is in the index and fits `words` of `git ls-files`."""
        for line in records(self.git("ls-files", "--stage", "-z", *words)):
            mode, name, rest = line.split(" ", 2)
            stage, _, path = rest.partition("\t")
            yield path, int(stage), Entry(int(mode, 8), name)


def commit_tree(repository: Repository, tree: str, parent: str, message: str) -> str:
    """Make a commit and return its name: the user is the author, no hook runs, nothing is signed."""
    known = repository.attempt("config", "user.email").code == 0 or "GIT_AUTHOR_EMAIL" in os.environ
    names = {} if known else {key: value for key, value in NOBODY.items() if not key.endswith("DATE")}
    return repository.under(**names).git("commit-tree", tree, "-p", parent, "-m", message).strip()


def settings() -> list[str]:
    """Return the words that keep git from acting on a user's settings."""
    return [word for name, value in _SETTINGS.items() for word in ("-c", f"{name}={value}")]


def records(text: str) -> list[str]:
    """Split what git printed with -z."""
    return text.split("\0")[:-1] if text else []


def open_repository(folder: Path, subfolder: str = "") -> Repository:
    """Find the repository of a project's folder; in a bare one the project is at `subfolder`.

    Raises InputError outside of a repository, Unavailable for a git that is missing or too old.
    """
    _check_version()
    asked = ["--is-bare-repository", "--is-inside-work-tree", "--absolute-git-dir", "--show-prefix"]
    paths = ["--git-path", "objects", "--git-path", "index", "--show-cdup"]
    output = run_exactly(["git", *settings(), "rev-parse", *asked, *paths], cwd=folder)
    if output.code:
        raise _not_a_repository(folder, os.fsdecode(output.stderr))
    _, inside, git_dir, prefix, objects, index, up = os.fsdecode(output.stdout).split("\n")[:7]
    has_files = inside == "true"
    return Repository(
        git_dir=Path(git_dir),
        objects=(folder / objects).resolve(),
        index=(folder / index).absolute(),
        top=Path(os.path.realpath(folder / up)) if has_files else None,
        prefix=(prefix if has_files else subfolder).strip("/"),
    )


def _not_a_repository(folder: Path, words: str) -> Exception:
    if "not a git repository" in words:
        return InputError(
            f"{folder} is not in a git repository",
            hint="`git init`, `git add` and `git commit` first: git does the merge",
        )
    return ProgramError(f"git cannot read the repository of {folder}", output=redact(words).rstrip())


def _check_version() -> None:
    text = run_exactly(["git", "version"]).stdout.decode()
    found = re.search(r"(\d+)\.(\d+)", text)
    if found and (int(found[1]), int(found[2])) < OLDEST_GIT:
        oldest = ".".join(map(str, OLDEST_GIT))
        raise Unavailable(f"git {found[0]} is too old for this", hint=f"install git {oldest} or newer")
