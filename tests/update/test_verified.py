"""`scaffold update --verify`: the outcome is built and run by a real engine before anything of it comes in."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from scaffold.catalog.builtin import find_blueprint, materialise
from tests.catalog.conftest import Origin
from tests.conftest import run_scaffold
from tests.update.conftest import Project

pytestmark = pytest.mark.engine


@pytest.fixture
def go(origin: Origin, user: Path) -> Project:
    """A project of a Go blueprint of which there are two newer releases: 1.1.0 is good, 1.2.0 runs as root."""
    origin.git("rm", "-r", "--quiet", ".")
    for tag in origin.git("tag").split():
        origin.git("tag", "--delete", tag)
    blueprint = origin.folder / "go"
    shutil.copytree(materialise(find_blueprint("go"), user / "go"), blueprint)
    dockerfile = blueprint / "template" / "Dockerfile.jinja"
    release(origin, "1.0.0")
    dockerfile.write_text(dockerfile.read_text().replace("# It builds", "# Newer. It builds"))
    release(origin, "1.1.0")
    with dockerfile.open("a") as file:
        file.write("USER 0:0\n")
    release(origin, "1.2.0")
    folder = user / "shop"
    words = ("--catalog", f"{origin.url}@1.0.0", "--blueprint", "go", "--base", "scratch", "--defaults")
    made = run_scaffold("new", folder, *words)
    assert made.code == 0, made.stderr
    return Project(folder, folder)


def release(origin: Origin, version: str) -> None:
    described = origin.folder / "go" / "blueprint.yml"
    described.write_text(re.sub(r"(?m)^version: .*$", f"version: {version}", described.read_text()))
    origin.commit({}, f"go/{version}")


def test_what_passes_comes_in(go: Project) -> None:
    ran = go.run("update", "--to", "1.1.0", "--verify")
    assert ran.code == 0, ran.stdout
    assert "✓ SIGTERM ends it with 0 within its grace" in ran.stdout
    assert "It lies staged" in ran.stdout
    assert "# Newer." in go.read("Dockerfile")


def test_what_fails_does_not(go: Project) -> None:
    before = go.state()
    ran = go.run("update", "--to", "1.2.0", "--verify")
    assert ran.code == 1
    assert "root" in ran.stdout
    assert ran.stdout.endswith("Nothing was changed.\n")
    assert go.state() == before


def test_a_conflict_cannot_be_built(go: Project) -> None:
    go.commit({"Dockerfile": go.read("Dockerfile").replace("# It builds", "# Mine. It builds")})
    before = go.state()
    error = go.update("--to", "1.1.0", "--verify", code=1)
    assert error["message"] == "in conflict: Dockerfile"
    assert go.state() == before


def test_without_an_engine_nothing_comes_in(go: Project, user: Path) -> None:
    before = go.state()
    ran = go.run(
        "update", "--to", "1.1.0", "--verify", "--engine", "docker", env={"DOCKER_HOST": f"unix://{user}/x"}
    )
    assert ran.code == 69
    assert go.state() == before
