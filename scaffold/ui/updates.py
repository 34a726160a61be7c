"""How `update` tells what it does, would do, or took back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import click

from scaffold.ui.projects import print_changes, print_diff
from scaffold.ui.terminal import faint, heading, printable, say

if TYPE_CHECKING:
    from scaffold.flows.plan import Plan
    from scaffold.flows.update import Updated
    from scaffold.verify.model import Report

_LETTERS = {"added": "A", "modified": "M", "deleted": "D", "mode": "X"}
_ENDS = {
    "staged": "It lies staged: `git diff --cached` shows it, `git commit` keeps it, "
    "`scaffold update --abort` takes it back.",
    "conflicts": "Edit them and `git add`, or `git mergetool`; then `scaffold update --continue`. "
    "`scaffold update --abort` takes all of it back.",
    "preview": "Nothing was touched; without --preview this comes in, staged.",
}


def print_before_questions(plan: Plan) -> None:
    """Say why something is asked."""
    say(f"{heading(plan.labels.old)} → {heading(plan.labels.new)}")
    for problem in plan.carried.refused.values():
        say(f"{click.style('no longer holds:', fg='yellow')} {problem}")
    say()


def print_updated(updated: Updated) -> None:
    """Print the files, what is in conflict with a hint each, and a paragraph that sums it up."""
    for note in updated.notes:
        say(faint(note))
    if updated.outcome == "current":
        say(f"{heading(updated.project)}: {updated.blueprint} {updated.old} is the newest, nothing to do")
        return
    print_changes(updated.changelog)
    if updated.diff:
        print_diff(updated.diff)
        say()
    _print_files(updated)
    for line in _answers(updated):
        say(line)
    say(" ".join(_summary(updated)))
    if updated.obstacle:
        say(f"{click.style('in the way:', fg='yellow')} {updated.obstacle}")


def print_tested(report: Report, *, passed: bool) -> None:
    """Print how the outcome did before anything was changed."""
    from scaffold.ui.verification import print_report

    print_report(report)
    if not passed:
        say("Nothing was changed.")


def print_aborted(release: str) -> None:
    """Say that an update was taken back."""
    say(f"the update to {release} is taken back, everything is as it was before")


def print_resumed(commit: str) -> None:
    """Say that an update is done."""
    say(f"done, as commit {commit[:12]}" if commit else "done; it lies staged, `git commit` keeps it")


def _print_files(updated: Updated) -> None:
    clashing = {clash.path for clash in updated.conflicts}
    for change in updated.changes:
        if change.path not in clashing:
            say(f"  {_LETTERS[change.status]} {printable(change.path)}")
    for clash in updated.conflicts:
        say(f"  {click.style('C', fg='red')} {printable(clash.path)}: {faint(f'{clash.kind}; {clash.hint}')}")


def _answers(updated: Updated) -> Iterator[str]:
    for what, answers in (
        ("new answers", updated.new_answers),
        ("changed answers", updated.changed_answers),
        ("dropped answers", updated.dropped_answers),
    ):
        if answers:
            yield f"{what}: {_listed(answers)}"


def _listed(answers: Mapping[str, Any]) -> str:
    return printable(", ".join(f"{key}={value}" for key, value in answers.items()))


def _summary(updated: Updated) -> Iterator[str]:
    way = f"{updated.old} → {updated.new}" if updated.old != updated.new else f"{updated.new}, other answers"
    yield f"{heading(updated.project)}: {updated.blueprint} {way}."
    yield f"{_count(len(updated.changes), 'file changes', 'files change')}{_in_conflict(updated)}."
    if updated.outcome == "branch":
        yield f"It is on the branch {updated.branch} as commit {updated.commit[:12]}."
    elif updated.outcome == "committed":
        yield f"It is commit {updated.commit[:12]}."
    else:
        yield _ENDS[updated.outcome]


def _in_conflict(updated: Updated) -> str:
    count = len(updated.conflicts)
    return f", {count} {'is' if count == 1 else 'are'} in conflict" if count else ""


def _count(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"
