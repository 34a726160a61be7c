"""Makes a file tree aside and moves it into place with one rename: it is there whole, or not at all."""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import platformdirs

from scaffold.errors import InputError
from scaffold.run import is_running

_PREFIX = ".scaffold-staging-"


@contextmanager
def staged(destination: Path) -> Iterator[Path]:
    """Yield an empty folder of the same name; when the block ends well it becomes `destination`.

    `destination` must not exist or be an empty folder. When the block raises, or the process is killed, there
    is nothing at `destination`; what a killed process left aside is removed by the next call.
    """
    check_free(destination)
    parent = _existing_parent(destination)
    for area in (_cache_area(), parent):
        _sweep(area)
    # A rename is atomic only within one file system.
    area = _cache_area() if _same_file_system(_cache_area(), parent) else parent
    folder = area / f"{_PREFIX}{os.getpid()}-{secrets.token_hex(4)}"
    tree = folder / destination.name
    try:
        tree.mkdir(parents=True)
        yield tree
        destination.parent.mkdir(parents=True, exist_ok=True)
        tree.rename(destination)
    except OSError as error:
        raise InputError(f"{destination} cannot be written: {error.strerror or error}") from error
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def check_free(destination: Path) -> None:
    """Refuse a destination that something is at already; raises InputError."""
    if destination.is_symlink() and not destination.exists():
        raise InputError(f"{destination} is a link that leads nowhere", hint="choose another folder")
    if destination.exists() and not destination.is_dir():
        raise InputError(f"{destination} is a file", hint="choose another folder")
    if destination.is_dir() and any(destination.iterdir()):
        raise InputError(f"{destination} is not empty", hint="choose a folder that does not exist yet")
    parent = _existing_parent(destination)
    if not parent.is_dir():
        raise InputError(f"{parent} is not a folder", hint="choose another folder")
    if not os.access(parent, os.W_OK | os.X_OK):
        raise InputError(f"{parent} is not writable", hint="choose another folder")


def _existing_parent(destination: Path) -> Path:
    return next(parent for parent in destination.absolute().parents if parent.exists())


def _cache_area() -> Path:
    return platformdirs.user_cache_path("container-scaffold") / "staging"


def _same_file_system(area: Path, parent: Path) -> bool:
    try:
        area.mkdir(parents=True, exist_ok=True)
        return area.stat().st_dev == parent.stat().st_dev
    except OSError:
        return False


def _sweep(area: Path) -> None:
    for left in area.glob(f"{_PREFIX}*"):
        process = left.name.removeprefix(_PREFIX).partition("-")[0]
        if process.isdigit() and not is_running(int(process)):
            shutil.rmtree(left, ignore_errors=True)
