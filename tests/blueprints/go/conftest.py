"""Go itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.run import Finished, run

GO_IMAGE = "golang:1.27.3-alpine3.23"


@dataclass(frozen=True)
class GoToolchain:
    """The toolchain of the blueprint's build stage, in a container that sees `folder` under the same path."""

    engine: CommandLineEngine
    container: str
    folder: Path

    def run(self, *command: str, cwd: Path | None = None, check: bool = True) -> Finished:
        """Run a command in the container."""
        where = ["--workdir", str(cwd or self.folder)]
        return run([self.engine.program, "exec", *where, self.container, *command], check=check)


@pytest.fixture(scope="session")
def go(engine: CommandLineEngine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GoToolchain]:
    """Go, for as long as the tests run."""
    folder = tmp_path_factory.getbasetemp()
    mount = ["--volume", f"{folder}:{folder}"]
    settings = ["--env", "GOCACHE=/tmp/go-build", "--env", "GOFLAGS=-buildvcs=false"]
    started = engine.call("run", "--detach", *mount, *settings, *engine.run_flags(), GO_IMAGE, "sleep", "1d")
    try:
        yield GoToolchain(engine, started.stdout.strip(), folder)
    finally:
        engine.remove_container(started.stdout.strip())
