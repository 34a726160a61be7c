"""Finds projects: folders with an answers file, or several where more than one blueprint has made it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from scaffold.errors import InputError

_PATTERN = ".copier-answers*.y*ml"
# What is fetched or built can hold copies of projects, and thousands of files.
_PASSED_OVER = {".git", ".venv", "node_modules", "target", "vendor", "venv"}


def answers_files(project: Path) -> list[str]:
    """Return the names of a project's answers files, that without a name of its own first."""
    found = (path.name for path in project.glob(_PATTERN) if path.is_file())
    wanted = (name for name in found if name.endswith((".yml", ".yaml")))
    return sorted(wanted, key=lambda name: (name.count("."), name))


def answers_file(project: Path, wanted: str = "") -> str:
    """Return the answers file that is meant: `wanted`, else the only one.

    Raises InputError when there is none, or more than one to choose from.
    """
    found = answers_files(project)
    if wanted:
        if not (project / wanted).is_file():
            raise InputError(f"{project} has no {wanted}", hint=f"there are: {', '.join(found) or 'none'}")
        return wanted
    if not found:
        raise InputError(
            f"{project} has no .copier-answers.yml, so no blueprint made it that could be followed",
            hint="name the project's folder, or restore the file from git",
        )
    if len(found) > 1:
        raise InputError(f"{project} has several: {', '.join(found)}", hint="name one with --answers-file")
    return found[0]


def projects_below(folder: Path) -> Iterator[tuple[Path, str]]:
    """Yield each project in a folder or below it, with the name of its answers file, in the order of their paths.

    Links are not followed.
    """
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if name not in _PASSED_OVER)
        if any(name.startswith(".copier-answers") for name in files):
            for name in answers_files(Path(root)):
                yield Path(root), name
