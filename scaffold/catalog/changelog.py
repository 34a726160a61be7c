"""A blueprint's CHANGELOG.md in the form of Keep a Changelog: a heading of level two for each release."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from scaffold.catalog import versions

UNRELEASED = "Unreleased"
# `## 1.2.0 - 2026-11-23`, `## [1.2.0] - 2026-11-23 [YANKED]`, `## [Unreleased]`
_HEADING = re.compile(r"^## +\[?([^\]\s]+)\]?(?: +-+ +(\S+))?.*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Section:
    """What one release changed. `version` is "Unreleased" for what has none yet, `date` "" where none is."""

    version: str
    date: str
    text: str


def read_changelog(text: str) -> tuple[Section, ...]:
    """Return the sections of a changelog in the order of the file, which is the newest first."""
    headings = list(_HEADING.finditer(text))
    ends = [heading.start() for heading in headings[1:]] + [len(text)]
    return tuple(
        Section(heading[1], heading[2] or "", text[heading.end() : end].strip())
        for heading, end in zip(headings, ends, strict=True)
    )


def changes_between(sections: Sequence[Section], old: str, new: str) -> tuple[Section, ...]:
    """Return what came after `old` up to and with `new`, the newest first; swapped for a way back.

    What has no release yet belongs to a development version. A version that is none, such as a commit, has no
    changes that could be told.
    """
    low, high = versions.parse(old), versions.parse(new)
    if low is None or high is None:
        return ()
    low, high = min(low, high), max(low, high)
    found = []
    for section in sections:
        version = versions.parse(section.version)
        unreleased = section.version == UNRELEASED and high.is_devrelease
        if unreleased or (version is not None and low < version <= high):
            found.append(section)
    return tuple(found)
