"""How a rule is written: a function that finds faults, under a decorator that says what it is about."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Check, NotApplicable, Outcome, Problem, Severity, Step


@dataclass(frozen=True, slots=True)
class Fault:
    """What a rule found. `line` is one of the Dockerfile, 0 for the file as a whole.

    `place` is given when the fault is somewhere else than in the Dockerfile.
    """

    message: str
    mend: str
    line: int = 0
    place: str = ""


Find = Callable[[LintSubject], Iterable[Fault] | NotApplicable]


@dataclass(frozen=True, slots=True)
class Test:
    """A rule's test as a check wants it: the faults that no comment switches off, with their places."""

    id: str
    find: Find

    def __call__(self, subject: LintSubject) -> Outcome:
        """Find the faults, and leave out the silenced ones."""
        faults = self.find(subject)
        if isinstance(faults, NotApplicable):
            return faults
        return [_problem(fault, subject) for fault in faults if not self._silenced(fault, subject)]

    def _silenced(self, fault: Fault, subject: LintSubject) -> bool:
        return any(ignore.silences(self.id, fault.line) for ignore in subject.ignores)


def rule(
    rule_id: str, *, title: str, why: str, severity: Severity = Severity.ERROR
) -> Callable[[Find], Check[LintSubject]]:
    """Make a check of a function; see `Check` for what the words are."""

    def decorate(find: Find) -> Check[LintSubject]:
        return Check(rule_id, title, why, Step.LINT, Test(rule_id, find), severity)

    return decorate


def _problem(fault: Fault, subject: LintSubject) -> Problem:
    name = subject.dockerfile.name
    here = f"{name}:{fault.line}" if fault.line else name
    return Problem(fault.message, fault.mend, fault.place or here)
