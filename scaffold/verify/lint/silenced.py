"""Rules about the comments that switch rules off."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from scaffold.verify.lint.ignores import Ignore
from scaffold.verify.lint.rule import Fault, Test, rule
from scaffold.verify.lint.subject import LintSubject
from scaffold.verify.model import Check, NotApplicable, Severity

_FORM = "write `# scaffold: ignore=lint-… because …` directly above the instruction"

Checks = tuple[Check[LintSubject], ...]


def about_ignores(checks: Checks) -> Checks:
    """Return the checks of the comments that switch `checks` off."""

    @rule(
        "lint-ignore",
        title="a check is switched off with its reason",
        why="Whoever comes later has to know whether the reason still holds; a misspelt name does nothing.",
    )
    def ignore(subject: LintSubject) -> Iterator[Fault]:
        for each in subject.ignores:
            if mistake := _mistake(each):
                yield Fault(mistake, _FORM, each.line)
            yield from _unknown(each, checks)

    @rule(
        "lint-ignore-unused",
        title="a check is switched off where it would speak",
        why="A reason that is no longer needed hides the next finding of that check.",
        severity=Severity.WARNING,
    )
    def ignore_unused(subject: LintSubject) -> Iterator[Fault]:
        for each in subject.ignores:
            for check in checks:
                if each.reason and check.id in each.rules and not _is_used(each, check, subject):
                    yield Fault(f"{check.id} finds nothing here", "delete the comment", each.line)

    return ignore, ignore_unused


def _mistake(ignore: Ignore) -> str:
    if not ignore.rules:
        return "the comment names no check"
    if not ignore.reason:
        return "the comment gives no reason"
    return "" if ignore.last else "the comment stands above no instruction"


def _unknown(ignore: Ignore, checks: Checks) -> Iterator[Fault]:
    known = [check.id for check in checks]
    for name in ignore.rules:
        if name not in known:
            close = get_close_matches(name, known, n=1)
            yield Fault(f"there is no check {name}", f"did you mean {close[0]}?" if close else _FORM, ignore.line)


def _is_used(ignore: Ignore, check: Check[LintSubject], subject: LintSubject) -> bool:
    assert isinstance(check.test, Test)
    faults = check.test.find(subject)
    if isinstance(faults, NotApplicable):
        return False
    return any(ignore.silences(check.id, fault.line) for fault in faults)
