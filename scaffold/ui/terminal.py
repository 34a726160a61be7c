"""The one door to the terminal: lines, tables and progress, in colour only where there is a terminal."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console


_UNBOUNDED = 10_000


def is_interactive() -> bool:
    """Whether a person can be asked: both stdin and stdout are a terminal."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def console(*, stderr: bool = False) -> Console:
    """Return rich's console: plain text where there is no terminal or NO_COLOR is set."""
    from rich.console import Console

    return Console(stderr=stderr, highlight=False)


def say(text: str = "", *, err: bool = False) -> None:
    """Print one line."""
    click.echo(text, err=err)


def heading(text: str) -> str:
    """Return `text` as a heading."""
    return click.style(text, bold=True)


def printable(text: str) -> str:
    """Return `text` without what could steer the terminal: a file name or a log line may hold anything."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def faint(text: str) -> str:
    """Return `text` as an aside."""
    return click.style(text, dim=True)


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], *, title: str = "", right: Sequence[int] = ()
) -> None:
    """Print a table; `right` are the indices of the columns that hold figures.

    Where stdout is no terminal the columns keep their natural width: a log or `grep` sees whole cells.
    """
    from rich import box
    from rich.table import Table

    drawn = Table(title=title or None, box=box.SIMPLE, title_justify="left", pad_edge=False)
    for index, column in enumerate(columns):
        drawn.add_column(column, justify="right" if index in right else "left", overflow="fold")
    for row in rows:
        drawn.add_row(*row)
    target = console()
    if not sys.stdout.isatty():
        target.width = _UNBOUNDED
    target.print(drawn)


def human_bytes(size: float) -> str:
    """Return a size in decimal units as registries show them: 7_230_000 is `7.23 MB`."""
    for unit in ("B", "kB", "MB"):
        if size < 1000:
            return f"{size:.0f} {unit}" if unit == "B" else f"{size:.2f} {unit}"
        size /= 1000
    return f"{size:.2f} GB"


def human_seconds(seconds: float) -> str:
    """Return a duration: `0.4 s`, `12.0 s`, `2 min 5 s`."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"
