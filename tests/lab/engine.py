"""Makes sure that a container engine is there: finds one, or installs and starts docker where that is ours to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from pathlib import Path

from tests.lab.shell import LabError, call, install, say, succeeds

_START_SECONDS = 60
# iptables: dockerd sets up its bridge network with it, and Debian only recommends it.
_DOCKER_PACKAGES = ("docker.io", "iptables")
_PODMAN_PACKAGES = ("podman", "buildah", "runc", "uidmap", "netavark", "aardvark-dns")
_LOG = Path("/var/log/dockerd.log")


def ensure_engine() -> str:
    """Return the name of an engine that answers.

    Raises LabError with what to install where there is none and it is not for us to install one.
    """
    if docker_answers():
        return "docker"
    if shutil.which("podman") and succeeds("podman", "info"):
        return "podman"
    if not _may_install():
        raise LabError(
            "no container engine answers. Install docker with buildx (Docker Desktop, or the packages docker.io and "
            "docker-buildx) or podman 4.3 or later, start it, and run this again"
        )
    install(*_DOCKER_PACKAGES)
    start_docker()
    return "docker"


def docker_answers() -> bool:
    """Tell whether a docker daemon answers."""
    return docker_client() != "" and succeeds(docker_client(), "version")


def docker_client() -> str:
    """Return the docker client of the distribution, which goes with its daemon, or another one, or ""."""
    packaged = Path("/usr/bin/docker")
    return str(packaged) if packaged.exists() else shutil.which("docker") or ""


def start_docker() -> None:
    """Start the daemon: by systemd where it runs, else by hand, in a session of its own."""
    say("starting the docker daemon")
    if Path("/run/systemd/system").is_dir():
        call("systemctl", "start", "docker")
    else:
        with _LOG.open("ab") as log:
            subprocess.Popen(
                ["dockerd"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )
    deadline = time.monotonic() + _START_SECONDS
    while not docker_answers():
        if time.monotonic() > deadline:
            raise LabError(f"dockerd does not answer after {_START_SECONDS} s; its log is {_LOG}")
        time.sleep(0.2)


def ensure_podman() -> None:
    """Install podman beside docker, as the second engine of the tests."""
    install(*_PODMAN_PACKAGES)


def podman_environment(folder: Path) -> dict[str, str]:
    """Return the environment in which podman runs on this kind of machine, with its settings under `folder`.

    With hybrid control groups crun refuses, and a container may not raise the limits it was started with.
    """
    settings = folder / "containers.conf"
    settings.write_text(
        '[engine]\nruntime = "runc"\ncgroup_manager = "cgroupfs"\nevents_logger = "file"\n'
        '[containers]\ndefault_ulimits = ["nofile=1024:1024", "nproc=1024:1024"]\n',
        encoding="utf-8",
    )
    return {"CONTAINERS_CONF": str(settings)}


def _may_install() -> bool:
    return os.geteuid() == 0 and Path("/usr/bin/apt-get").exists()
