"""Every run check passes a service that keeps the contract, and catches one that breaks its promise."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.catalog.blueprint import Contract
from scaffold.engines.model import Engine
from scaffold.ui.progress import Silent
from scaffold.verify.model import Check, Finding, Severity, Status, run_check
from scaffold.verify.pipeline import Pipeline
from scaffold.verify.running.checks import CHECKS
from scaffold.verify.running.subject import RunSubject
from scaffold.verify.workspace import Workspace
from tests.verify.images import built

pytestmark = pytest.mark.engine

CONTRACT = Contract(
    root="/",
    live="/livez",
    ready="/readyz",
    port_variable="PORT",
    drain_variable="DRAIN_DELAY",
    bad_environment={"PORT": "not-a-port"},
    json_logs=True,
    healthcheck=True,
    grace=2.0,
    start=10.0,
)
DOCKERFILE = """\
FROM scratch
COPY service /service
USER 65532:65532
ENV FLAW={flaw}
EXPOSE 8080
HEALTHCHECK --interval=1s CMD ["/service", "healthcheck"]
ENTRYPOINT ["/service"]
"""
# check, the flaw that it has to catch, and what it has to say.
BAD = [
    ("run-starts", "crashes", "exited with 1"),
    ("run-starts", "writes-to-root", "read-only file system"),
    ("run-starts", "never-answers", "runs but does not answer"),
    ("run-answers", "root-500", "status 500"),
    ("run-port", "fixed-port", "PORT=9191"),
    ("run-logs", "logs-text", "not a JSON object"),
    ("run-logs", "logs-stderr", "went to stderr"),
    ("run-logs", "logs-nothing", "nothing is logged"),
    ("run-any-user", "known-user-only", "who are you?"),
    ("run-healthcheck", "unhealthy", "'unhealthy'"),
    ("run-in-flight", "cuts-requests", "not answered"),
    ("run-in-flight", "dies-at-once", "not answered"),
    ("run-stops", "ignores-sigterm", "did not end the service"),
    ("run-stops", "exits-one", "exited with 1"),
    ("run-drains", "ready-while-draining", "status 200"),
    ("run-drains", "cuts-requests", "no answer"),
    ("run-configuration", "starts-anyway", "starts all the same"),
    ("run-configuration", "exits-zero", "exits with 0"),
    ("run-configuration", "silent-exit", "logs 0 lines"),
    ("run-configuration", "many-lines", "logs 2 lines"),
]
BY_ID = {check.id: check for check in CHECKS}


@pytest.fixture
def workspace(engine: Engine, tmp_path: Path) -> Iterator[Workspace]:
    with Workspace(engine, tmp_path / "logs") as workspace:
        yield workspace


def findings(
    check: Check[RunSubject], engine: Engine, program: Path, workspace: Workspace, flaw: str
) -> tuple[Finding, ...]:
    with built(engine, program, DOCKERFILE.format(flaw=flaw)) as image:
        pipeline = Pipeline(Silent())
        pipeline.apply([check], RunSubject(engine, image, CONTRACT, 8080, workspace))
    return pipeline.results[0].findings


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.id)
def test_a_good_service_passes(
    check: Check[RunSubject], engine: Engine, program: Path, workspace: Workspace
) -> None:
    assert findings(check, engine, program, workspace, "none") == ()


@pytest.mark.parametrize(("check_id", "flaw", "words"), BAD)
def test_a_flaw_is_caught(
    check_id: str, flaw: str, words: str, engine: Engine, program: Path, workspace: Workspace
) -> None:
    found = findings(BY_ID[check_id], engine, program, workspace, flaw)
    assert found, f"{check_id} does not see {flaw}"
    assert any(words in finding.message for finding in found), found
    assert all(finding.severity is Severity.ERROR and finding.mend for finding in found)


def test_every_check_has_a_bad_case() -> None:
    assert {check_id for check_id, _, _ in BAD} == set(BY_ID)


PROMISED = ["run-answers", "run-port", "run-logs", "run-healthcheck", "run-drains", "run-configuration"]


@pytest.mark.parametrize("check_id", PROMISED)
def test_what_is_not_promised_is_not_tested(check_id: str, engine: Engine, workspace: Workspace) -> None:
    subject = RunSubject(engine, "no-such-image", Contract(), 8080, workspace)
    assert run_check(BY_ID[check_id], subject)[0] is Status.NOT_APPLICABLE


def test_nothing_is_left_behind(engine: Engine, program: Path, workspace: Workspace) -> None:
    findings(BY_ID["run-stops"], engine, program, workspace, "ignores-sigterm")
    owners = [owner for _, owner in engine.containers("io.github.container-scaffold.verify")]
    assert workspace.owner not in owners
    assert "listening" in (workspace.logs / "stop.log").read_text()
