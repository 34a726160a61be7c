"""A second, later docker beside the machine's own: Debian 13's, unpacked into a folder of the cache.

It shows that what builds with the BuildKit of docker 20.10 builds with a later one and with buildx too. It
shares nothing but the kernel with the machine's docker: socket, storage and bridge are its own, and it leaves
the firewall alone. So its containers reach this machine only; a build that downloads something fails there.
"""

from __future__ import annotations

import json
import os
import shlex
from pathlib import Path

from scaffold.engines.docker import Docker, find_docker
from scaffold.errors import Unavailable
from tests.lab import machine
from tests.lab.bases import debian
from tests.lab.cache import cache_folder, locked, work_folder
from tests.lab.engine import start_daemon
from tests.lab.progress import Progress

# base-files has the links that lead from /lib64, where programs look for their loader, to /usr/lib64.
_PACKAGES = ("base-files", "docker.io", "docker-cli", "docker-buildx", "iproute2")
# Not in the cache: the path of a socket has at most 107 bytes.
_RUN = Path("/run/container-scaffold-lab")
_SOCKET = _RUN / "docker.sock"
_BRIDGE, _ADDRESS = "scaffold-lab0", "172.31.251.1/24"
_PLUGINS = "usr/libexec/docker/cli-plugins"
_START = """\
set -e
root=$1 run=$2 bridge=$3 address=$4
# A mount point, because runc's pivot_root refuses a root directory that is none (pivot_root(2), EINVAL).
mount --bind "$root" "$root"
for folder in proc sys dev; do mount --rbind "/$folder" "$root/$folder"; done
mount -t tmpfs tmpfs "$root/run"
mount --bind "$root/run" "$root/var/run"
mkdir "$root$run"
mount --bind "$run" "$root$run"
if ! chroot "$root" ip link show "$bridge" >/dev/null 2>&1; then
  chroot "$root" ip link add "$bridge" type bridge
  chroot "$root" ip address add "$address" dev "$bridge"
  chroot "$root" ip link set "$bridge" up
fi
exec chroot "$root" dockerd --host "unix://$run/docker.sock" --bridge "$bridge" \
  --iptables=false --ip6tables=false --ip-masq=false
"""


def ensure_later_docker(progress: Progress) -> Docker:
    """Return the later docker, unpacked and started unless it is. Its client is called by its whole path.

    Raises Unavailable where we are not root: it needs mounts and a bridge.
    """
    if not machine.is_root():
        raise Unavailable("only root can start a second docker", hint="run this as root on Debian or Ubuntu")
    folder = cache_folder() / "later-docker"
    with locked("later-docker"):
        if not folder.exists():
            _unpack(folder, progress)
        _RUN.mkdir(exist_ok=True)
        start_daemon(_daemon(folder / "root"), _SOCKET, folder / "dockerd.log", progress)
    before = os.environ["PATH"]
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{before}"
    try:
        return find_docker()
    finally:
        # Whoever looks for an engine after this means the machine's own.
        os.environ["PATH"] = before


def _unpack(folder: Path, progress: Progress) -> None:
    if packages := machine.missing_packages(debian.TOOLS):
        machine.install(packages, progress)
    progress.say(f"unpacking Debian {debian.SUITE}'s docker into {folder}")
    with work_folder() as work:
        root = work / "later-docker/root"
        root.mkdir(parents=True)
        debian.mmdebstrap("--variant=extract", f"--include={','.join(_PACKAGES)}", debian.SUITE, str(root))
        _write_clients(root.parent, folder)
        root.parent.rename(folder)


def _write_clients(made_in: Path, folder: Path) -> None:
    """Write commands that run the client and its plugin with the libraries that they were made for."""
    plugins = folder / "plugins"
    settings = made_in / "config"
    settings.mkdir()
    (settings / "config.json").write_text(json.dumps({"cliPluginsExtraDirs": [str(plugins)]}))
    environment = f"export DOCKER_HOST=unix://{_SOCKET} DOCKER_CONFIG={shlex.quote(str(folder / 'config'))}\n"
    _write_command(made_in / "bin/docker", folder / "root", "usr/bin/docker", environment)
    _write_command(made_in / "plugins/docker-buildx", folder / "root", f"{_PLUGINS}/docker-buildx", "")


def _write_command(path: Path, root: Path, program: str, environment: str) -> None:
    (loader,) = (path.parents[1] / "root").glob("usr/lib/*-linux-gnu/ld-linux-*.so.*")
    libraries = root / "usr/lib" / loader.parent.name
    words = [libraries / loader.name, "--library-path", libraries, root / program]
    path.parent.mkdir()
    path.write_text(f'#!/bin/sh\n{environment}exec {shlex.join(map(str, words))} "$@"\n')
    path.chmod(0o755)


def _daemon(root: Path) -> list[str]:
    """Return the command that runs the daemon where its mounts are its own and end with it."""
    unshare = ["unshare", "--mount", "--propagation", "private"]
    return [*unshare, "sh", "-c", _START, "sh", str(root), str(_RUN), _BRIDGE, _ADDRESS]
