"""How `status` shows projects: one at length, several a line each."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from scaffold.ui.terminal import faint, heading, printable, say

if TYPE_CHECKING:
    from scaffold.catalog.changelog import Section
    from scaffold.flows.status import State
    from scaffold.project.drift import Drift

_LETTERS = {"modified": "M", "mode": "X", "missing": "D", "replaced": "T"}


def print_states(states: Iterator[State]) -> list[State]:
    """Print projects as they come and return them; the only one at length, else a line each and a sum."""
    first = next(states)
    second = next(states, None)
    if second is None:
        _print_one(first)
        return [first]
    shown = []
    for state in chain([first, second], states):
        _print_line(state)
        shown.append(state)
    _print_sum(shown)
    return shown


def print_healed(names: Sequence[str]) -> None:
    """Print which files were restored."""
    for name in names:
        say(f"restored {printable(name)}")
    if not names:
        say("nothing to restore")


def print_diff(text: str) -> None:
    """Print a unified diff, in git's colours on a terminal."""
    colours = {"+": "green", "-": "red", "@": "cyan"}
    for line in text.splitlines():
        bold = line.startswith(("+++", "---", "diff "))
        say(
            click.style(
                printable(line.replace("\t", "    ")), bold=bold, fg=None if bold else colours.get(line[:1])
            )
        )


def print_changes(sections: Sequence[Section]) -> None:
    """Print sections of a changelog."""
    for section in sections:
        say(heading(f"{section.version}{f' - {section.date}' if section.date else ''}"))
        for line in section.text.splitlines():
            say(f"  {printable(line)}")


def _print_one(state: State) -> None:
    name = Path(state.project).resolve().name
    say(f"{heading(name)}: {state.blueprint} {state.release}, {_standing(state)}")
    say(faint(state.source + (f" ({state.note})" if state.note else "")))
    if state.edited:
        say(f"{state.answers_file} was edited by hand; `scaffold update` carries that out")
    print_changes(state.changes)
    if state.problem:
        say(f"{click.style('not compared:', fg='yellow')} {state.problem}")
        say(f"{click.style('hint:', fg='cyan')} {state.hint}")
        return
    say("no drift" if not state.drift else f"{_files(len(state.drift))} from {state.blueprint} {state.release}:")
    for one in state.drift:
        say(f"  {_letter(one)} {printable(one.path)}")
    for text in state.diffs.values():
        say()
        print_diff(text)


def _print_line(state: State) -> None:
    if state.problem and not state.release:
        say(f"{state.project}: {click.style('problem:', fg='yellow')} {state.problem}")
        return
    words = [f"{state.blueprint} {state.release}", _standing(state)]
    if state.problem:
        words.append(click.style(f"not compared: {state.problem}", fg="yellow"))
    elif state.drift:
        words.append(_files(len(state.drift)))
    if state.edited:
        words.append("answers edited")
    say(f"{state.project}: {', '.join(words)}")
    for text in state.diffs.values():
        print_diff(text)


def _print_sum(states: Sequence[State]) -> None:
    counts = {
        "behind": sum(state.behind for state in states),
        "drifted": sum(bool(state.drift) for state in states),
        "not compared": sum(bool(state.problem) for state in states),
    }
    words = [f"{count} {what}" for what, count in counts.items() if count]
    say(heading(f"{len(states)} projects: {', '.join(words) or 'all current'}"))


def _standing(state: State) -> str:
    if state.behind:
        return click.style(f"{state.newest} is there", fg="yellow")
    return click.style("the newest", fg="green")


def _files(count: int) -> str:
    return f"{count} file differs" if count == 1 else f"{count} files differ"


def _letter(one: Drift) -> str:
    return click.style(_LETTERS[one.kind], fg="red")
