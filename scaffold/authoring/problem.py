"""A mistake in a blueprint, and where it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One mistake. `line` counts from 1; 0 is the file as a whole."""

    path: Path
    line: int
    message: str
    hint: str = ""


def nearest(word: str, known: Iterable[str]) -> str:
    """Return a hint with the nearest known word, or ""."""
    near = get_close_matches(word, list(known), n=1)
    return f"did you mean {near[0]!r}?" if near else ""
