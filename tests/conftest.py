"""What all tests share: the command as a user runs it, a real engine, projects made by `scaffold new`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from scaffold.engines import find_engine
from scaffold.engines.model import Engine

CHECKOUT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Ran:
    """A command that ended."""

    code: int
    stdout: str
    stderr: str

    @property
    def document(self) -> dict[str, Any]:
        """What it printed, as JSON."""
        document = json.loads(self.stdout)
        assert isinstance(document, dict)
        return document


Scaffold = Callable[..., Ran]


def run_scaffold(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ran:
    """Run the command in a process of its own, without a terminal."""
    finished = subprocess.run(
        [sys.executable, "-m", "scaffold", *map(str, words)],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), **(env or {})},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    return Ran(finished.returncode, finished.stdout, finished.stderr)


@pytest.fixture
def scaffold(tmp_path: Path) -> Scaffold:
    """The command, in an empty folder, with a cache and a configuration of its own."""
    folder = tmp_path / "work"
    folder.mkdir()

    def run(*words: str | Path, cwd: Path | None = None, env: Mapping[str, str] | None = None) -> Ran:
        own = {"XDG_CACHE_HOME": str(tmp_path / "cache"), "XDG_CONFIG_HOME": str(tmp_path / "config")}
        return run_scaffold(*words, cwd=cwd or folder, env=own | dict(env or {}))

    return run


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of this machine; without one the tests fail, for an image that nobody started proves nothing."""
    return find_engine()


@pytest.fixture(scope="session", params=["alpine", "distroless", "scratch"])
def base(request: pytest.FixtureRequest) -> str:
    """Each base in turn."""
    return str(request.param)


MakeProject = Callable[..., Path]


@pytest.fixture(scope="session")
def make_project(tmp_path_factory: pytest.TempPathFactory) -> MakeProject:
    """Make a project with `scaffold new`."""

    def make(base: str, *words: str) -> Path:
        project = tmp_path_factory.mktemp("project") / "hello"
        ran = run_scaffold("new", project, "--blueprint", "go", "--base", base, "--defaults", "--no-git", *words)
        assert ran.code == 0, ran.stderr
        return project

    return make
