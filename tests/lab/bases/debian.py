"""Debian 13, made by mmdebstrap from the suite's current packages."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from scaffold.run import run
from tests.lab.archive import EPOCH
from tests.lab.bases.recipe import Recipe

SUITE = "trixie"
TOOLS = {
    "mmdebstrap": "mmdebstrap",
    # Ubuntu trusts its own archive only.
    "/usr/share/keyrings/debian-archive-keyring.gpg": "debian-archive-keyring",
}
_SECONDS = 900
# What "slim" leaves out, and the copyright files that it keeps: debuerreotype's list of excluded paths.
_SLIM = (
    "path-exclude=/usr/share/doc/*",
    "path-include=/usr/share/doc/*/copyright",
    "path-exclude=/usr/share/info/*",
    "path-exclude=/usr/share/linda/*",
    "path-exclude=/usr/share/lintian/overrides/*",
    "path-exclude=/usr/share/locale/*",
    "path-exclude=/usr/share/man/*",
)
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def assemble(work: Path) -> list[Path]:
    """Install Debian's smallest set of packages, and the certificates that a download needs."""
    return [root_tar(work / "debian.tar", ["ca-certificates"], slim=True)]


def root_tar(target: Path, packages: Sequence[str], *, slim: bool) -> Path:
    """Write a root file system with apt and `packages`, without what they merely recommend."""
    flags = ["--variant=minbase", f"--include={','.join(packages)}", "--skip=output/dev"]
    flags += ['--aptopt=Acquire::Languages "none"']
    # The assembling machine's own, which mmdebstrap copies for its time in the chroot.
    flags += ['--customize-hook=rm "$1/etc/hostname" "$1/etc/resolv.conf"']
    flags += [f"--dpkgopt={option}" for option in _SLIM if slim]
    mmdebstrap(*flags, SUITE, str(target))
    return target


def mmdebstrap(*arguments: str) -> None:
    """Run it as root, with no file younger than EPOCH."""
    environment = {"SOURCE_DATE_EPOCH": str(EPOCH)}
    run(["mmdebstrap", "--mode=root", *arguments], env=environment, timeout=_SECONDS)


RECIPE = Recipe(
    image="debian:trixie-slim",
    assemble=assemble,
    config={"Env": [PATH], "Cmd": ["bash"]},
    sources=(__file__,),
    tools=TOOLS,
)
