"""Packages from the Python index, kept in the lab's cache."""

from __future__ import annotations

import sys
import tempfile
from importlib.util import find_spec
from pathlib import Path
from platform import machine

from scaffold.errors import Unavailable
from scaffold.run import run
from tests.lab.cache import cache_folder, locked

_SECONDS = 300


def wheel(name: str, version: str, platform: str = "") -> Path:
    """Return the wheel of a package for this machine, downloaded unless it is at hand.

    `platform` is the C library that it is for, such as musllinux_1_2, if not this machine's own.
    """
    folder = cache_folder() / "downloads"
    folder.mkdir(exist_ok=True)
    with locked(name):
        if not (found := _find(folder, name, version, platform)):
            _download(folder, f"{name}=={version}", platform)
            found = _find(folder, name, version, platform)
    return found[0]


def _find(folder: Path, name: str, version: str, platform: str) -> list[Path]:
    # `**` within a name is a mistake to pathlib before 3.13.
    tags = f"*{platform}*" if platform else "*"
    return list(folder.glob(f"{name.replace('-', '_')}-{version}-{tags}.whl"))


def _download(folder: Path, requirement: str, platform: str) -> None:
    if find_spec("pip") is None:
        raise Unavailable(
            f"{sys.executable} has no pip to download {requirement} with",
            hint="install python3-pip, or use the Python of a virtual environment",
        )
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--only-binary", ":all:"]
    if platform:
        pip += ["--platform", f"{platform}_{machine()}"]
    with tempfile.TemporaryDirectory(dir=folder) as name:
        run([*pip, "--dest", name, requirement], timeout=_SECONDS)
        for path in Path(name).iterdir():
            path.rename(folder / path.name)
