"""What is promised of each language's images, beside what a user would take instead."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Promised:
    """What ours take at most, as ratios to the best peer: the size of the smallest, the rebuild of each.

    `why` is the reason where one is not half.
    """

    size: float = 0.5
    rebuild: float = 0.5
    why: str = ""


PROMISED = {
    "cpp": Promised(
        size=1.0,
        why="The guide's is the same static program on scratch, with symbols and without certificates.",
    ),
    "go": Promised(
        size=0.6,
        why="The same program: ours is without symbols, but has time zones (0.4 MB) and certificates (0.1 MB).",
    ),
    "node": Promised(
        size=0.8,
        rebuild=0.95,
        why="Both have Node, 41 MB without its symbols, and both check types and bundle (0.4 s).",
    ),
    "python": Promised(
        rebuild=0.6,
        why="Beyond what any rebuild takes, ours compiles the sources to bytecode in 0.1 to 0.2 s.",
    ),
    "rust": Promised(
        rebuild=1.4,
        why="The guide's has a cache mount too, and our Cargo.toml, with which a line takes cargo 0.3 to 0.5 s.",
    ),
}
