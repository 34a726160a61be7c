"""Which files a .dockerignore keeps out, by the rules of moby/patternmatcher: the last match wins."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Dockerignore:
    """The patterns of one file; `name` is what findings call it."""

    name: str
    patterns: tuple[tuple[bool, str], ...]

    def excludes(self, path: str) -> bool:
        """Tell whether a path of the context, such as `src/.env`, is kept out."""
        parts = path.split("/")
        candidates = ["/".join(parts[: end + 1]) for end in range(len(parts))]
        excluded = False
        for negated, pattern in self.patterns:
            if excluded is negated and any(_regex(pattern).fullmatch(each) for each in candidates):
                excluded = not negated
        return excluded


def find_dockerignore(project: Path, dockerfile: str) -> Dockerignore | None:
    """Read the file that a build of `dockerfile` uses, None without one; one named after it comes first."""
    for name in (f"{dockerfile}.dockerignore", ".dockerignore"):
        path = project / name
        if path.is_file():
            return parse_dockerignore(path.read_text(encoding="utf-8-sig", errors="replace"), name)
    return None


def parse_dockerignore(text: str, name: str = ".dockerignore") -> Dockerignore:
    """Read the patterns; comments begin in the first column."""
    lines = (line.strip() for line in text.splitlines() if not line.startswith("#"))
    return Dockerignore(name, tuple(_pattern(line) for line in lines if line))


def _pattern(line: str) -> tuple[bool, str]:
    negated = line.startswith("!")
    path = posixpath.normpath(line.removeprefix("!").strip())
    return negated, path.lstrip("/") or "."


@lru_cache(maxsize=1024)
def _regex(pattern: str) -> re.Pattern[str]:
    pieces = re.split(r"(\*\*/?|\*|\?|\[[^\]]*\]|\\.)", pattern)
    try:
        return re.compile("".join(_translate(piece) for piece in pieces), re.DOTALL)
    except re.error:
        # A builder refuses the file then; here its other lines still count.
        return re.compile(re.escape(pattern))


def _translate(piece: str) -> str:
    if piece == "**/":
        return "(?:.*/)?"
    if piece == "**":
        return ".*"
    if piece == "*":
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if len(piece) > 1 and piece[0] == "[":
        return piece
    return re.escape(piece[1:] if len(piece) == 2 and piece[0] == "\\" else piece)
