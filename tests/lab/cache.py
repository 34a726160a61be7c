"""The folder where the lab keeps what is costly to make, and how a file gets into it."""

from __future__ import annotations

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def cache_folder() -> Path:
    """Return `$SCAFFOLD_LAB_CACHE`, or a folder in the user's cache; it exists afterwards."""
    named = os.environ.get("SCAFFOLD_LAB_CACHE")
    user_cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    folder = Path(named) if named else user_cache / "container-scaffold" / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder.resolve()


@contextmanager
def locked(name: str) -> Iterator[None]:
    """Keep every other process of the lab out of what `name` stands for; the kernel frees it if we die."""
    with (cache_folder() / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def work_folder() -> Iterator[Path]:
    """Give an empty folder on the cache's own file system, so that its files can be renamed into place."""
    with tempfile.TemporaryDirectory(prefix="work-", dir=cache_folder()) as name:
        yield Path(name)
