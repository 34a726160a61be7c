"""How a verification is shown while it runs: live on a terminal, else plain lines, nothing with --json."""

from __future__ import annotations

import sys
import time
from types import TracebackType
from typing import TYPE_CHECKING, Self

import click

from scaffold.ui.terminal import faint, heading, human_seconds, printable, say
from scaffold.verify.model import Result, Severity, Status, Step

if TYPE_CHECKING:
    from rich.status import Status as Spinner

TITLES = {
    Step.LINT: "lint   the Dockerfile and what goes into its context",
    Step.BUILD: "build  the image, and the stage that tests",
    Step.OPEN: "open   the saved image",
    Step.RUN: "run    as production would",
    Step.WARM: "warm   after a one-line change",
}
# So many quick checks that a line for each that passed would bury the rest.
_SUMMED_UP = {Step.LINT, Step.OPEN}
_MARKS = {
    Status.PASSED: ("✓", "green"),
    Status.FAILED: ("✗", "red"),
    Status.NOT_APPLICABLE: ("-", "bright_black"),
    Status.NOT_RUN: ("-", "yellow"),
}


class Silent:
    """Shows nothing."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Nothing to end."""

    def step_begins(self, step: Step) -> None:
        """Show nothing."""

    def line(self, text: str) -> None:
        """Show nothing."""

    def check_begins(self, check: str, title: str) -> None:
        """Show nothing."""

    def check_ended(self, result: Result) -> None:
        """Show nothing."""


class Lines(Silent):
    """Plain lines: a heading a step, a line a check, with `verbose` the engine's own lines too."""

    def __init__(self, *, verbose: bool = False) -> None:
        self.verbose = verbose
        self._summed: dict[Status, int] = {}
        self._step: Step | None = None
        self._since = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._sum_up()

    def step_begins(self, step: Step) -> None:
        """Print the heading."""
        self._sum_up()
        self._step, self._since = step, time.monotonic()
        say(heading(TITLES[step]))

    def line(self, text: str) -> None:
        """Print an engine's line when the user wants to see them."""
        if self.verbose:
            say(faint(f"    {printable(text)}"))

    def check_ended(self, result: Result) -> None:
        """Print how a check ended, or count it; one whose step never began is in the closing count alone."""
        if result.step is not self._step:
            return
        if self._step in _SUMMED_UP and not self.verbose and not result.findings:
            self._summed[result.status] = self._summed.get(result.status, 0) + 1
            return
        say(_result_line(result))
        for finding in result.findings:
            colour = "red" if finding.severity is Severity.ERROR else "yellow"
            place = f"{printable(finding.place)}: " if finding.place else ""
            say(f"      {click.style(place, fg=colour)}{printable(finding.message)}")
            say(faint(f"      {printable(finding.mend)}  [{finding.rule}]"))

    def _sum_up(self) -> None:
        if self._summed:
            words = ", ".join(f"{count} {status.value}" for status, count in self._summed.items())
            mark, colour = _MARKS[Status.PASSED]
            seconds = human_seconds(time.monotonic() - self._since)
            say(f"  {click.style(mark, fg=colour)} {words}  {faint(seconds)}")
        self._summed = {}


class Live(Lines):
    """As Lines, with a last line that moves: what is going on, for how long, and the engine's latest word."""

    def __init__(self, *, verbose: bool = False) -> None:
        super().__init__(verbose=verbose)
        self._spinner: Spinner | None = None
        self._title = ""
        self._begun = time.monotonic()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._halt()
        super().__exit__(kind, error, trace)

    def check_begins(self, check: str, title: str) -> None:  # noqa: ARG002
        """Start to move."""
        if self._step in _SUMMED_UP:
            return
        from rich.status import Status as Spinner

        self._halt()
        self._title, self._begun = title, time.monotonic()
        self._spinner = Spinner(_escaped(title))
        self._spinner.start()

    def line(self, text: str) -> None:
        """Show the engine's latest line beside what is going on."""
        if self.verbose:
            super().line(text)
        elif self._spinner is not None:
            elapsed = human_seconds(time.monotonic() - self._begun)
            self._spinner.update(_escaped(f"{self._title}  {elapsed}  {printable(text[:60])}"))

    def check_ended(self, result: Result) -> None:
        """Stop moving and print."""
        self._halt()
        super().check_ended(result)

    def _halt(self) -> None:
        if self._spinner is not None:
            self._spinner.stop()
        self._spinner = None


def watcher(*, as_json: bool, verbose: bool) -> Silent:
    """Choose how to show progress."""
    if as_json:
        return Silent()
    return Live(verbose=verbose) if sys.stdout.isatty() else Lines(verbose=verbose)


def _result_line(result: Result) -> str:
    mark, colour = _MARKS[result.status]
    aside = result.reason or human_seconds(result.seconds)
    return f"  {click.style(mark, fg=colour)} {result.title}  {faint(aside)}"


def _escaped(text: str) -> str:
    from rich.markup import escape

    return escape(text)
