"""The situations of bench/UPDATES.md: ours is right in each, and the judge knows wrong from right."""

from __future__ import annotations

import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest

from bench.updates.judge import RIGHT, carried_out, problem, set_up, verdict
from bench.updates.model import Scenario, Workplace
from bench.updates.scenarios import SCENARIOS
from bench.updates.tools import Ours


class Overwriting(Ours):
    """Takes the release's files, whatever the user did to them."""

    def update(
        self, place: Workplace, template: str, to: str, answers: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        ran = super().update(place, template, to, answers)
        for line in place.git("diff", "--name-only", "--diff-filter=UM", "HEAD").splitlines():
            (place.top / line).write_text("the release's\n")
            place.git("add", line)
        return ran


# What is right without an update too: the user has it all, or may be refused.
DONE = {
    "user deleted a file, the release changes it",
    "both added the same file",
    "an untracked file is where a new one goes",
}


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda scenario: scenario.name)
def test_ours_is_right(scenario: Scenario, tmp_path: Path) -> None:
    tool = Ours()
    place = set_up(scenario, tool, tmp_path / "place")
    assert bool(problem(scenario, tool, place)) == (scenario.name not in DONE)
    assert carried_out(scenario, tool, place) == RIGHT


@pytest.mark.parametrize("name", ["user's edit elsewhere in the file", "both changed the same line"])
def test_lost_edits_are_noticed(name: str, tmp_path: Path) -> None:
    scenario = next(one for one in SCENARIOS if one.name == name)
    assert verdict(scenario, Overwriting(), tmp_path / "place").startswith("wrong: ")
