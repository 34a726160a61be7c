"""Comments that switch a check off where there is a reason: `# scaffold: ignore=lint-user because …`.

The comment stands in the block above the instruction it is about. A finding that is not about a line of the
Dockerfile belongs to the first instruction.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from scaffold.dockerfile import Comment, Dockerfile, Instruction

_MARK = re.compile(r"scaffold\s*:", re.IGNORECASE)
_IGNORE = re.compile(r"scaffold:\s*ignore=(?P<rules>[\w,-]+)(?:\s+because\s+(?P<reason>\S.*))?")


@dataclass(frozen=True, slots=True)
class Ignore:
    """One such comment; `rules` is empty when it cannot be read.

    It silences findings on the lines `first` to `last`; `last` is 0 when it stands above no instruction.
    """

    line: int
    text: str
    rules: tuple[str, ...] = ()
    reason: str = ""
    first: int = 0
    last: int = 0

    def silences(self, rule: str, line: int) -> bool:
        """Tell whether a finding is switched off; without a reason, none is."""
        is_about = self.last > 0 and self.first <= line <= self.last
        return is_about and bool(self.reason) and rule in self.rules


def read_ignores(dockerfile: Dockerfile) -> tuple[Ignore, ...]:
    """Return all of a file's ignores, also those that are wrong."""
    return tuple(_read(dockerfile))


def _read(dockerfile: Dockerfile) -> Iterator[Ignore]:
    owners = {
        comment.line: instruction
        for instruction in dockerfile.instructions
        for comment in _block_above(instruction)
    }
    first = dockerfile.instructions[0]
    for comment in dockerfile.comments:
        if _MARK.match(comment.text):
            owner = owners.get(comment.line)
            reach = (0 if owner is first else owner.start_line, owner.end_line) if owner else (0, 0)
            yield _ignore(comment, *reach)


def _block_above(instruction: Instruction) -> Iterator[Comment]:
    """Give the comments between which and the instruction no line is empty."""
    line = instruction.start_line
    for comment in reversed(instruction.comments):
        if comment.line != line - 1:
            return
        line = comment.line
        yield comment


def _ignore(comment: Comment, first: int, last: int) -> Ignore:
    match = _IGNORE.fullmatch(comment.text)
    if match is None:
        return Ignore(comment.line, comment.text, first=first, last=last)
    rules = tuple(rule for rule in match["rules"].split(",") if rule)
    return Ignore(comment.line, comment.text, rules, (match["reason"] or "").strip(), first, last)
