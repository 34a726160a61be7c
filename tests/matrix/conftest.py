"""Makes, builds and verifies the cells that were selected, side by side, before the first test looks at one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.engines.model import Engine
from tests.conftest import Ran, run_scaffold
from tests.lab.engine import ensure_engine
from tests.lab.progress import Progress
from tests.lab.supply import supply
from tests.matrix.cells import Cell, cells, unobtainable
from tests.verify.images import REPOSITORY

NOT_BUILT = pytest.StashKey[dict[str, str]]()
MEASURED = pytest.StashKey[dict[str, dict[str, float]]]()


@dataclass(frozen=True)
class Verified:
    """A cell's project and what `scaffold verify` said of it; `image` is "" where it could not be built."""

    project: Path
    ran: Ran
    image: str
    not_built: str

    @property
    def facts(self) -> dict[str, float]:
        """What was measured."""
        facts = self.ran.document["result"]["facts"]
        assert isinstance(facts, dict)
        return facts


class Matrix:
    """Verifies cells in as many processes as there are processors."""

    def __init__(self, cells: list[Cell], folder: Path, pool: ThreadPoolExecutor) -> None:
        self.folder = folder
        self.runs: dict[str, Future[Verified]] = {str(cell): pool.submit(self._verify, cell) for cell in cells}

    def __getitem__(self, cell: Cell) -> Verified:
        return self.runs[str(cell)].result()

    def _verify(self, cell: Cell) -> Verified:
        project = self.folder / str(cell)
        made = run_scaffold("new", project, *cell.words)
        assert made.code == 0, made.stderr
        reason = unobtainable(project / "Dockerfile")
        if reason:
            return Verified(project, run_scaffold("verify", project, "--only", "lint", "--json"), "", reason)
        # The process makes it one that no other run removes.
        image = f"{REPOSITORY}:matrix-{os.getpid()}-{str(cell).replace('=', '.')}".lower()
        return Verified(project, run_scaffold("verify", project, "--strict", "--json", "--tag", image), image, "")


@pytest.fixture(scope="session")
def engine() -> Engine:
    """The engine of this machine, with all base images."""
    found = ensure_engine(Progress())
    supply([], found, Progress())
    return found


@pytest.fixture(scope="session")
def matrix(
    engine: Engine, request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Matrix]:
    """All cells that a selected test asks for."""
    items = request.session.items
    # What looks at more than one cell takes what it needs of all of them.
    whole = any("matrix" in getattr(item, "fixturenames", ()) and not _cell_of(item) for item in items)
    asked = {str(cell): cell for cell in (cells() if whole else filter(None, map(_cell_of, items)))}
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        made = Matrix(list(asked.values()), tmp_path_factory.mktemp("matrix"), pool)
        try:
            yield made
        finally:
            pool.shutdown(cancel_futures=True)
            for image in engine.images(REPOSITORY):
                if f":matrix-{os.getpid()}-" in image:
                    engine.remove_image(image)


def _cell_of(item: pytest.Item) -> Cell | None:
    cell = (
        item.callspec.params.get("cell")
        if isinstance(item, pytest.Function) and hasattr(item, "callspec")
        else None
    )
    return cell if isinstance(cell, Cell) else None


@pytest.fixture
def verified(matrix: Matrix, cell: Cell, request: pytest.FixtureRequest) -> Verified:
    """The cell of this test, verified."""
    found = matrix[cell]
    if found.not_built:
        request.config.stash[NOT_BUILT][str(cell)] = found.not_built
    elif found.ran.code == 0:
        request.config.stash[MEASURED][str(cell)] = found.facts
    return found


def pytest_configure(config: pytest.Config) -> None:
    """Prepare what is told in the end."""
    config.stash[NOT_BUILT] = {}
    config.stash[MEASURED] = {}


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Tell what each cell measures, and which were not built, and why."""
    for name, facts in config.stash[MEASURED].items():
        terminalreporter.write_line(f"{name:<40} {_measured(facts)}")
    for name, reason in config.stash[NOT_BUILT].items():
        terminalreporter.write_line(f"{name:<40} not built: {reason}")


def _measured(facts: dict[str, float]) -> str:
    size, compressed, resident = (
        facts[key] / 1e6 for key in ("size_bytes", "compressed_bytes", "resident_bytes")
    )
    ready, rebuilt = facts["seconds_to_ready"], facts["seconds_rebuild"]
    return (
        f"{size:6.1f} MB, {compressed:5.1f} compressed, ready in {ready:.1f} s, "
        f"{resident:5.1f} MB resident, rebuilt in {rebuilt:.1f} s"
    )
