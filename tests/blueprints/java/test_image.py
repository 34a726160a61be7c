"""What is in the images of Java projects, and what becomes of them after a change."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import CommandLineEngine
from tests.blueprints.images import build, change, refused, remove_images, saved
from tests.blueprints.template import Template
from tests.lab.engine import ensure_podman
from tests.lab.progress import Progress
from tests.lab.supply import supply

IMAGES = ("maven:3.9.16-eclipse-temurin-25-noble",)
SERVER = "src/main/java/service/Server.java"
API = "src/main/java/service/Api.java"
MAIN = {"jdk": "service.Main", "spring-boot": "service.Application"}
# What of the class path is the framework's.
LIBRARIES = {"jdk": set(), "spring-boot": {"spring-webmvc", "spring-boot-actuator", "tomcat-embed-core"}}

every_framework = pytest.mark.parametrize("framework", MAIN)


@every_framework
def test_the_service_is_a_layer_of_its_own(
    engine: CommandLineEngine, template: Template, tmp_path: Path, framework: str
) -> None:
    project = template.copy(tmp_path, framework=framework)
    layers = saved(engine, build(engine, project).tag, tmp_path).layers
    runtime, dependencies, own = (
        {entry.path for entry in layer.entries if entry.kind == "file"} for layer in layers
    )
    assert own == {"/app/service.jar"}
    jars = {path for path in dependencies if path.endswith(".jar")}
    assert dependencies - jars == {"/app/lib.aot", "/app/options"}
    assert {path.rpartition("/")[2].rpartition("-")[0] for path in jars} >= LIBRARIES[framework]
    assert not {path for path in jars if "junit" in path or "test" in path}
    assert "/opt/runtime/lib/modules" in runtime
    assert not {path for path in runtime if path.endswith(("javac", "jlink", ".jmod", ".h"))}


def test_a_comment_changes_no_byte_of_spring_boot_and_a_statement_does(
    engine: CommandLineEngine, template: Template, tmp_path: Path
) -> None:
    project = template.copy(tmp_path, framework="spring-boot")
    before = engine.layers(build(engine, project).tag)
    change(project, API, "/** What the service does.", f"/** {uuid4()}: what the service does.")
    assert engine.layers(build(engine, project).tag) == before
    change(project, API, "Service.MESSAGE", f'"{uuid4()}"')
    after = engine.layers(build(engine, project).tag)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


@pytest.mark.parametrize(
    ("framework", "java", "strict"),
    [
        ("jdk", "25", "-XX:AOTMode=on"),
        ("spring-boot", "25", "-XX:AOTMode=on"),
        ("jdk", "21", "-Xshare:on"),
        ("spring-boot", "21", "-Xshare:on"),
    ],
)
def test_the_cache_of_classes_is_used(
    engine: CommandLineEngine, template: Template, tmp_path: Path, framework: str, java: str, strict: str
) -> None:
    """So strict the runtime refuses to start when the cache is not the one of its very class path and modules."""
    image = build(engine, template.copy(tmp_path, framework=framework, java=java)).tag
    run = ["run", "--rm", *engine.run_flags(), "--entrypoint", "/opt/runtime/bin/java", image, strict]
    healthcheck = [MAIN[framework], "healthcheck"]
    said = engine.call(*run, "@/app/options", *healthcheck, check=False)
    assert "Connection refused" in said.stdout
    other = engine.call(*run, "@/app/options", "-cp", "/app/service.jar", *healthcheck, check=False)
    assert not other.ok
    assert "Connection refused" not in other.stdout


def test_podman_builds_spring_boot_and_sees_a_change(template: Template, tmp_path: Path) -> None:
    project = template.copy(tmp_path, framework="spring-boot")
    podman = ensure_podman(Progress())
    supply(IMAGES, podman, Progress())
    try:
        before = podman.layers(build(podman, project).tag)
        change(project, API, "Service.MESSAGE", f'"{uuid4()}"')
        after = podman.layers(build(podman, project).tag)
    finally:
        remove_images(podman)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (SERVER, "import java.io.IOException;", "import  java.io.IOException;", "spotless:apply"),
        (SERVER, "draining = true;", "draining = (boolean) true;", "redundant cast"),
        (SERVER, "Responses.UNAVAILABLE", "Responses.OK", "itDrainsAndFinishesWhatHasBegun"),
        (
            "Dockerfile",
            "ARG MODULES=java.base,jdk.httpserver",
            "ARG MODULES=java.base",
            "jdk.httpserver not found",
        ),
    ],
    ids=["not formatted", "refused by javac", "wrong", "without a module"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    refused(engine, project, said, target="test")


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (API, "import org.spring", "import  org.spring", "spotless:apply"),
        (API, "new Info(Service.NAME", 'new Info("another"', "itTellsWhatItIs"),
        ("Dockerfile", "java.desktop,", "", "java.desktop not found"),
    ],
    ids=["not formatted", "wrong", "without a module"],
)
def test_tests_of_spring_boot_can_fail(
    engine: CommandLineEngine, template: Template, tmp_path: Path, file: str, old: str, new: str, said: str
) -> None:
    project = template.copy(tmp_path, framework="spring-boot")
    change(project, file, old, new)
    refused(engine, project, said, target="test")
