"""Checks of sizes: the budget, and bytes that are pulled for nothing."""

from __future__ import annotations

from collections.abc import Iterator

from scaffold.verify.model import NotApplicable, Outcome, Problem
from scaffold.verify.opened.check import check
from scaffold.verify.opened.subject import ImageSubject
from scaffold.verify.opened.waste import hidden_files

_LEAST_EFFICIENCY = 0.99
# A new line in /etc/passwd hides the old file: in a small image that is a large share of little.
_LEAST_HIDDEN_BYTES = 100_000
_NAMED = 3


@check(
    "open-size",
    title="its size is within the budget",
    why="Images grow by accident; a budget makes each growth a decision.",
)
def within_budget(subject: ImageSubject) -> Outcome:
    """Weigh the image, and what it adds to its base."""
    limits = [limit for limit in _limits(subject) if limit[2] is not None]
    return _overweight(subject, limits) if limits else NotApplicable("no budget is set")


def _limits(subject: ImageSubject) -> Iterator[tuple[str, int, int | None]]:
    if budget := subject.budget:
        image = subject.image
        yield "what it adds to its base", subject.added, budget.adds
        yield "what it adds to its base, compressed,", subject.added_compressed, budget.adds_compressed
        yield "the image", image.size, budget.total
        yield "the image, compressed,", image.compressed_size, budget.total_compressed


def _overweight(subject: ImageSubject, limits: list[tuple[str, int, int | None]]) -> Iterator[Problem]:
    largest = sorted(subject.own_files, key=lambda file: -file.size)[:_NAMED]
    names = ", ".join(f"{file.path} {_megabytes(file.size)}" for file in largest)
    for what, size, most in limits:
        if most is not None and size > most:
            message = f"{what} has {_megabytes(size)}, the budget is {_megabytes(most)}"
            yield Problem(message, f"look for what grew, largest first: {names}")


@check(
    "open-wasted",
    title="no layer hides what another brought",
    why="What a later layer deletes or writes again, a chmod or chown included, is pulled all the same.",
)
def nothing_wasted(subject: ImageSubject) -> Iterator[Problem]:
    """Add up what is pulled and not seen."""
    hidden = hidden_files(subject)
    total = sum(file.size for file in hidden)
    seen = subject.image.file_size
    if total > _LEAST_HIDDEN_BYTES and seen / (seen + total) < _LEAST_EFFICIENCY:
        names = ", ".join(f"{file.path} {_megabytes(file.size)}" for file in hidden[:_NAMED])
        yield Problem(
            f"{_megabytes(total)} in {len(hidden)} files are pulled and hidden by a later layer: {names}",
            "delete in the instruction that writes, set modes and owners with COPY --chmod and --chown, "
            "or bring only what is needed from an earlier stage",
            hidden[0].path,
        )


def _megabytes(size: int) -> str:
    return f"{size / 1e6:.2f} MB"
