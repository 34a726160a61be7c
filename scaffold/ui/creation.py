"""How `new` shows what it would write, and what it wrote."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Mapping
from pathlib import Path

from scaffold.flows.new import Created
from scaffold.ui.terminal import console, faint, heading, say

_GIT = {
    "committed": "a git repository with a first commit on main",
    "inside a repository": "no repository of its own: the folder is inside one",
    "not wanted": "no git repository",
    "not installed": "no git repository: git is not installed",
}


def print_preview(files: Mapping[str, str]) -> None:
    """Print the tree, then each file; in colour on a terminal."""
    for name in files:
        say(name)
    for name, text in files.items():
        say(f"\n{heading(f'── {name}')}")
        _print_content(name, text)


def _print_content(name: str, text: str) -> None:
    if not sys.stdout.isatty():
        say(text.rstrip("\n"))
        return
    from rich.syntax import Syntax

    console().print(Syntax(text, Syntax.guess_lexer(name, text), background_color="default"))


def print_created(created: Created, *, note: str = "") -> None:
    """Print what was made and the next three commands."""
    say(f"{heading(str(created.destination))}: {created.blueprint} {created.release}, {len(created.files)} files")
    say(faint(_GIT[created.git]))
    if note:
        say(faint(note))
    say("\nNext:")
    for command in _next_commands(created.destination):
        say(f"  {command}")


def _next_commands(destination: Path) -> list[str]:
    try:
        shown = destination.relative_to(Path.cwd())
    except ValueError:
        shown = destination
    return [f"cd {shlex.quote(str(shown))}", "scaffold verify", "docker compose up --build"]
