"""How authors of blueprints see what their commands did."""

from __future__ import annotations

from collections.abc import Sequence

from scaffold.catalog.publish import Published
from scaffold.ui.terminal import faint, heading, say


def print_published(releases: Sequence[Published]) -> None:
    """Print what was released, and what is left to do where releases are tags."""
    for one in releases:
        say(f"{heading(one.blueprint)} {one.version}")
        if one.archive is not None:
            say(faint(f"{one.archive}, sha256 {one.digest}"))
    if tagged := [one for one in releases if one.archive is None]:
        names = ", ".join(f"{one.blueprint} {one.version}" for one in tagged)
        say(f"\nNext:\n  git commit --all --message 'Release {names}'")
        for one in tagged:
            say(f"  git tag --annotate --message '{one.blueprint} {one.version}' {one.blueprint}/{one.version}")
        say("  git push --follow-tags")
