"""Runs the programs of the laboratory; a failed one is named with its last lines."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

_TAIL_LINES = 12


class LabError(Exception):
    """The laboratory cannot be set up; the message says what failed."""


def cache_folder() -> Path:
    """Where downloads and assembled images are kept between runs."""
    chosen = os.environ.get("SCAFFOLD_LAB_CACHE")
    folder = Path(chosen) if chosen else Path.home() / ".cache" / "container-scaffold" / "lab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def call(*command: str | Path, cwd: Path | None = None, env: dict[str, str] | None = None) -> str:
    """Run a program and return its stdout; raises LabError with the last lines of a failed one."""
    words = [str(word) for word in command]
    finished = subprocess.run(
        words,
        cwd=cwd,
        env=os.environ | (env or {}),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if finished.returncode != 0:
        tail = "\n".join((finished.stdout + finished.stderr).splitlines()[-_TAIL_LINES:])
        raise LabError(f"`{' '.join(words[:4])} …` exited with {finished.returncode}\n{tail}")
    return finished.stdout


def succeeds(*command: str | Path, seconds: float = 20) -> bool:
    """Tell whether a program is there and exits with 0 in time."""
    try:
        finished = subprocess.run(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            check=False,
            timeout=seconds,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return finished.returncode == 0


def say(text: str) -> None:
    """Print one line of progress."""
    print(text, file=sys.stderr, flush=True)


@contextmanager
def timed(what: str) -> Iterator[None]:
    """Print `what` with its seconds when it is done."""
    started = time.monotonic()
    yield
    say(f"  {what}  {time.monotonic() - started:.1f} s")


def install(*packages: str) -> None:
    """Install packages of the distribution that are not there yet, saying so before."""
    missing = [package for package in packages if not _installed(package)]
    if not missing:
        return
    if os.geteuid() != 0 or not Path("/usr/bin/apt-get").exists():
        raise LabError(f"please install: {' '.join(missing)} (as root on Debian or Ubuntu this is done for you)")
    say(f"installing with apt-get: {' '.join(missing)}")
    _install_now(missing)


def _install_now(packages: Sequence[str]) -> None:
    quiet = {"DEBIAN_FRONTEND": "noninteractive"}
    command = ("apt-get", "install", "--yes", "--no-install-recommends", *packages)
    try:
        call(*command, env=quiet)
    except LabError:
        # A fresh machine has no package lists, or old ones.
        call("apt-get", "update", env=quiet)
        call(*command, env=quiet)


def _installed(package: str) -> bool:
    finished = subprocess.run(
        ["dpkg-query", "--show", "--showformat=${Status}", package], capture_output=True, text=True, check=False
    )
    return finished.stdout == "install ok installed"
