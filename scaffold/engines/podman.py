"""Podman, which builds with buildah."""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path

from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.model import BuildRequest, BuildStep, Capabilities, ContainerState
from scaffold.errors import ScaffoldError, Unavailable
from scaffold.run import run

_ASK_SECONDS = 30
_OLDEST = (4, 3)
_STEP = re.compile(r"^(?:\[\d+/\d+\] )?STEP (?P<name>\d+/\d+: .*)$")


class Podman(CommandLineEngine):
    """A podman that answers."""

    name = "podman"

    def __init__(self, version: str) -> None:
        super().__init__("podman")
        self.version = version

    @cached_property
    def capabilities(self) -> Capabilities:
        """Ask podman of its host."""
        info = json.loads(self.call("info", "--format", "json").stdout)
        host = info["host"]
        return Capabilities(
            builder=f"buildah {host.get('buildahVersion', '')}",
            rootless=bool(host.get("security", {}).get("rootless")),
            health_daemon=False,
            storage=str(info.get("store", {}).get("graphDriverName") or ""),
        )

    def build_command(self, request: BuildRequest) -> list[str]:  # noqa: ARG002
        """Build in the docker format: the OCI format has no HEALTHCHECK."""
        return ["build", "--format", "docker", "--layers"]

    def build_steps(self, log: str) -> tuple[BuildStep, ...]:
        """Read buildah's lines: `[1/2] STEP 3/7: RUN …`, and `--> Using cache` after a reused one."""
        steps: list[BuildStep] = []
        for line in log.splitlines():
            if found := _STEP.match(line):
                steps.append(BuildStep(found["name"], cached=False))
            elif line.startswith("--> Using cache") and steps:
                steps[-1] = BuildStep(steps[-1].name, cached=True)
        return tuple(steps)

    def probe_health(self, container: str) -> ContainerState:
        """Run HEALTHCHECK once: podman leaves that to systemd timers, which a CI container does not have."""
        healthy = self.call("healthcheck", "run", container, check=False).ok
        state = self.state(container)
        return ContainerState(state.running, state.exit_code, "healthy" if healthy else state.health)

    def containers(self, label: str) -> list[tuple[str, str]]:
        """List containers by label; podman 4 has no word for one label in its templates."""
        listed = self.call("ps", "--all", "--filter", f"label={label}", "--format", "json").stdout
        return [(str(each["Id"]), str(each["Labels"][label])) for each in json.loads(listed or "[]")]

    def resident_memory(self, container: str) -> int:
        """Add up the resident sets; podman's own `top` takes other words than docker's."""
        lines = self.call("top", container, "pid", "rss").stdout.splitlines()[1:]
        return sum(int(line.split()[1]) for line in lines) * 1024

    def save(self, image: str, archive: Path) -> None:
        """Write a docker archive, the format that keeps HEALTHCHECK; see Engine."""
        self.call("save", "--format", "docker-archive", "--output", str(archive), image, timeout=600)


def find_podman() -> Podman:
    """Return podman, or raise Unavailable with the reason and the mend."""
    try:
        finished = run(["podman", "version", "--format", "{{.Client.Version}}"], timeout=_ASK_SECONDS)
    except Unavailable:
        raise Unavailable("podman is not installed", hint="install podman 4.3 or later") from None
    except ScaffoldError as error:
        raise Unavailable(f"podman does not answer: {error.message}", hint="try `podman info`") from error
    version = finished.stdout.strip()
    if tuple(int(part) for part in re.findall(r"\d+", version)[:2]) < _OLDEST:
        raise Unavailable(f"podman {version} is too old", hint="install podman 4.3 or later")
    return Podman(version)
