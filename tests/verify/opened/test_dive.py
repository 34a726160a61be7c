"""Our efficiency is dive's, to the byte, on images of every kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scaffold.image import read
from scaffold.verify.opened.waste import Efficiency, efficiency
from tests.tools import tool
from tests.verify.opened.conftest import Images

pytestmark = pytest.mark.engine

CORPUS = (
    *("good-scratch", "good-alpine", "good-distroless", "good-dynamic", "harmless", "bare", "base-alpine"),
    *("overwritten", "deleted", "deleted-folder", "changed-mode", "secret-deleted", "shrunk", "emptied"),
)


def dive(archive: Path) -> Efficiency:
    """Ask dive."""
    report = archive.with_suffix(".dive.json")
    said = tool("dive", f"docker-archive://{archive}", "--json", report, cwd=archive.parent)
    assert said.code == 0, said.output
    image = json.loads(report.read_text())["image"]
    return Efficiency(image["efficiencyScore"], image["inefficientBytes"])


@pytest.mark.parametrize("target", CORPUS)
def test_efficiency_is_that_of_dive(target: str, images: Images) -> None:
    archive = images(target).archive
    ours, theirs = efficiency(read(archive).layers), dive(archive)
    assert ours.wasted == theirs.wasted
    assert ours.score == pytest.approx(theirs.score, abs=1e-12)


def test_the_corpus_has_what_is_efficient_and_what_is_not(images: Images) -> None:
    scores = [efficiency(read(images(target).archive).layers).score for target in CORPUS]
    assert max(scores) == 1
    assert min(scores) < 0.6
