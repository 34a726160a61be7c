"""Puts single files into their place in a work tree, and takes them away: one rename each, never half a file."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from pathlib import Path


def place(source: Path, target: Path) -> None:
    """Move a file or a link to `target`, over a file, a link or an empty folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        target.rmdir()
    try:
        source.replace(target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        # Git's folder is on another file system than the work tree; a rename is whole only within one.
        place_copy(source, target)


def place_copy(source: Path, target: Path) -> None:
    """Put a copy of a file or a link at `target`, with its times, over whatever is there but a full folder."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir() and not target.is_symlink():
        target.rmdir()
    ready = beside(target)
    ready.unlink(missing_ok=True)
    try:
        shutil.copy2(source, ready, follow_symlinks=False)
        ready.replace(target)
    finally:
        ready.unlink(missing_ok=True)


def beside(target: Path) -> Path:
    """Return where a copy is made before it is whole; always the same, so that one is found that a kill left."""
    return target.with_name(f".scaffold-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}")


def remove(top: Path, path: str) -> None:
    """Remove a file, and the folders above it that are empty then, as git does."""
    (top / path).unlink(missing_ok=True)
    parent = (top / path).parent
    while parent != top and _is_empty(parent):
        parent.rmdir()
        parent = parent.parent


def _is_empty(folder: Path) -> bool:
    try:
        with os.scandir(folder) as entries:
            return next(entries, None) is None
    except FileNotFoundError:
        return False
