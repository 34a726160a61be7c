"""The Go blueprint as a template, projects rendered from it, and the tools that judge them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from scaffold.catalog.builtin import find_blueprint, materialise
from scaffold.engines import find_engine
from scaffold.engines.command_line import CommandLineEngine
from scaffold.render import Questionnaire, render
from scaffold.run import Finished, run

CHECKOUT = Path(__file__).resolve().parents[2]
BASES = ("alpine", "distroless", "scratch")
GO_IMAGE = "golang:1.27.3-alpine3.23"

RenderProject = Callable[..., Path]


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The blueprint with the parts that blueprints share, as copier sees it."""
    return materialise(find_blueprint("go"), tmp_path_factory.mktemp("template") / "go")


@pytest.fixture(scope="session")
def questions(template: Path) -> Questionnaire:
    """The blueprint's questions."""
    return Questionnaire(template)


@pytest.fixture(scope="session")
def render_project(
    template: Path, questions: Questionnaire, tmp_path_factory: pytest.TempPathFactory
) -> RenderProject:
    """Render a project from the answers that are given and the defaults of the rest; only to be read."""

    @cache
    def make(**given: Any) -> Path:
        project = tmp_path_factory.mktemp("project")
        render(template, project, questions.resolve(given, use_defaults=True))
        return project

    return make


@pytest.fixture(scope="session")
def engine() -> CommandLineEngine:
    """The engine of this machine; without one these tests fail."""
    found = find_engine()
    assert isinstance(found, CommandLineEngine)
    return found


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
    mount = [
        "--volume",
        f"{folder}:{folder}",
        "--env",
        "GOCACHE=/tmp/go-build",
        "--env",
        "GOFLAGS=-buildvcs=false",
    ]
    started = engine.call("run", "--detach", *mount, *engine.run_flags(), GO_IMAGE, "sleep", "1d")
    try:
        yield GoToolchain(engine, started.stdout.strip(), folder)
    finally:
        engine.remove_container(started.stdout.strip())
