"""Symbolic links of a file tree that lead out of it: what they show would not be the tree's own."""

from __future__ import annotations

from pathlib import Path


def link_out_of(root: Path) -> Path | None:
    """Return a link below `root` that leads out of it, seen from there, or None."""
    whole = root.resolve()
    for path in sorted(root.rglob("*")):
        if path.is_symlink() and not path.resolve().is_relative_to(whole):
            return path.relative_to(root)
    return None
