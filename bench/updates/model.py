"""What a scenario is made of, the same for every tool."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from tests.project.repositories import Content, Tree


@dataclass(frozen=True)
class Release:
    """A release of a template: its files, in which `{{ name }}` is an answer, and its questions with defaults."""

    files: Tree
    questions: Mapping[str, str] = field(default_factory=lambda: {"project_name": "shop"})


@dataclass(frozen=True)
class Conflict:
    """A file that has to be left to the user: told as a conflict, with what both sides have at hand."""

    mine: str = ""
    theirs: str = ""


# What has to be at a path: a file, a conflict, nothing at all (None), or any of several.
Wanted = Content | Conflict | list[Content | Conflict]


@dataclass
class Workplace:
    """A folder of its own for a scenario and a tool: the repository of the project, the user's home."""

    folder: Path
    top: Path
    project: Path

    def __post_init__(self) -> None:
        self.settings = self.folder / "gitconfig"

    @property
    def environment(self) -> dict[str, str]:
        """What the tools see: a home, a cache and a git of their own."""
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
        places = {f"XDG_{name}_HOME": str(self.folder / name.lower()) for name in ("CACHE", "CONFIG", "DATA")}
        return {
            **inherited,
            **places,
            "HOME": str(self.folder),
            "GIT_CONFIG_GLOBAL": str(self.settings),
            "GIT_CONFIG_NOSYSTEM": "1",
            "NO_COLOR": "1",
            "TERM": "dumb",
            "COLUMNS": "300",
        }

    def run(self, *command: str | Path, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program to its end, whatever it exits with."""
        return subprocess.run(
            list(map(str, command)),
            cwd=cwd or self.top,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=300,
            check=False,
        )

    def git(self, *words: str | Path, cwd: Path | None = None) -> str:
        """Run git as the user, without what a scenario sets up for the tools alone."""
        quiet = ("-c", "core.hooksPath=/dev/null", "-c", "commit.gpgSign=false", "-c", "core.quotePath=false")
        finished = self.run("git", *quiet, *words, cwd=cwd)
        if finished.returncode:
            raise RuntimeError(f"git {words}: {finished.stderr}")
        return finished.stdout

    def commit(self) -> None:
        """Commit all that is there."""
        self.git("add", "--all", "--force")
        self.git("commit", "--quiet", "--allow-empty", "--message", "work")


@dataclass(frozen=True)
class Scenario:
    """One situation, with the right outcome in words and as files of the repository.

    `prepare` is what the user did, all of it committed but what `leave` does. With `may_refuse` it is right as
    well to change nothing. `second` is another template of the same project, from its old to its new release.
    """

    name: str
    expected: str
    old: Release
    new: Release
    wanted: Mapping[str, Wanted]
    prepare: Callable[[Workplace], None] = lambda _: None
    leave: Callable[[Workplace], None] = lambda _: None
    answers: Mapping[str, str] = field(default_factory=dict)
    subfolder: str = ""
    downgrade: bool = False
    may_refuse: bool = False
    second: tuple[Release, Release] | None = None


class Tool(Protocol):
    """A program that makes projects of templates and updates them, used as its documentation says."""

    name: str
    # Files in which it keeps what it knows of a project.
    own_files: Sequence[str]

    def version(self) -> str:
        """Return its name and version."""

    def publish(self, place: Workplace, template: str, version: str, release: Release) -> None:
        """Publish a release of a template in a git repository."""

    def create(self, place: Workplace, template: str) -> None:
        """Make the project of the newest release."""

    def update(
        self, place: Workplace, template: str, to: str, answers: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Update the project to the newest release, or to the one that is named."""
