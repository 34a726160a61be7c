"""`scaffold verify` as a whole: what it prints, what it exits with, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from scaffold.engines.model import ContainerSpec, Engine
from scaffold.errors import ExitCode
from scaffold.verify.model import Step
from scaffold.verify.workspace import LABEL, REPOSITORY, sweep
from tests.conftest import CHECKOUT, MakeProject, Ran, Scaffold
from tests.verify.images import REPOSITORY as TESTS
from tests.verify.images import built

pytestmark = pytest.mark.engine


def statuses(ran: Ran) -> dict[str, str]:
    return {result["check"]: result["status"] for result in ran.document["result"]["results"]}


def findings(ran: Ran) -> list[dict[str, str]]:
    return [finding for result in ran.document["result"]["results"] for finding in result["findings"]]


def test_a_new_project_passes_every_check(scaffold: Scaffold, make_project: MakeProject, base: str) -> None:
    ran = scaffold("verify", make_project(base), "--strict", "--json")
    assert findings(ran) == []
    assert ran.code == 0
    assert set(statuses(ran).values()) == {"passed"}
    assert {result["step"] for result in ran.document["result"]["results"]} == set(Step)
    assert not ran.document["result"]["logs"]


def test_sizes_are_within_what_is_promised(scaffold: Scaffold, make_project: MakeProject, base: str) -> None:
    """At most 8 MB, and 3.4 MB compressed, on top of the base."""
    facts = scaffold("verify", make_project(base), "--only", "open", "--json").document["result"]["facts"]
    assert facts["added_bytes"] <= 8_000_000
    assert facts["added_compressed_bytes"] <= 3_400_000
    # On Alpine its two files of users are written again, with one more line.
    assert facts["wasted_bytes"] <= 2_000
    assert facts["layers"] == (1 if base == "scratch" else 2)
    assert facts["user"] == "65532:65532"
    assert facts["shell"] is (base == "alpine")


def test_scratch_holds_little_beside_the_program(
    engine: Engine, make_project: MakeProject, tmp_path: Path
) -> None:
    from scaffold.image import read

    project = make_project("scratch")
    with built(engine, project, (project / "Dockerfile").read_text()) as image:
        engine.save(image, tmp_path / "image.tar")
    saved = read(tmp_path / "image.tar")
    assert saved.size <= saved.files["/app"].size + 700_000


def test_an_image_that_passed_is_kept_under_the_name_that_was_asked_for(
    scaffold: Scaffold, make_project: MakeProject, engine: Engine
) -> None:
    name = f"{TESTS}:{secrets.token_hex(6)}"
    ran = scaffold("verify", make_project("scratch"), "--only", "open", "--tag", name)
    try:
        assert ran.stdout.endswith(f"kept as {name}\n")
        assert engine.has_image(name)
    finally:
        engine.remove_image(name)


def test_an_image_that_failed_is_not_kept(scaffold: Scaffold, make_project: MakeProject, engine: Engine) -> None:
    project, name = make_project("scratch"), f"{TESTS}:{secrets.token_hex(6)}"
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("USER 65532:65532\n", ""))
    ran = scaffold("verify", project, "--only", "open", "--tag", name)
    assert ran.code == ExitCode.NO
    assert not engine.has_image(name)


def test_plain_lines_without_a_terminal(scaffold: Scaffold, make_project: MakeProject) -> None:
    ran = scaffold("verify", make_project("scratch"), "--only", "lint", "--only", "open")
    assert ran.code == 0
    assert ran.stdout.startswith("lint ")
    assert "✓ the image builds" in ran.stdout
    assert "compressed" in ran.stdout
    assert "\x1b" not in ran.stdout
    assert "\r" not in ran.stdout


def test_verbose_shows_the_engines_own_lines(scaffold: Scaffold, make_project: MakeProject) -> None:
    ran = scaffold("verify", make_project("scratch"), "--only", "build", "--verbose")
    assert "COPY --from=build /rootfs/ /" in ran.stdout


def test_without_an_engine_the_checks_that_need_none_are_reported(
    scaffold: Scaffold, make_project: MakeProject, tmp_path: Path
) -> None:
    empty = {"PATH": str(tmp_path)}
    ran = scaffold("verify", make_project("scratch"), "--json", env=empty)
    assert ran.code == ExitCode.UNAVAILABLE
    assert {status for check, status in statuses(ran).items() if check.startswith("lint-")} == {"passed"}
    assert {status for check, status in statuses(ran).items() if not check.startswith("lint-")} == {"not run"}
    assert "docker is not installed" in ran.document["result"]["unavailable"]
    text = scaffold("verify", make_project("scratch"), env=empty)
    assert text.code == ExitCode.UNAVAILABLE
    assert "install docker" in text.stdout
    only_lint = scaffold("verify", make_project("scratch"), "--only", "lint", env=empty)
    assert only_lint.code == 0


def test_a_finding_fails_it_and_the_logs_are_kept(
    scaffold: Scaffold, make_project: MakeProject, tmp_path: Path
) -> None:
    project = make_project("scratch")
    dockerfile = project / "Dockerfile"
    dockerfile.write_text(dockerfile.read_text().replace("USER 65532:65532", "USER 0:0"))
    ran = scaffold("verify", project, "--json")
    assert ran.code == ExitCode.NO
    rules = {finding["rule"] for finding in findings(ran)}
    assert "open-user" in rules
    assert any(rule.startswith("lint-") for rule in rules)
    logs = Path(ran.document["result"]["logs"])
    assert logs.is_relative_to(tmp_path)
    assert "COPY --from=build" in (logs / "build-image.log").read_text()
    assert (logs / "answers.log").is_file()


def test_what_does_not_build_is_told_with_the_builders_lines(
    scaffold: Scaffold, make_project: MakeProject
) -> None:
    project = make_project("scratch")
    (project / "main.go").write_text("package main\n\nfunc main() { nonsense }\n")
    ran = scaffold("verify", project, "--json")
    assert ran.code == ExitCode.NO
    assert statuses(ran)["build-image"] == "failed"
    assert statuses(ran)["run-starts"] == "not run"
    log = Path(ran.document["result"]["logs"]) / "build-image.log"
    assert "undefined: nonsense" in log.read_text()


def test_failing_tests_of_the_project_fail_it(scaffold: Scaffold, make_project: MakeProject) -> None:
    project = make_project("scratch")
    (project / "broken_test.go").write_text(
        'package main\n\nimport "testing"\n\nfunc TestBroken(t *testing.T) {\n\tt.Fatal("broken")\n}\n'
    )
    ran = scaffold("verify", project, "--only", "build", "--json")
    assert ran.code == ExitCode.NO
    assert statuses(ran) == {"build-image": "passed", "build-tests": "failed"}


NO_DEPENDENCY_LAYER = """\
FROM golang:1.27.3-alpine3.23
WORKDIR /src
COPY . .
RUN go list ./...
"""
DEPENDENCIES_AFTER_SOURCES = """\
FROM golang:1.27.3-alpine3.23
WORKDIR /src
COPY . .
RUN go mod download
"""
PRINTS_DOWNLOADS = """\
FROM golang:1.27.3-alpine3.23
WORKDIR /src
COPY go.mod .
RUN go mod download
COPY . .
RUN echo 'go: downloading example.com/module v1.0.0'
"""


@pytest.mark.parametrize(
    ("dockerfile", "message"),
    [
        (NO_DEPENDENCY_LAYER, "no instruction fetches dependencies"),
        (DEPENDENCIES_AFTER_SOURCES, "fetches dependencies again"),
        (PRINTS_DOWNLOADS, "downloads 1 dependencies again"),
    ],
)
def test_dependencies_fetched_again_are_caught(
    scaffold: Scaffold, make_project: MakeProject, dockerfile: str, message: str
) -> None:
    project = make_project("scratch")
    (project / "Dockerfile").write_text(dockerfile)
    ran = scaffold("verify", project, "--only", "warm", "--json")
    assert any(message in finding["message"] for finding in findings(ran)), findings(ran)
    assert ran.code == ExitCode.NO


def test_the_project_is_not_touched(scaffold: Scaffold, make_project: MakeProject) -> None:
    project = make_project("scratch")
    before = {path: path.read_bytes() for path in project.rglob("*") if path.is_file()}
    scaffold("verify", project)
    assert {path: path.read_bytes() for path in project.rglob("*") if path.is_file()} == before


def leftovers(engine: Engine, process: subprocess.Popen[str]) -> list[str]:
    """Return what that process has made; others may be at work on the same engine."""
    owner = f"-{process.pid}"
    containers = [name for name, whose in engine.containers(LABEL) if whose.endswith(owner)]
    return containers + [image for image in engine.images(REPOSITORY) if f"{owner}-" in image]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_interrupted_it_leaves_nothing(
    engine: Engine, make_project: MakeProject, tmp_path: Path, number: signal.Signals
) -> None:
    process = started(make_project("scratch"), tmp_path)
    await_container(engine, process)
    process.send_signal(number)
    output, _ = process.communicate(timeout=60)
    assert process.returncode == ExitCode.INTERRUPTED
    assert "Traceback" not in output
    assert leftovers(engine, process) == []


def test_killed_its_leftovers_are_swept_by_the_next_run(
    engine: Engine, make_project: MakeProject, tmp_path: Path
) -> None:
    process = started(make_project("scratch"), tmp_path)
    await_container(engine, process)
    process.kill()
    process.communicate()
    assert leftovers(engine, process)
    sweep(engine)
    assert leftovers(engine, process) == []


def started(project: Path, folder: Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        # A shell without job control starts what runs in its background with SIGINT ignored.
        ["env", "--default-signal=INT", sys.executable, "-m", "scaffold", "verify", project, "--only", "run"],
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(folder / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def await_container(engine: Engine, process: subprocess.Popen[str]) -> None:
    deadline = time.monotonic() + 120
    while not any(whose.endswith(f"-{process.pid}") for _, whose in engine.containers(LABEL)):
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_another_hosts_and_a_living_runs_containers_stay(engine: Engine, program: Path) -> None:
    dockerfile = 'FROM scratch\nCOPY service /service\nENTRYPOINT ["/service"]\n'
    with built(engine, program, dockerfile) as image:
        owners = ["elsewhere-1", f"{os.uname().nodename.lower().replace('-', '')}-{os.getpid()}"]
        made = [
            engine.start(ContainerSpec(image, f"scaffold-sweep-{index}", labels={LABEL: owner}))
            for index, owner in enumerate(owners)
        ]
        try:
            sweep(engine)
            assert {owner for _, owner in engine.containers(LABEL)} >= set(owners)
        finally:
            for container in made:
                engine.remove_container(container)


def test_any_folder_with_a_dockerfile_can_be_verified(scaffold: Scaffold, program: Path, tmp_path: Path) -> None:
    """Without a blueprint nothing is promised but what holds for every service."""
    project = tmp_path / "app"
    project.mkdir()
    (project / "service").write_bytes((program / "service").read_bytes())
    (project / "service").chmod(0o755)
    (project / "Dockerfile").write_text(
        'FROM scratch\nCOPY service /service\nUSER 65532:65532\nEXPOSE 8080\nENTRYPOINT ["/service"]\n'
    )
    ran = scaffold("verify", project, "--only", "run", "--json")
    by_status = statuses(ran)
    assert by_status["run-starts"] == by_status["run-any-user"] == by_status["run-stops"] == "passed"
    assert by_status["run-port"] == "not applicable"


@pytest.mark.parametrize(
    ("text", "message"),
    [("", "Dockerfile"), ("NONSENSE\n", "Dockerfile:1"), ("FROM alpine:3.23\nRUN [\n", "")],
)
def test_a_dockerfile_that_cannot_be_read_is_one_line(
    scaffold: Scaffold, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "Dockerfile").write_text(text)
    ran = scaffold("verify", tmp_path, "--only", "lint")
    assert ran.code in {ExitCode.USAGE, ExitCode.NO}
    assert message in ran.stdout + ran.stderr
    assert "Traceback" not in ran.stderr


def test_an_image_that_no_registry_gives_is_said_to_be_that(scaffold: Scaffold, tmp_path: Path) -> None:
    (tmp_path / "Dockerfile").write_text("FROM registry.invalid/no/such:image\n")
    ran = scaffold("verify", tmp_path, "--only", "build", "--json")
    assert ran.code == ExitCode.UNAVAILABLE
    assert "registry.invalid/no/such:image" in json.dumps(ran.document)
