"""Every engine keeps the same protocol: each test runs with real docker and with real podman."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.engines import ENGINES, find_engine
from scaffold.engines.command_line import BuildFailed
from scaffold.engines.model import Build, BuildRequest, ContainerSpec, Engine
from scaffold.errors import InputError, Unavailable
from scaffold.image import read
from tests.conftest import MakeProject, Scaffold

pytestmark = pytest.mark.engine

SCRIPT = """\
FROM alpine:3.23
ARG GREETING
LABEL greeting="${GREETING}"
RUN --mount=type=secret,id=word,target=/run/word cat /run/word > /word
COPY file /file
USER 65532:65532
EXPOSE 8080
HEALTHCHECK CMD ["true"]
ENTRYPOINT ["sh", "-c", "echo out; echo err >&2; trap 'exit 7' TERM; while :; do sleep 0.1; done"]
"""
TAG = "localhost/scaffold-tests:engines"


@pytest.fixture(scope="module", params=ENGINES)
def each(request: pytest.FixtureRequest) -> Engine:
    return find_engine(str(request.param))


@pytest.fixture(scope="module")
def request_of(tmp_path_factory: pytest.TempPathFactory) -> BuildRequest:
    folder = tmp_path_factory.mktemp("context")
    (folder / "Dockerfile").write_text(SCRIPT)
    (folder / "file").write_text("content")
    secret = tmp_path_factory.mktemp("secret") / "word"
    secret.write_text("hush")
    return BuildRequest(folder, TAG, args={"GREETING": "hello"}, secrets={"word": secret})


@pytest.fixture(scope="module")
def build(each: Engine, request_of: BuildRequest) -> Iterator[Build]:
    yield each.build(request_of, lambda _: None)
    each.remove_image(TAG)


@pytest.fixture
def container(each: Engine, build: Build) -> Iterator[str]:
    name = each.start(ContainerSpec(build.tag, "scaffold-test-engines", port=8080, labels={"scaffold.test": "1"}))
    yield name
    each.remove_container(name)


def test_it_says_what_it_can_do(each: Engine) -> None:
    assert each.version[0].isdigit()
    assert each.capabilities.builder
    assert each.capabilities.storage


def test_arguments_and_secrets_reach_the_build(each: Engine, build: Build, tmp_path: Path) -> None:
    assert each.labels(build.tag)["greeting"] == "hello"
    each.save(build.tag, tmp_path / "image.tar")
    image = read(tmp_path / "image.tar")
    assert image.open("/word").read(10) == b"hush"
    assert image.config.healthcheck == ("CMD", "true")
    assert len(each.layers(build.tag)) == len(image.layers)


def test_reused_steps_are_told(each: Engine, build: Build, request_of: BuildRequest) -> None:
    (request_of.context / "file").write_text(f"other content {time.time()}")
    again = {step.name: step.cached for step in each.build(request_of, lambda _: None).steps}
    cached = {cached for name, cached in again.items() if "/run/word" in name}
    copied = {cached for name, cached in again.items() if "COPY file" in name}
    assert (cached, copied) == ({True}, {False})
    fresh = each.build(_fresh(request_of), lambda _: None)
    assert not any(step.cached for step in fresh.steps if "COPY" in step.name)
    assert build.seconds > 0


def _fresh(request: BuildRequest) -> BuildRequest:
    return BuildRequest(request.context, TAG, args=request.args, secrets=request.secrets, cached=False)


def test_a_failed_build_has_the_builders_lines(each: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM alpine:3.23\nRUN echo to be seen && false\n")
    lines: list[str] = []
    with pytest.raises(BuildFailed, match="does not build") as error:
        each.build(BuildRequest(tmp_path, TAG), lines.append)
    assert any("to be seen" in line for line in lines)
    assert "to be seen" in error.value.log


def test_an_image_that_nobody_has_is_unavailable(each: Engine, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM registry.invalid/no/such:image\n")
    with pytest.raises(Unavailable, match=r"registry\.invalid/no/such:image"):
        each.build(BuildRequest(tmp_path, TAG), lambda _: None)
    assert not each.has_image("registry.invalid/no/such:image")


def test_the_life_of_a_container(each: Engine, container: str) -> None:
    assert each.published_port(container, 8080) > 0
    assert each.state(container).running
    assert each.resident_memory(container) > 100_000
    assert [value for _, value in each.containers("scaffold.test")] == ["1"]
    deadline = time.monotonic() + 10
    while not each.logs(container).stderr and time.monotonic() < deadline:
        time.sleep(0.05)
    assert (each.logs(container).stdout, each.logs(container).stderr) == ("out\n", "err\n")
    each.signal(container, "SIGTERM")
    while each.state(container).running and time.monotonic() < deadline:
        time.sleep(0.05)
    assert each.state(container).exit_code == 7


def test_what_is_gone_can_be_removed_again(each: Engine) -> None:
    each.remove_container("scaffold-test-never-was")
    each.remove_image("localhost/scaffold-tests:never-was")


def test_verify_passes_with_each_engine(each: Engine, scaffold: Scaffold, make_project: MakeProject) -> None:
    ran = scaffold("verify", make_project("alpine"), "--engine", each.name, "--json")
    failed = [result for result in ran.document["result"]["results"] if result["status"] != "passed"]
    assert failed == []
    assert ran.document["result"]["engine"].startswith(each.name)


def test_an_unknown_engine() -> None:
    with pytest.raises(InputError, match="no engine 'lxc'"):
        find_engine("lxc")


# Stands in for a machine with other clients than this one has; it answers only what the search asks.
CLIENT = """#!/bin/sh
case "$1 $2" in
  "version --format") echo '{answer}' ;;
  "buildx version") {buildx} ;;
esac
"""


@pytest.mark.parametrize(
    ("answer", "buildx", "reason"),
    [
        ('{"Client": {"Version": "28.2.2"}, "Server": {"Version": "26.0.0"}}', "exit 1", "no buildx plugin"),
        ('{"Client": {"Version": "28.2.2"}, "Server": null}', "exit 1", "daemon does not answer"),
        ("Podman Engine", "exit 1", "not Docker's client"),
    ],
)
def test_a_client_that_cannot_build_is_named_with_the_reason(
    answer: str, buildx: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = tmp_path / "docker"
    client.write_text(CLIENT.replace("{answer}", answer).replace("{buildx}", buildx))
    client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/bin-that-is-none")
    with pytest.raises(Unavailable, match=reason) as error:
        find_engine("docker")
    assert error.value.hint


def test_a_later_client_on_the_path_is_taken_when_the_first_cannot_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, answer, buildx in (
        ("first", '{"Client": {"Version": "28.2.2"}, "Server": {"Version": "26.0.0"}}', "exit 1"),
        (
            "second",
            '{"Client": {"Version": "27.0.0"}, "Server": {"Version": "27.0.0"}}',
            "echo v0.13.1",
        ),
    ):
        client = tmp_path / name / "docker"
        client.parent.mkdir()
        client.write_text(CLIENT.replace("{answer}", answer).replace("{buildx}", buildx))
        client.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}/first:{tmp_path}/second")
    found = find_engine("docker")
    assert found.program == str(tmp_path / "second" / "docker")
