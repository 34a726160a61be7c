"""What is in the images of Java projects, and what becomes of them after a change."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import BuildFailed, CommandLineEngine
from tests.blueprints.conftest import Template
from tests.blueprints.images import build, change, remove_images, saved

SERVER = "src/main/java/service/Server.java"


@pytest.fixture(scope="module", autouse=True)
def _remove_images(engine: CommandLineEngine) -> Iterator[None]:
    yield
    remove_images(engine)


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch, to be changed at will."""
    return Path(shutil.copytree(template.render(base="scratch", project_name="hello"), tmp_path / "project"))


def test_the_service_is_a_layer_of_its_own(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    below, own = saved(engine, build(engine, project).tag, tmp_path).layers
    assert {entry.path for entry in own.entries if entry.kind == "file"} == {"/app/service.jar", "/app/service.aot"}
    files = {entry.path for entry in below.entries if entry.kind == "file"}
    assert "/opt/runtime/lib/modules" in files
    assert not {path for path in files if path.endswith(("javac", "jlink", ".jmod", ".h"))}


def test_a_comment_changes_no_byte_and_a_statement_does(engine: CommandLineEngine, project: Path) -> None:
    before = engine.layers(build(engine, project).tag)
    change(project, SERVER, "// They come every few seconds", f"// {uuid4()}: they come every few seconds")
    assert engine.layers(build(engine, project).tag) == before
    change(project, SERVER, '"not found"', f'"{uuid4()}"')
    after = engine.layers(build(engine, project).tag)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


def test_the_cache_of_classes_is_used(engine: CommandLineEngine, project: Path) -> None:
    """With AOTMode=on the runtime refuses to start when the cache is not the one of its very jar and modules."""
    image = build(engine, project).tag
    java = ["--entrypoint", "/opt/runtime/bin/java", image, "-XX:AOTCache=/app/service.aot"]
    strict = [*java, "-XX:AOTMode=on", "-jar", "/app/service.jar", "rehearse"]
    assert '"msg":"listening"' in engine.call("run", "--rm", *engine.run_flags(), *strict).stdout
    other = [*java, "-XX:AOTMode=on", "-cp", "/opt", "service.Main"]
    assert not engine.call("run", "--rm", *engine.run_flags(), *other, check=False).ok


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SERVER, "import java.io.IOException;", "import  java.io.IOException;", "spotless:apply"),
        (SERVER, "draining = true;", "draining = (boolean) true;", "redundant cast"),
        (SERVER, "Responses.UNAVAILABLE", "Responses.OK", "itDrainsAndFinishesWhatHasBegun"),
        ("Dockerfile", "ARG MODULES=java.base,jdk.httpserver", "ARG MODULES=java.base", "jdk.httpserver not found"),
    ],
    ids=["not formatted", "refused by javac", "wrong", "without a module"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    with pytest.raises(BuildFailed) as failure:
        build(engine, project, target="test")
    assert said in failure.value.log
