"""How a check of an image is written: a function that yields problems, under a decorator that says what it is."""

from __future__ import annotations

from collections.abc import Callable

from scaffold.verify.model import Check, Outcome, Severity, Step
from scaffold.verify.opened.subject import ImageSubject

Test = Callable[[ImageSubject], Outcome]


def check(
    check_id: str, *, title: str, why: str, severity: Severity = Severity.ERROR
) -> Callable[[Test], Check[ImageSubject]]:
    """Make a check of a function; see `Check` for what the words are."""
    return lambda test: Check(check_id, title, why, Step.OPEN, test, severity)
