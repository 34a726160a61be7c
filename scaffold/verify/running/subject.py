"""What the run checks work on: an image, the contract its service promises, and a way to start containers."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

from scaffold.catalog.blueprint import Contract
from scaffold.engines.model import ContainerSpec, Engine
from scaffold.errors import ScaffoldError
from scaffold.verify.running.container import Container
from scaffold.verify.workspace import Workspace


@dataclass(slots=True)
class RunSubject:
    """One image under test. `facts` collects what the checks measure on their way."""

    engine: Engine
    image: str
    contract: Contract
    port: int
    workspace: Workspace
    facts: dict[str, int | float | str | bool] = field(default_factory=dict)

    @contextmanager
    def container(
        self, purpose: str, *, user: str = "", port: int = 0, environment: Mapping[str, str] | None = None
    ) -> Iterator[Container]:
        """Start a container as production would; its logs are kept under `purpose` when it is removed."""
        spec = ContainerSpec(
            image=self.image,
            name=self.workspace.container_name(purpose),
            environment=environment or {},
            user=user,
            port=port or self.port,
            labels=self.workspace.container_labels,
        )
        started = time.monotonic()
        name = self.engine.start(spec)
        container = Container(self.engine, name, self._published_port(name, spec.port), started)
        try:
            yield container
        finally:
            with suppress(ScaffoldError):
                self.workspace.keep_log(purpose, container.logs())
            self.engine.remove_container(container.id)

    def _published_port(self, container: str, port: int) -> int:
        try:
            return self.engine.published_port(container, port)
        except ScaffoldError:
            return 0

    @contextmanager
    def ready_container(
        self, purpose: str, *, user: str = "", port: int = 0, environment: Mapping[str, str] | None = None
    ) -> Iterator[Container]:
        """Start a container and wait until it answers; raises NotReady when it does not."""
        with self.container(purpose, user=user, port=port, environment=environment) as container:
            if container.await_ready(self.contract.first_path, self.contract.start) is None:
                raise NotReady(last_words(container))
            yield container


class NotReady(ScaffoldError):
    """The service did not come up; the message has its last words."""

    kind = "not-ready"


def last_words(container: Container) -> str:
    """Say how a container ended, or that it is silent, with its last log line."""
    state, logs = container.state(), container.logs()
    lines = (logs.stdout + logs.stderr).strip().splitlines()
    how = "it runs but does not answer" if state.running else f"it exited with {state.exit_code}"
    return f"{how}; last line: {lines[-1]}" if lines else f"{how} and printed nothing"
