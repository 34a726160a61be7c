"""Docker: the client on PATH that can build with BuildKit, and the daemon behind it.

Several clients can be on one PATH, and a newer one without buildx can run and inspect but not build, so
each is asked. Clients before 23 carry BuildKit themselves (`DOCKER_BUILDKIT=1`); later ones need buildx.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.model import BuildRequest, BuildStep, Capabilities
from scaffold.errors import ScaffoldError, Unavailable
from scaffold.run import run

_ASK_SECONDS = 20
_FIRST_WITHOUT_OWN_BUILDKIT = 23
_STEP = re.compile(r"^#(?P<vertex>\d+) (?P<name>\[(?!internal\]).*)$")
_CACHED = re.compile(r"^#(?P<vertex>\d+) CACHED$")


class Docker(CommandLineEngine):
    """A docker client that builds with BuildKit and whose daemon answers."""

    name = "docker"

    def __init__(self, client: Client) -> None:
        super().__init__(client.program, {"DOCKER_BUILDKIT": "1", "DOCKER_CLI_HINTS": "false"})
        self.client = client
        self.version = client.server_version

    @cached_property
    def capabilities(self) -> Capabilities:
        """Ask the daemon."""
        info = json.loads(self.call("info", "--format", "{{json .}}").stdout)
        return Capabilities(
            builder=self.client.builder,
            rootless=any("rootless" in option for option in info.get("SecurityOptions") or ()),
            health_daemon=True,
            storage=str(info.get("Driver") or ""),
        )

    def build_command(self, request: BuildRequest) -> list[str]:  # noqa: ARG002
        """Build with the client's own BuildKit, or with buildx into the daemon's store."""
        if self.client.has_buildx:
            # A provenance attestation would turn the image into an index, which older daemons cannot save.
            return ["buildx", "build", "--load", "--progress", "plain", "--provenance=false"]
        return ["build", "--progress", "plain"]

    def build_steps(self, log: str) -> tuple[BuildStep, ...]:
        """Read BuildKit's plain progress: `#8 [build 3/7] RUN …`, later `#8 CACHED`."""
        names: dict[str, str] = {}
        cached: set[str] = set()
        for line in log.splitlines():
            if step := _STEP.match(line):
                names.setdefault(step["vertex"], step["name"])
            elif reused := _CACHED.match(line):
                cached.add(reused["vertex"])
        return tuple(BuildStep(name, vertex in cached) for vertex, name in names.items())


@dataclass(frozen=True, slots=True)
class Client:
    """A docker client with what it said of itself; `builder` is "" when it cannot build with BuildKit."""

    program: str
    version: str
    server_version: str
    has_buildx: bool
    builder: str


def find_docker() -> Docker:
    """Return docker, or raise Unavailable with the reason and the mend."""
    reasons = []
    for program in _programs():
        try:
            client = _ask(program)
        except ScaffoldError as error:
            reasons.append(f"{program}: {error.message}")
            continue
        if client.builder:
            return Docker(client)
        reasons.append(f"{program}: client {client.version} has no buildx plugin and cannot build with BuildKit")
    raise Unavailable("; ".join(reasons) or "docker is not installed", hint=_hint(reasons))


def _hint(reasons: list[str]) -> str:
    if any("buildx" in reason for reason in reasons):
        return "install the buildx plugin (package docker-buildx-plugin or docker-buildx)"
    if reasons:
        return "start the daemon (`systemctl start docker`), or add your user to the group `docker`"
    return "install docker with buildx (Debian: docker.io, Ubuntu: docker.io and docker-buildx) or podman"


def _programs() -> Iterator[str]:
    seen = set()
    for folder in os.get_exec_path():
        program = Path(folder, "docker")
        if os.access(program, os.X_OK) and program.resolve() not in seen:
            seen.add(program.resolve())
            yield str(program)


def _ask(program: str) -> Client:
    finished = run([program, "version", "--format", "{{json .}}"], check=False, timeout=_ASK_SECONDS)
    document = _document(finished.stdout)
    if not document.get("Client") or "Podman" in finished.output:
        raise Unavailable("is not Docker's client")
    if not document.get("Server"):
        raise Unavailable("the docker daemon does not answer")
    version = str(document["Client"]["Version"])
    server_version = str(document["Server"]["Version"])
    buildx = run([program, "buildx", "version"], check=False, timeout=_ASK_SECONDS)
    return Client(program, version, server_version, buildx.ok, _builder(version, server_version, buildx.stdout))


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}


def _builder(version: str, server_version: str, buildx: str) -> str:
    if found := re.search(r"v?(\d+\.\d+\.\d+)", buildx):
        return f"buildx {found[1]}"
    if int(version.split(".")[0]) < _FIRST_WITHOUT_OWN_BUILDKIT:
        return f"BuildKit in docker {server_version}"
    return ""
