"""What docker and podman share: nearly the same command line."""

from __future__ import annotations

import json
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from scaffold.engines.model import Build, BuildRequest, BuildStep, ContainerSpec, ContainerState, Logs
from scaffold.errors import ProgramError, ScaffoldError, Unavailable
from scaffold.run import Finished, OnLine, run, stream

_BUILD_SECONDS = 1800
_CALL_SECONDS = 120
# BuildKit and buildah, when an image of a FROM line cannot be pulled because nobody answers.
_UNREACHABLE = re.compile(
    r"(?:load metadata for |initializing source docker://|Trying to pull )(?P<image>[^\s:]+(?::[\w.-]+)?)"
    r"[\s\S]*?(?:no such host|i/o timeout|connection refused|network is unreachable|server misbehaving)"
)


class BuildFailed(ProgramError):
    """The image does not build; `log` is all that the engine said."""

    kind = "build-failed"

    def __init__(self, message: str, *, hint: str, output: str, log: str) -> None:
        super().__init__(message, hint=hint, output=output)
        self.log = log


class CommandLineEngine(ABC):
    """The calls that take the same words in docker and podman; they differ in what they override."""

    def __init__(self, program: str, environment: Mapping[str, str] | None = None) -> None:
        self.program = program
        self.environment = dict(environment or {})

    def call(self, *arguments: str, check: bool = True, timeout: float = _CALL_SECONDS) -> Finished:
        """Run one subcommand of the engine."""
        return run([self.program, *arguments], env=self.environment, check=check, timeout=timeout)

    @abstractmethod
    def build_command(self, request: BuildRequest) -> list[str]:
        """Return the subcommand that builds, up to the flags that all builders share."""

    @abstractmethod
    def build_steps(self, log: str) -> tuple[BuildStep, ...]:
        """Read the instructions and which of them were reused from the builder's own output."""

    def build(self, request: BuildRequest, on_line: OnLine) -> Build:
        """Build an image; see Engine."""
        command = [self.program, *self.build_command(request), *_build_flags(request), str(request.context)]
        finished = stream(command, on_line, env=self.environment, timeout=_BUILD_SECONDS, check=False)
        if not finished.ok:
            raise _build_failed(request, finished)
        return Build(request.tag, finished.seconds, self.build_steps(finished.stdout), finished.stdout)

    def save(self, image: str, archive: Path) -> None:
        """Write the image as a docker archive; see Engine."""
        self.call("save", "--output", str(archive), image, timeout=_BUILD_SECONDS)

    def tag(self, image: str, name: str) -> None:
        """Give an image one more name; see Engine."""
        self.call("tag", image, name)

    def has_image(self, image: str) -> bool:
        """Tell whether the image is at hand; see Engine."""
        return self.call("image", "inspect", image, check=False).ok

    def layers(self, image: str) -> list[str]:
        """Name the layers; see Engine."""
        return [str(layer) for layer in self._inspected(image)["RootFS"]["Layers"] or []]

    def labels(self, image: str) -> dict[str, str]:
        """Give the labels; see Engine."""
        config = self._inspected(image).get("Config") or {}
        return {str(key): str(value) for key, value in (config.get("Labels") or {}).items()}

    def _inspected(self, image: str) -> dict[str, Any]:
        documents = json.loads(self.call("image", "inspect", image).stdout)
        assert isinstance(documents[0], dict)
        return documents[0]

    def start(self, spec: ContainerSpec) -> str:
        """Start a container; see Engine."""
        return self.call("run", "--detach", *_hardening(spec), *self.run_flags(), spec.image).stdout.strip()

    def run_flags(self) -> Sequence[str]:
        """Return what this engine needs beside the flags that both share."""
        return ()

    def published_port(self, container: str, port: int) -> int:
        """Find the published port; see Engine."""
        lines = self.call("port", container, f"{port}/tcp").stdout.splitlines()
        for line in lines:
            if found := re.search(r"127\.0\.0\.1:(\d+)$", line):
                return int(found[1])
        raise ScaffoldError(f"the engine published no port for {port}/tcp of container {container[:12]}")

    def state(self, container: str) -> ContainerState:
        """Tell how a container is; see Engine."""
        document = json.loads(self.call("inspect", "--type", "container", container).stdout)[0]["State"]
        health = document.get("Health") or document.get("Healthcheck") or {}
        return ContainerState(
            running=bool(document["Running"]),
            exit_code=int(document["ExitCode"]),
            health=str(health.get("Status") or ""),
        )

    def probe_health(self, container: str) -> ContainerState:
        """See Engine; the daemon runs HEALTHCHECK itself, so there is only to look."""
        return self.state(container)

    def logs(self, container: str) -> Logs:
        """Return what the container printed; see Engine."""
        finished = self.call("logs", container)
        return Logs(finished.stdout, finished.stderr)

    def signal(self, container: str, name: str) -> None:
        """Send a signal; see Engine."""
        self.call("kill", "--signal", name, container)

    def resident_memory(self, container: str) -> int:
        """Add up the resident sets of the container's processes; see Engine."""
        lines = self.call("top", container, "-o", "pid,rss").stdout.splitlines()[1:]
        return sum(int(line.split()[1]) for line in lines) * 1024

    def containers(self, label: str) -> list[tuple[str, str]]:
        """List containers by label; see Engine."""
        template = f'{{{{.ID}}}} {{{{.Label "{label}"}}}}'
        listed = self.call("ps", "--all", "--filter", f"label={label}", "--format", template).stdout
        return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in listed.splitlines() if " " in line]

    def images(self, repository: str) -> list[str]:
        """List references of a repository; see Engine."""
        listed = self.call("images", "--format", "{{.Repository}}:{{.Tag}}", repository).stdout
        return [line for line in listed.splitlines() if not line.endswith(":<none>")]

    def remove_container(self, container: str) -> None:
        """Kill and remove; see Engine."""
        self._gone(self.call("rm", "--force", "--volumes", container, check=False))

    def remove_image(self, image: str) -> None:
        """Remove; see Engine."""
        self._gone(self.call("rmi", "--force", image, check=False))

    @staticmethod
    def _gone(finished: Finished) -> None:
        # What is gone already is what we wanted; docker and podman word it differently.
        if finished.ok or re.search(r"no such|not known|not found|in progress", finished.output, re.IGNORECASE):
            return
        raise ProgramError("the engine could not remove what verification made", output=finished.output)


def _build_flags(request: BuildRequest) -> list[str]:
    flags = ["--tag", request.tag]
    if request.dockerfile is not None:
        flags += ["--file", str(request.dockerfile)]
    if request.target:
        flags += ["--target", request.target]
    if not request.cached:
        flags += ["--no-cache"]
    for name, value in request.args.items():
        flags += ["--build-arg", f"{name}={value}"]
    for name, path in request.secrets.items():
        flags += ["--secret", f"id={name},src={path}"]
    return flags


def _hardening(spec: ContainerSpec) -> list[str]:
    """Return the flags of a container that runs as production should: nothing that it does not need."""
    flags = ["--name", spec.name, "--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"]
    flags += ["--memory", str(spec.memory), "--health-interval", "1s"]
    if spec.port:
        flags += ["--publish", f"127.0.0.1::{spec.port}"]
    if spec.user:
        flags += ["--user", spec.user]
    for name, value in spec.environment.items():
        flags += ["--env", f"{name}={value}"]
    for name, value in spec.labels.items():
        flags += ["--label", f"{name}={value}"]
    return flags


def _build_failed(request: BuildRequest, finished: Finished) -> ScaffoldError:
    if found := _UNREACHABLE.search(finished.stdout):
        return Unavailable(
            f"the base image {found['image']} is not at hand and its registry does not answer",
            hint="check the network and the registry login, or load the image into the engine first",
        )
    what = f"target {request.target}" if request.target else "the image"
    tail = "\n".join(finished.stdout.splitlines()[-15:])
    return BuildFailed(
        f"{what} does not build",
        hint="the engine's last lines are above; `scaffold verify --verbose` shows all of them",
        output=tail,
        log=finished.stdout,
    )
