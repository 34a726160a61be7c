"""Makes sure that a container engine is there: finds one, starts one, or installs one."""

from __future__ import annotations

import os
import shutil
import socket
import time
from contextlib import suppress
from pathlib import Path

from scaffold.engines.docker import Docker, find_docker
from scaffold.engines.podman import Podman, find_podman
from scaffold.errors import ProgramError, Unavailable
from scaffold.run import run
from tests.lab import machine
from tests.lab.cache import cache_folder, locked
from tests.lab.progress import Progress

Engine = Docker | Podman

# The client and buildx are packages of their own from Debian 13 on, and recommended ones are not installed.
_DOCKER_PACKAGES = ("docker.io", "docker-cli", "docker-buildx", "iptables")
# Podman needs either runc or crun, and crun refuses to run in the hybrid mode of control groups.
_PODMAN_PACKAGES = ("podman", "buildah", "runc", "netavark", "aardvark-dns", "iptables")
_PODMAN_SETTINGS = Path("/etc/containers/containers.conf.d/50-container-scaffold-lab.conf")
_START_SECONDS = 60


def ensure_engine(progress: Progress) -> Engine:
    """Return docker, started if it is installed; else podman; see `ensure_docker` where neither is there."""
    with suppress(Unavailable):
        return find_docker()
    with locked("engine"):
        if started := _started(progress):
            return started
    with suppress(Unavailable):
        return find_podman()
    return ensure_docker(progress)


def ensure_docker(progress: Progress) -> Docker:
    """Return docker, started or installed first where that takes no more than being root.

    Raises Unavailable, with what to install, where it takes more.
    """
    with locked("engine"):
        try:
            return find_docker()
        except Unavailable as refusal:
            return _started(progress) or _installed(refusal, progress)


def ensure_podman(progress: Progress) -> Podman:
    """Return podman, installed first where it is missing, able to run containers on this machine."""
    with locked("engine"):
        try:
            podman = find_podman()
        except Unavailable as refusal:
            _must_be_ours(refusal)
            _install(_PODMAN_PACKAGES, progress)
            podman = find_podman()
        _settle_podman(progress)
        return podman


def start_daemon(program: list[str], address: Path, log: Path, progress: Progress) -> None:
    """Start a docker daemon detached from our session, unless `address` answers; wait until it does."""
    if _answers(address):
        return
    progress.say(f"starting dockerd, its log is {log}")
    daemon = _spawn(program, log)
    deadline = time.monotonic() + _START_SECONDS
    while not _answers(address):
        if time.monotonic() > deadline or os.waitpid(daemon, os.WNOHANG) != (0, 0):
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:])
            raise ProgramError(f"dockerd did not start, its log is {log}", output=tail)
        time.sleep(0.1)


def _spawn(program: list[str], log: Path) -> int:
    # Not with subprocess, which takes a child that outlives us for a mistake and warns of it.
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, str(log), os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644),
        (os.POSIX_SPAWN_DUP2, 1, 2),
    ]
    return os.posix_spawnp(program[0], program, os.environ, file_actions=actions, setsid=True)


def _started(progress: Progress) -> Docker | None:
    if not machine.is_root() or not shutil.which("dockerd"):
        return None
    _start_docker(progress)
    with suppress(Unavailable):
        return find_docker()
    return None


def _installed(refusal: Unavailable, progress: Progress) -> Docker:
    _must_be_ours(refusal)
    _install(_DOCKER_PACKAGES, progress)
    _start_docker(progress)
    return find_docker()


def _must_be_ours(refusal: Unavailable) -> None:
    if not (machine.is_root() and machine.has_apt()):
        raise Unavailable(
            refusal.message, hint=f"{refusal.hint}; as root on Debian or Ubuntu this is done for you"
        )


def _install(packages: tuple[str, ...], progress: Progress) -> None:
    if packages[0] not in machine.known_packages(packages):
        machine.update(progress)
    machine.install(machine.known_packages(packages), progress)


def _start_docker(progress: Progress) -> None:
    if Path("/run/systemd/system").is_dir():
        run(["systemctl", "start", "docker"], timeout=_START_SECONDS)
    start_daemon(["dockerd"], Path("/var/run/docker.sock"), cache_folder() / "dockerd.log", progress)


def _answers(address: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(address))
        except OSError:
            return False
    return True


def _settle_podman(progress: Progress) -> None:
    """Lower the limits that podman gives containers, where they are above what this machine lets it give."""
    if _PODMAN_SETTINGS.exists() or not machine.is_root() or _may_raise_limits():
        return
    progress.say(f"this machine refuses podman's limits: writing lower ones to {_PODMAN_SETTINGS}")
    _PODMAN_SETTINGS.parent.mkdir(parents=True, exist_ok=True)
    _PODMAN_SETTINGS.write_text(_lower_limits())


def _may_raise_limits() -> bool:
    # The limits that podman 4 sets for a container of root: nofile 1048576, nproc 4194304.
    return run(["prlimit", "--nofile=1048576", "--nproc=4194304", "true"], check=False).ok


def _lower_limits() -> str:
    settings = '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n'
    hybrid = not Path("/sys/fs/cgroup/cgroup.controllers").exists()
    return settings + ('[engine]\nruntime = "runc"\n' if hybrid else "")
