"""Runs checks, one after another, and tells whoever watches."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from scaffold.errors import ProgramError, ScaffoldError, Unavailable
from scaffold.verify.model import Check, Finding, Result, Severity, Status, Step, run_check

S = TypeVar("S")


class Watcher(Protocol):
    """Who is told how a verification goes on."""

    def step_begins(self, step: Step) -> None:
        """Tell that a step begins."""

    def line(self, text: str) -> None:
        """Pass on one line of the engine."""

    def check_begins(self, check: str, title: str) -> None:
        """Tell that a check begins."""

    def check_ended(self, result: Result) -> None:
        """Tell how a check ended."""


@dataclass(slots=True)
class Pipeline:
    """Collects results in the order in which the checks ran."""

    watcher: Watcher
    results: list[Result] = field(default_factory=list)

    def begin(self, step: Step) -> None:
        """Begin a step."""
        self.watcher.step_begins(step)

    def apply(self, checks: Iterable[Check[S]], subject: S) -> bool:
        """Apply the checks to their subject; return whether none failed."""
        ended = [self._apply(check, subject) for check in checks]
        return all(result.status is not Status.FAILED for result in ended)

    def leave_out(self, checks: Iterable[Check[Any]], reason: str) -> None:
        """Record checks that cannot run, and why."""
        for check in checks:
            self._record(Result(check.id, check.title, check.step, Status.NOT_RUN, reason=reason))

    def _apply(self, check: Check[S], subject: S) -> Result:
        self.watcher.check_begins(check.id, check.title)
        started = time.monotonic()
        try:
            status, reason, findings = run_check(check, subject)
        except Unavailable:
            raise
        except ScaffoldError as error:
            # The subject did not even get as far as the check: that is its answer.
            findings = (Finding(check.id, Severity.ERROR, "", _told(error), error.hint),)
            status, reason = Status.FAILED, ""
        seconds = round(time.monotonic() - started, 3)
        return self._record(Result(check.id, check.title, check.step, status, seconds, reason, findings))

    def _record(self, result: Result) -> Result:
        self.results.append(result)
        self.watcher.check_ended(result)
        return result


def _told(error: ScaffoldError) -> str:
    """Say what went wrong, with the last word of the program that failed, if one did."""
    last = error.output.strip().splitlines()[-1:] if isinstance(error, ProgramError) else []
    return ": ".join([error.message, *last])
