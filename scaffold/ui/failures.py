"""How a failure is shown: one line and a hint, one JSON object, or a report of a bug to paste."""

from __future__ import annotations

import platform
import sys
import traceback

import click

from scaffold import __version__
from scaffold.errors import AnswersError, ProgramError, ScaffoldError
from scaffold.run import redact
from scaffold.ui.documents import failure_document, print_document

ISSUES = "https://github.com/container-scaffold/container-scaffold/issues"


def print_error(error: ScaffoldError, *, command: str, as_json: bool) -> None:
    """Print an expected failure: to stdout as JSON, else to stderr."""
    if as_json:
        print_document(failure_document(error, command=command))
        return
    for line in _lines(error):
        click.echo(line, err=True)


def _lines(error: ScaffoldError) -> list[str]:
    mark = click.style("error:", fg="red", bold=True)
    problems = error.problems if isinstance(error, AnswersError) else [error.message]
    lines = [f"{mark} {redact(problem)}" for problem in problems]
    if isinstance(error, ProgramError) and error.output:
        lines += [f"  | {line}" for line in error.output.splitlines()]
    if error.hint:
        lines.append(f"{click.style('hint:', fg='cyan')} {redact(error.hint)}")
    return lines


def print_bug(error: BaseException, arguments: list[str]) -> None:
    """Print what a maintainer needs to find a bug of ours, to stderr."""
    trace = "".join(traceback.format_exception(error)).rstrip()
    mark = click.style("bug:", fg="red", bold=True)
    click.echo(
        f"{mark} this is our fault. Please paste what follows at {ISSUES}\n\n"
        f"scaffold {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
        f"$ scaffold {redact(' '.join(arguments))}\n"
        f"{redact(trace)}",
        err=True,
    )
    sys.stderr.flush()
