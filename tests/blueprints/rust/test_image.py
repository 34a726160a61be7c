"""What is in the images of Rust projects, and what becomes of them after a change."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest

from scaffold.engines.command_line import BuildFailed, CommandLineEngine
from scaffold.engines.model import ContainerSpec
from scaffold.run import run
from tests.blueprints.conftest import Template
from tests.blueprints.images import (
    DESCRIPTION,
    REPOSITORY,
    build,
    change,
    remove_images,
    saved,
    uncached,
)

API = "src/api.rs"


@pytest.fixture(scope="module", autouse=True)
def _remove_images(engine: CommandLineEngine) -> Iterator[None]:
    yield
    remove_images(engine)


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch, to be changed at will."""
    rendered = template.render(base="scratch", description=DESCRIPTION, project_name="hello")
    return Path(shutil.copytree(rendered, tmp_path / "project"))


def test_it_is_one_layer_with_one_program(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    (layer,) = saved(engine, build(engine, project).tag, tmp_path).layers
    files = {entry.path for entry in layer.entries if entry.kind == "file"}
    assert files == {"/app", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"}
    assert {entry.uid for entry in layer.entries} == {0}


def test_the_service_answers_with_what_it_was_built_from(engine: CommandLineEngine, project: Path) -> None:
    started = engine.start(ContainerSpec(build(engine, project).tag, f"{REPOSITORY}-rust", port=8080))
    try:
        address = f"http://127.0.0.1:{engine.published_port(started, 8080)}/"
        answer = run(["curl", "--silent", "--retry", "20", "--retry-connrefused", "--retry-delay", "1", address])
        assert json.loads(answer.stdout) == {"service": "hello", "version": "1.2.3", "message": DESCRIPTION}
        listening = json.loads(engine.logs(started).stdout.splitlines()[0])
        assert (listening["msg"], listening["version"], listening["revision"]) == ("listening", "1.2.3", "abcdef")
    finally:
        engine.remove_container(started)


def test_a_comment_changes_no_byte_and_a_statement_does(engine: CommandLineEngine, project: Path) -> None:
    before = engine.layers(build(engine, project).tag)
    change(project, API, "Add your routes and handlers here.", f"Add {uuid4()} here.")
    assert engine.layers(build(engine, project).tag) == before
    change(project, "src/probes.rs", '"ok\\n"', f'"{uuid4()}\\n"')
    assert engine.layers(build(engine, project).tag) != before


def test_sources_older_than_the_last_build_are_compiled(engine: CommandLineEngine, project: Path) -> None:
    """Cargo goes by times, and a checkout may be older than what another one left in the cache mount."""
    before = engine.layers(build(engine, project).tag)
    change(project, "src/probes.rs", '"ok\\n"', f'"{uuid4()}\\n"')
    for path in project.rglob("*.rs"):
        os.utime(path, (0, 0))
    assert engine.layers(build(engine, project).tag) != before


def test_the_same_sources_give_the_same_layer_without_a_cache(engine: CommandLineEngine, project: Path) -> None:
    """Also when nothing is left of what the compiler knew from earlier builds."""
    first = engine.layers(build(engine, project).tag)
    uncached(project)
    assert engine.layers(build(engine, project).tag) == first


def test_the_smallest_build_is_smaller(engine: CommandLineEngine, project: Path, tmp_path: Path) -> None:
    default = saved(engine, build(engine, project).tag, tmp_path).compressed_size
    smallest = saved(engine, build(engine, project, PROFILE="smallest").tag, tmp_path).compressed_size
    assert smallest < default - 150_000


def test_the_certificate_bundle_of_a_company_is_the_one_that_counts(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """With one that vouches for nobody, nothing can be fetched."""
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nnobody\n-----END CERTIFICATE-----\n")
    uncached(project)
    with pytest.raises(BuildFailed) as failed:
        build(engine, project, bundle=bundle)
    assert "cargo fetch" in failed.value.log


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (API, "use axum::routing::get;", "use  axum::routing::get;", "use  axum"),
        (API, "async fn root()", "fn unused() {}\n\nasync fn root()", "never used"),
        ("src/probes.rs", "StatusCode::SERVICE_UNAVAILABLE, ", "StatusCode::ACCEPTED, ", "FAILED"),
    ],
    ids=["not formatted", "refused by clippy", "wrong"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    with pytest.raises(BuildFailed) as failure:
        build(engine, project, target="test")
    assert said in failure.value.log
