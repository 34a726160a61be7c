"""What an engine is asked and what it answers, whichever engine it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from scaffold.run import OnLine


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What an engine on this machine can do, asked of it, not derived from its name.

    `builder` names what builds ("BuildKit in docker 20.10.24", "buildx 0.13.1", "buildah 1.28.2");
    `health_daemon` is whether HEALTHCHECK runs by itself (docker) or has to be called (podman).
    """

    builder: str
    rootless: bool
    health_daemon: bool
    storage: str = ""


@dataclass(frozen=True, slots=True)
class BuildRequest:
    """One image to build. `secrets` maps an id to the file whose content the build may mount under it."""

    context: Path
    tag: str
    dockerfile: Path | None = None
    target: str = ""
    args: Mapping[str, str] = field(default_factory=dict)
    secrets: Mapping[str, Path] = field(default_factory=dict)
    cached: bool = True


@dataclass(frozen=True, slots=True)
class BuildStep:
    """One instruction as the engine reported it: `[build 3/7] RUN …`, and whether its layer was reused."""

    name: str
    cached: bool


@dataclass(frozen=True, slots=True)
class Build:
    """A build that succeeded, with the engine's own account of it; `seconds` is wall time."""

    tag: str
    seconds: float
    steps: tuple[BuildStep, ...]
    log: str


@dataclass(frozen=True, slots=True)
class ContainerSpec:
    """One container to start.

    The defaults are what production should use; `memory` is in bytes, `port` the one inside to publish on
    127.0.0.1, `user` a `uid:gid` or "" for the image's own.
    """

    image: str
    name: str
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str = ""
    port: int = 0
    memory: int = 256 * 1024 * 1024
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ContainerState:
    """How a container is: `health` is "", "starting", "healthy" or "unhealthy"."""

    running: bool
    exit_code: int
    health: str


@dataclass(frozen=True, slots=True)
class Logs:
    """What a container has printed so far."""

    stdout: str
    stderr: str


class Engine(Protocol):
    """What builds and runs images. Every method raises ScaffoldError when the engine refuses."""

    @property
    def name(self) -> str:
        """Give the word that `--engine` takes."""

    @property
    def program(self) -> str:
        """Name the program on this machine that it is called by."""

    @property
    def version(self) -> str:
        """Give the version of what runs containers."""

    @property
    def capabilities(self) -> Capabilities:
        """Tell what it can do."""

    def build(self, request: BuildRequest, on_line: OnLine) -> Build:
        """Build an image; the engine's lines go to `on_line` as they come."""

    def save(self, image: str, archive: Path) -> None:
        """Write the image as a tar archive in the docker or the OCI layout."""

    def tag(self, image: str, name: str) -> None:
        """Give an image one more name."""

    def has_image(self, image: str) -> bool:
        """Tell whether the image is at hand."""

    def layers(self, image: str) -> list[str]:
        """Name the layers of an image at hand by their diff ids, base first."""

    def labels(self, image: str) -> dict[str, str]:
        """Give the labels of an image at hand."""

    def start(self, spec: ContainerSpec) -> str:
        """Start a container as production would and return its id."""

    def published_port(self, container: str, port: int) -> int:
        """Return the port on 127.0.0.1 that leads to `port` in the container."""

    def state(self, container: str) -> ContainerState:
        """Tell how a container is."""

    def probe_health(self, container: str) -> ContainerState:
        """Let HEALTHCHECK run where the engine does not by itself, and tell how the container is."""

    def logs(self, container: str) -> Logs:
        """Return what the container has printed."""

    def signal(self, container: str, name: str) -> None:
        """Send a signal ("SIGTERM") to the container's first process."""

    def resident_memory(self, container: str) -> int:
        """Return the bytes of memory that the container's processes hold."""

    def containers(self, label: str) -> list[tuple[str, str]]:
        """List the containers that carry `label`, as (id, value)."""

    def images(self, repository: str) -> list[str]:
        """List the references (`repository:tag`) of one repository."""

    def remove_container(self, container: str) -> None:
        """Kill and remove a container; one that is gone is fine."""

    def remove_image(self, image: str) -> None:
        """Remove an image; one that is gone is fine."""
