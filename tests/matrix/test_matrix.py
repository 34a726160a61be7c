"""Every language on every base: what `scaffold verify` and the checkers of others say of it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from scaffold.catalog.builtin import blueprints
from scaffold.engines.model import Engine
from tests.matrix.cells import Cell, cells, unobtainable
from tests.matrix.conftest import Matrix, Verified
from tests.tools import tool

CELLS = cells()
every_cell = pytest.mark.parametrize("cell", CELLS, ids=str)
# A base image that can be had nowhere but in a registry.
NOT_BUILT = {str(cell) for cell in CELLS if (cell.blueprint, cell.base) == ("java", "alpine")}
# A static program may have no use for time zones.
NOT_APPLICABLE = {"open-timezones"}


@every_cell
def test_it_passes_every_check(verified: Verified) -> None:
    results = verified.ran.document["result"]["results"]
    failed = [finding for result in results for finding in result["findings"]]
    assert (failed, verified.ran.code) == ([], 0)
    assert {result["check"] for result in results if result["status"] != "passed"} <= NOT_APPLICABLE
    assert {result["step"] for result in results} == (
        {"lint"} if verified.not_built else {"lint", "build", "open", "run", "warm"}
    )


@every_cell
def test_it_passes_hadolint(verified: Verified) -> None:
    found = tool("hadolint", "--no-color", "--failure-threshold", "style", "Dockerfile", cwd=verified.project)
    assert (found.code, found.output) == (0, "")


def test_hadolint_can_fail(matrix: Matrix, tmp_path: Path) -> None:
    worse = spoiled(matrix, tmp_path, "USER 65532:65532", "USER nonroot")
    found = tool("hadolint", "--no-color", "--failure-threshold", "style", "Dockerfile", cwd=worse)
    assert found.code == 1
    assert "DL3066" in found.output


@every_cell
def test_it_wastes_no_bytes(verified: Verified, engine: Engine, tmp_path: Path) -> None:
    if verified.not_built:
        assert not verified.image
        return
    engine.save(verified.image, tmp_path / "image.tar")
    command = ["dive", "--ci", "--source", "docker-archive", "--lowestEfficiency", "0.99", "image.tar"]
    found = tool(*command, cwd=tmp_path)
    assert found.code == 0, found.output
    assert "PASS: lowestEfficiency" in found.output


@pytest.mark.parametrize("blueprint", [blueprint.name for blueprint in blueprints()])
def test_checkov_finds_nothing(matrix: Matrix, blueprint: str, tmp_path: Path) -> None:
    """All projects of a language at once, because it takes seconds to start."""
    for cell in (cell for cell in CELLS if cell.blueprint == blueprint):
        shutil.copytree(matrix[cell].project, tmp_path / str(cell))
    reports = checkov(tmp_path)
    assert {report["check_type"] for report in reports} == {"dockerfile", "github_actions"}
    assert not [check for report in reports for check in report["results"]["failed_checks"]]
    assert all(report["summary"]["passed"] > 20 and not report["summary"]["skipped"] for report in reports)


def test_checkov_can_fail(matrix: Matrix, tmp_path: Path) -> None:
    worse = spoiled(matrix, tmp_path, "USER 65532:65532\n", "")
    failed = [check["check_id"] for report in checkov(worse) for check in report["results"]["failed_checks"]]
    assert failed == ["CKV_DOCKER_3"]


def test_only_what_needs_a_registry_is_not_built(matrix: Matrix) -> None:
    left_out = {str(cell) for cell in CELLS if unobtainable(matrix[cell].project / "Dockerfile")}
    assert left_out <= NOT_BUILT


def test_each_value_of_each_choice_is_there() -> None:
    go = [cell for cell in CELLS if cell.blueprint == "go"]
    assert go == [
        Cell("go", "distroless"),
        Cell("go", "alpine"),
        Cell("go", "scratch"),
        Cell("go", "distroless", {"license": "MIT", "ci": "none"}),
        Cell("go", "alpine", {"license": "Apache-2.0"}),
    ]


def spoiled(matrix: Matrix, folder: Path, old: str, new: str) -> Path:
    """Return a copy of a project with a worse Dockerfile."""
    copy = Path(shutil.copytree(matrix[CELLS[0]].project, folder / "worse"))
    text = (copy / "Dockerfile").read_text()
    assert old in text
    (copy / "Dockerfile").write_text(text.replace(old, new))
    return copy


def checkov(folder: Path) -> list[dict[str, Any]]:
    """Return checkov's reports on the Dockerfiles and the workflows."""
    frameworks = ("--framework", "dockerfile", "github_actions")
    said = tool("checkov", "--directory", ".", *frameworks, "--output", "json", "--skip-download", cwd=folder)
    reports = json.loads(said.stdout)
    assert isinstance(reports, list)
    return reports
