"""Rust on Debian: the toolchain that rustup has installed on this machine, laid out as in the official image.

Packages, paths and environment: rust-lang/docker-rust, Dockerfile-slim.template. There `cargo` and its like are
rustup's proxies; here they are the toolchain's own programs.
"""

from __future__ import annotations

import os
import tarfile
from pathlib import Path

from scaffold.errors import Unavailable
from tests.lab.archive import normalized
from tests.lab.bases import debian
from tests.lab.bases.recipe import Recipe

_VERSION = "1.95.0"
_PACKAGES = ("ca-certificates", "gcc", "libc6-dev")
_HOME = "usr/local/rustup/toolchains"


def assemble(work: Path) -> list[Path]:
    """Put the toolchain on top of a Debian with a linker."""
    return [debian.root_tar(work / "debian.tar", _PACKAGES, slim=True), toolchain(work / "rust.tar")]


def toolchain(target: Path) -> Path:
    """Write the layer that has the toolchain without its documentation, and its programs on PATH."""
    installed = _installed()
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        for path in sorted(installed.rglob("*")):
            relative = path.relative_to(installed)
            if relative.parts[0] != "share":
                tar.add(path, f"{_HOME}/{installed.name}/{relative}", recursive=False, filter=normalized)
        for program in sorted((installed / "bin").iterdir()):
            tar.addfile(
                _link(f"usr/local/cargo/bin/{program.name}", f"/{_HOME}/{installed.name}/bin/{program.name}")
            )
    return target


def _installed() -> Path:
    home = Path(os.environ.get("RUSTUP_HOME", Path.home() / ".rustup"))
    found = sorted(home.glob(f"toolchains/{_VERSION}-*"))
    if not found:
        raise Unavailable(
            f"{home} has no Rust {_VERSION} to make the image rust:{_VERSION} of",
            hint=f"rustup toolchain install {_VERSION}",
        )
    return found[0]


def _link(name: str, target: str) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.SYMTYPE
    member.linkname = target
    return normalized(member)


ON_DEBIAN = Recipe(
    image=f"rust:{_VERSION}-slim-trixie",
    assemble=assemble,
    config={
        "Env": [
            debian.PATH.replace("PATH=", "PATH=/usr/local/cargo/bin:"),
            "RUSTUP_HOME=/usr/local/rustup",
            "CARGO_HOME=/usr/local/cargo",
            f"RUST_VERSION={_VERSION}",
        ],
        "Cmd": ["bash"],
    },
    sources=(__file__, debian.__file__),
    pins={"rust": _VERSION},
    tools=debian.TOOLS,
)
