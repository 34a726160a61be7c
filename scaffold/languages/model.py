"""What the program knows of a language: never how its Dockerfile looks, that is the blueprint's."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol


class Language(Protocol):
    """One language. `id` is what a blueprint's `language` names."""

    id: str
    title: str
    network_variables: tuple[str, ...]
    """Environment variables that lead its package manager to mirrors; a build gets those that are set."""

    dependency_commands: tuple[str, ...]
    """How an instruction that fetches dependencies can be recognised in a builder's output."""

    download_words: tuple[str, ...]
    """How the lines begin that its package manager prints when it fetches something."""

    def recognise(self, project: Path) -> bool:
        """Tell whether the project is written in this language."""

    def source_to_change(self, project: Path) -> Path | None:
        """Return the source file of the program's entry point, or None."""

    def one_line(self, marker: str) -> str:
        """Return one line of valid code to append to a source file; `marker` makes it unlike the last."""
