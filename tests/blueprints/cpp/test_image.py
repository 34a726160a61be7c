"""What is in the images of C++ projects, and what becomes of them after a change."""

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
from scaffold.image.elf import read_elf
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

API = "src/api.cpp"
PROBE = 'http::text(200, "ok")'


@pytest.fixture(scope="module", autouse=True)
def _remove_images(engine: CommandLineEngine) -> Iterator[None]:
    yield
    remove_images(engine)


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch, to be changed at will."""
    rendered = template.render(base="scratch", description=DESCRIPTION, project_name="hello")
    return Path(shutil.copytree(rendered, tmp_path / "project"))


def changed_answer(project: Path) -> None:
    """Change what the program does."""
    change(project, "src/server.cpp", PROBE, f'http::text(200, "{uuid4()}")')


def test_it_is_one_layer_with_one_static_program(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    image = saved(engine, build(engine, project).tag, tmp_path)
    (layer,) = image.layers
    files = {entry.path for entry in layer.entries if entry.kind == "file"}
    assert files == {"/app", "/etc/passwd", "/etc/group", "/etc/ssl/certs/ca-certificates.crt"}
    assert {entry.uid for entry in layer.entries} == {0}
    with image.open("/app") as program:
        elf = read_elf(program)
    assert elf is not None
    assert (elf.interpreter, elf.needed) == ("", ())


def test_the_program_brings_neither_names_nor_locales(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """What a static glibc would load at run time, and what it does not need."""
    built = build(engine, project)
    with saved(engine, built.tag, tmp_path).open("/app") as program:
        content = program.read()
    assert b"zoneinfo" not in content
    assert b"libnss_" not in content
    assert "statically linked applications requires" not in built.log


def test_the_service_answers_with_what_it_was_built_from(engine: CommandLineEngine, project: Path) -> None:
    started = engine.start(ContainerSpec(build(engine, project).tag, f"{REPOSITORY}-cpp", port=8080))
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
    change(project, API, "namespace api {", f"// {uuid4()}\nnamespace api {{")
    assert engine.layers(build(engine, project).tag) == before
    changed_answer(project)
    assert engine.layers(build(engine, project).tag) != before


def test_sources_older_than_the_last_build_are_compiled(engine: CommandLineEngine, project: Path) -> None:
    """A checkout may be older than what another one left in the cache mount."""
    before = engine.layers(build(engine, project).tag)
    changed_answer(project)
    for path in project.rglob("*.cpp"):
        os.utime(path, (0, 0))
    assert engine.layers(build(engine, project).tag) != before


def test_the_same_sources_give_the_same_layer_without_a_cache(engine: CommandLineEngine, project: Path) -> None:
    """Also when nothing is left of what was compiled in earlier builds."""
    first = engine.layers(build(engine, project).tag)
    uncached(project)
    assert engine.layers(build(engine, project).tag) == first


def test_packages_come_from_the_mirror_of_a_company(engine: CommandLineEngine, project: Path) -> None:
    """One that is not there gives none."""
    uncached(project)
    with pytest.raises(BuildFailed) as failed:
        build(engine, project, DEBIAN_MIRROR="http://127.0.0.1:9")
    assert "127.0.0.1:9" in failed.value.log


def test_the_certificate_bundle_of_a_company_is_the_one_that_counts(
    engine: CommandLineEngine, project: Path, tmp_path: Path
) -> None:
    """With one that vouches for nobody, nothing can be fetched over TLS."""
    bundle = tmp_path / "company.pem"
    bundle.write_text("-----BEGIN CERTIFICATE-----\nnobody\n-----END CERTIFICATE-----\n")
    uncached(project)
    with pytest.raises(BuildFailed) as failed:
        build(engine, project, bundle=bundle, DEBIAN_MIRROR="https://deb.debian.org")
    assert "ertificate" in failed.value.log


@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        (API, "namespace api {", "namespace  api {", "clang-format"),
        (
            "src/http.cpp",
            "namespace http {\nnamespace {",
            "namespace http {\nnamespace {\nint unused() { return 1; }\n",
            "unused",
        ),
        ("src/server.cpp", 'http::text(503, "draining")', 'http::text(200, "draining")', "tests failed"),
    ],
    ids=["not formatted", "refused by the compiler", "wrong"],
)
def test_its_tests_can_fail(
    engine: CommandLineEngine, project: Path, file: str, old: str, new: str, said: str
) -> None:
    change(project, file, old, new)
    with pytest.raises(BuildFailed) as failure:
        build(engine, project, target="test")
    assert said in failure.value.log
