"""How authors of blueprints see what their commands did."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import click

from scaffold.authoring.problem import Problem
from scaffold.catalog.publish import Published
from scaffold.flows.blueprint import Linted, Tested, Tried
from scaffold.ui.terminal import faint, heading, human_seconds, printable, say


def print_begun(folder: Path, written: Sequence[Path]) -> None:
    """Print what was written, and what to do next."""
    for path in written:
        say(_shown(path))
    catalog = folder.parent
    say(f"\nNext:\n  scaffold blueprint lint {folder}\n  scaffold blueprint test {folder}")
    say(f"  scaffold new hello --catalog {'.' if catalog == Path() else catalog} --blueprint {folder.name}")


def print_linted(linted: Sequence[Linted]) -> None:
    """Print a line a mistake, as compilers do, and a mark for each blueprint without any."""
    for one in linted:
        for problem in one.problems:
            say(_line(problem))
        if not one.problems:
            say(f"{click.style('✓', fg='green')} {one.blueprint}")


def print_tried(tried: Tried) -> None:
    """Print how one case ended."""
    mark = click.style("✓", fg="green") if tried.ok else click.style("✗", fg="red")
    say(f"{mark} {_choices(tried.chosen) or 'the only case'}  {faint(human_seconds(tried.seconds))}")
    for failure in tried.failures:
        say(f"    {printable(failure)}")


def print_tested(tested: Tested) -> None:
    """Print the sum."""
    bad = sum(not one.ok for one in tested.tried)
    kind = "all combinations" if tested.complete else "a set with every pair of choices"
    say(f"{len(tested.tried)} cases, {kind}: {f'{bad} failed' if bad else 'all good'}")


def print_published(releases: Sequence[Published]) -> None:
    """Print what was released, and what is left to do where releases are tags."""
    for one in releases:
        say(f"{heading(one.blueprint)} {one.version}")
        if one.archive is not None:
            say(faint(f"{one.archive}, sha256 {one.digest}"))
    if tagged := [one for one in releases if one.archive is None]:
        names = ", ".join(f"{one.blueprint} {one.version}" for one in tagged)
        say(f"\nNext:\n  git commit --all --message 'Release {names}'")
        for one in tagged:
            say(f"  git tag --annotate --message '{one.blueprint} {one.version}' {one.blueprint}/{one.version}")
        say("  git push --follow-tags")


def _line(problem: Problem) -> str:
    line = f":{problem.line}" if problem.line else ""
    hint = faint(f"  {problem.hint}") if problem.hint else ""
    return f"{_shown(problem.path)}{line}: {printable(problem.message)}{hint}"


def _shown(path: Path) -> str:
    here = Path.cwd()
    return str(path.relative_to(here)) if path.is_relative_to(here) else str(path)


def _choices(chosen: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}={value}" for name, value in chosen.items())
