"""What this machine is and which of its distribution's packages it has."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

from scaffold.errors import ProgramError
from scaffold.run import run
from tests.lab.progress import Progress

_SECONDS = 900
_APT = {"DEBIAN_FRONTEND": "noninteractive"}


def is_root() -> bool:
    """Tell whether packages can be installed and roots be made."""
    return os.geteuid() == 0


def has_apt() -> bool:
    """Tell whether this is Debian, Ubuntu or one of their children."""
    try:
        release = platform.freedesktop_os_release()
    except OSError:
        return False
    names = {release.get("ID", ""), *release.get("ID_LIKE", "").split()}
    return bool(names & {"debian", "ubuntu"}) and shutil.which("apt-get") is not None


def missing_packages(tools: Mapping[str, str]) -> list[str]:
    """Return the packages of those `tools` (program or file: package) that are not there."""
    packages = {package for tool, package in tools.items() if not (shutil.which(tool) or Path(tool).exists())}
    return sorted(packages)


def known_packages(names: Iterable[str]) -> list[str]:
    """Return those of the names that apt could install."""
    shown = run(["apt-cache", "policy", *names], check=False).stdout
    blocks = shown.replace("\n ", " ").splitlines()
    return [block.split(":")[0] for block in blocks if "Candidate: (none)" not in block]


def install(packages: Iterable[str], progress: Progress) -> None:
    """Install with apt, without recommended packages; the lists are fetched only when they turn out old."""
    wanted = list(packages)
    progress.say(f"installing with apt-get: {' '.join(wanted)}")
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *wanted]
    try:
        run(command, env=_APT, timeout=_SECONDS)
    except ProgramError:
        update(progress)
        run(command, env=_APT, timeout=_SECONDS)


def update(progress: Progress) -> None:
    """Fetch apt's lists."""
    progress.say("apt-get update")
    run(["apt-get", "update"], env=_APT, timeout=_SECONDS)
