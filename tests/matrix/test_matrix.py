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
from tests.matrix.conftest import Verified
from tests.tools import tool

CELLS = cells()
every_cell = pytest.mark.parametrize("cell", CELLS, ids=str)
# A base image that can be had nowhere but in a registry.
NOT_BUILT: set[str] = set()


@every_cell
def test_it_passes_every_check(verified: Verified) -> None:
    results = verified.ran.document["result"]["results"]
    failed = [finding for result in results for finding in result["findings"]]
    assert (failed, verified.ran.code) == ([], 0)
    assert {result["status"] for result in results} == {"passed"}
    assert {result["step"] for result in results} == (
        {"lint"} if verified.not_built else {"lint", "build", "open", "run", "warm"}
    )


@every_cell
def test_it_passes_hadolint(verified: Verified) -> None:
    found = tool("hadolint", "--no-color", "--failure-threshold", "style", "Dockerfile", cwd=verified.project)
    assert (found.code, found.output) == (0, "")


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
def test_checkov_finds_nothing(matrix: Any, blueprint: str, tmp_path: Path) -> None:
    """All projects of a language at once, because it takes seconds to start."""
    for cell in (cell for cell in CELLS if cell.blueprint == blueprint):
        shutil.copytree(matrix[cell].project, tmp_path / str(cell))
    frameworks = ("--framework", "dockerfile", "github_actions")
    said = tool("checkov", "--directory", ".", *frameworks, "--output", "json", "--skip-download", cwd=tmp_path)
    reports = json.loads(said.stdout)
    assert {report["check_type"] for report in reports} >= {"dockerfile"}
    assert not [check for report in reports for check in report["results"]["failed_checks"]]
    assert all(report["summary"]["passed"] > 20 and not report["summary"]["skipped"] for report in reports)


def test_only_what_needs_a_registry_is_not_built(matrix: Any) -> None:
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
