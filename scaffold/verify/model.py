"""The words of verification: checks, problems, findings, results, the report."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Generic, TypeVar

S = TypeVar("S")


class Severity(StrEnum):
    """How bad a finding is; only an error fails the verification (a warning does with `--strict`)."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Step(StrEnum):
    """The parts of a verification, in the order in which they run."""

    LINT = "lint"
    BUILD = "build"
    OPEN = "open"
    RUN = "run"
    WARM = "warm"


class Status(StrEnum):
    """How a check ended. `NOT_APPLICABLE` and `NOT_RUN` carry a reason."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_APPLICABLE = "not applicable"
    NOT_RUN = "not run"


@dataclass(frozen=True, slots=True)
class Problem:
    """What a check found, before it has the check's name: a message, how to mend it, and where.

    `place` is `Dockerfile:12`, a path in the image (`/usr/bin/su`), or "" where there is no better place.
    """

    message: str
    mend: str
    place: str = ""


@dataclass(frozen=True, slots=True)
class NotApplicable:
    """A check's answer when its subject does not have what it tests, with the reason in a few words."""

    reason: str


Outcome = Iterable[Problem] | NotApplicable


@dataclass(frozen=True, slots=True)
class Check(Generic[S]):
    """One thing that is tested, as data. `test` gets the subject of its step and yields problems.

    `id` is stable and lower-case with dashes, led by the step (`open-size`); `title` states what holds when
    the check passes ("the image runs as a numeric, non-root user"); `why` is the reason in a sentence or two.
    """

    id: str
    title: str
    why: str
    step: Step
    test: Callable[[S], Outcome]
    severity: Severity = Severity.ERROR


def check(
    check_id: str, step: Step, *, title: str, why: str, severity: Severity = Severity.ERROR
) -> Callable[[Callable[[S], Outcome]], Check[S]]:
    """Make a check of the function below; see Check for what the words are."""
    return lambda test: Check(check_id, title, why, step, test, severity)


@dataclass(frozen=True, slots=True)
class Finding:
    """A problem with the rule that found it."""

    rule: str
    severity: Severity
    place: str
    message: str
    mend: str


@dataclass(frozen=True, slots=True)
class Result:
    """How one check ended. `seconds` is wall time."""

    check: str
    title: str
    step: Step
    status: Status
    seconds: float = 0.0
    reason: str = ""
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """A whole verification. `facts` are measurements under stable names (bytes, seconds, counts, text).

    `unavailable` says why the steps that need an engine did not run, with what to install; "" when they did.
    """

    project: str
    engine: str
    results: tuple[Result, ...]
    facts: dict[str, int | float | str | bool] = field(default_factory=dict)
    logs: str = ""
    unavailable: str = ""
    unavailable_hint: str = ""

    @property
    def findings(self) -> list[Finding]:
        """All findings, in the order of the checks."""
        return [finding for result in self.results for finding in result.findings]

    def count(self, status: Status) -> int:
        """How many checks ended with `status`."""
        return sum(result.status is status for result in self.results)


def run_check(check: Check[S], subject: S) -> tuple[Status, str, tuple[Finding, ...]]:
    """Apply `check` to `subject` and return its status, the reason if it does not apply, and its findings."""
    outcome = check.test(subject)
    if isinstance(outcome, NotApplicable):
        return Status.NOT_APPLICABLE, outcome.reason, ()
    findings = tuple(
        Finding(check.id, check.severity, problem.place, problem.message, problem.mend) for problem in outcome
    )
    failed = any(finding.severity is Severity.ERROR for finding in findings)
    return (Status.FAILED if failed else Status.PASSED), "", findings
