"""Distroless for Debian 13: a few Debian packages unpacked, with no shell to install them by.

The packages, accounts and configuration are those of GoogleContainerTools/distroless (config.bzl of static,
base and cc, static/static.bzl, common/BUILD.bazel); the certificates are joined as its rules do.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from scaffold.run import run
from tests.lab.archive import write_tree
from tests.lab.bases import debian
from tests.lab.bases.recipe import Recipe

_PACKAGES = ("base-files", "netbase", "tzdata", "tzdata-legacy", "media-types")
_CERTIFICATES = "ca-certificates"
_NONROOT = 65532
_BUNDLE = "/etc/ssl/certs/ca-certificates.crt"
_FILES = {
    "etc/passwd": """\
root:x:0:0:root:/root:/sbin/nologin
nobody:x:65534:65534:nobody:/nonexistent:/sbin/nologin
nonroot:x:65532:65532:nonroot:/home/nonroot:/sbin/nologin
""",
    "etc/group": """\
root:x:0:
nobody:x:65534:
tty:x:5:
staff:x:50:
nonroot:x:65532:
""",
    "etc/nsswitch.conf": """\
passwd: compat
group: compat
shadow: compat
gshadow: files
hosts: files dns
networks: files
protocols: db files
services: db files
ethers: db files
rpc: db files
netgroup: nis
""",
    "usr/lib/os-release": """\
PRETTY_NAME="Distroless"
NAME="Debian GNU/Linux"
ID="debian"
VERSION_ID="13"
VERSION="Debian GNU/Linux 13 (trixie)"
HOME_URL="https://github.com/GoogleContainerTools/distroless"
SUPPORT_URL="https://github.com/GoogleContainerTools/distroless/blob/master/README.md"
BUG_REPORT_URL="https://github.com/GoogleContainerTools/distroless/issues/new"
""",
}


def assemble(work: Path) -> list[Path]:
    """Unpack the packages and write what their scripts, which never run, would have made."""
    root, certificates = work / "root", work / "certificates"
    _install(_PACKAGES, root, work)
    unpack(download([_CERTIFICATES], work)[_CERTIFICATES], certificates)
    _join_certificates(certificates, root)
    for name, content in _FILES.items():
        _write(root / name, content)
    _make_folders(root)
    write_tree(root, work / "static.tar")
    return [work / "static.tar"]


def assemble_layer(packages: Sequence[str], work: Path) -> list[Path]:
    """Unpack packages as a layer of their own, without what they depend on."""
    _install(packages, work / "root", work)
    write_tree(work / "root", work / "packages.tar")
    return [work / "packages.tar"]


def _install(packages: Sequence[str], root: Path, work: Path) -> None:
    for package, file in download(packages, work).items():
        unpack(file, root)
        _record(package, file, root, work)


def download(packages: Sequence[str], work: Path) -> dict[str, Path]:
    """Let mmdebstrap set up apt for the suite, and use that apt to fetch the packages alone."""
    folder = Path(tempfile.mkdtemp(dir=work))
    fetch = f"apt-get download -o APT::Sandbox::User=root {' '.join(packages)}"
    hook = f'cd "{folder}" && APT_CONFIG="$MMDEBSTRAP_APT_CONFIG" {fetch}'
    debian.mmdebstrap(
        "--variant=custom", "--format=null", f"--customize-hook={hook}", debian.SUITE, str(work / "none")
    )
    return {file.name.partition("_")[0]: file for file in sorted(folder.glob("*.deb"))}


def unpack(package: Path, root: Path) -> None:
    """Unpack one into a folder that may have others in it."""
    root.mkdir(exist_ok=True)
    run(["dpkg-deb", "--extract", str(package), str(root)])


def _record(package: str, file: Path, root: Path, work: Path) -> None:
    """Keep the package's control data, by which scanners know what is installed."""
    control = work / f"{package}.control"
    run(["dpkg-deb", "--control", str(file), str(control)])
    records = root / "var/lib/dpkg/status.d"
    _write(records / package, (control / "control").read_text())
    _write(records / f"{package}.md5sums", (control / "md5sums").read_text())


def _join_certificates(source: Path, root: Path) -> None:
    found = sorted((source / "usr/share/ca-certificates").rglob("*.crt"))
    _write(root / _BUNDLE[1:], _joined(path.read_text() for path in found))
    notice = "usr/share/doc/ca-certificates/copyright"
    _write(root / notice, (source / notice).read_text())


def _joined(certificates: Iterable[str]) -> str:
    return "".join(f"{certificate.rstrip()}\n" for certificate in certificates)


def _write(path: Path, content: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    path.chmod(0o644)


def _make_folders(root: Path) -> None:
    for name, mode, owner in (
        ("root", 0o700, 0),
        ("home", 0o755, 0),
        ("home/nonroot", 0o700, _NONROOT),
        ("tmp", 0o1777, 0),
    ):
        folder = root / name
        folder.mkdir(exist_ok=True)
        folder.chmod(mode)
        os.chown(folder, owner, owner)


STATIC = Recipe(
    image="gcr.io/distroless/static-debian13:nonroot",
    assemble=assemble,
    config={
        "User": str(_NONROOT),
        "Env": [debian.PATH, f"SSL_CERT_FILE={_BUNDLE}"],
        "WorkingDir": "/home/nonroot",
    },
    sources=(__file__, debian.__file__),
    tools={**debian.TOOLS, "dpkg-deb": "dpkg"},
)


def on_top(
    parent: Recipe,
    name: str,
    packages: Sequence[str],
    config: Mapping[str, Any] | None = None,
    source: str = __file__,
) -> Recipe:
    """Return the recipe of an image of the family: its parent, a layer of packages, and what its config adds.

    `source` is the file that names the packages.
    """
    return Recipe(
        image=f"gcr.io/distroless/{name}-debian13:nonroot",
        assemble=partial(assemble_layer, packages),
        config={**parent.config, **(config or {})},
        sources=(*parent.sources, source),
        tools=parent.tools,
        parent=parent,
    )


BASE_NOSSL = on_top(STATIC, "base-nossl", ["libc6"])
BASE = on_top(STATIC, "base", ["libc6", "libssl3t64", "libzstd1", "zlib1g"])
CC = on_top(BASE, "cc", ["libgomp1", "libstdc++6", "libgcc-s1", "gcc-14-base"])
