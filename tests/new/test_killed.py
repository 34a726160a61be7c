"""Whatever stops `scaffold new`, there is nothing at DEST or the whole project."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.errors import ExitCode
from tests.conftest import CHECKOUT, Scaffold

# Ends the process at the n-th event of the interpreter that touches a file or starts a program. Audit hooks see
# every open, rename, mkdir, rmtree and spawn, whoever makes it, so the points are many and always the same.
KILLER = """
import os, signal, sys
count, point, number = 0, int(sys.argv.pop(1)), int(sys.argv.pop(1))
events = ("os.mkdir", "os.rename", "os.rmdir", "os.remove", "shutil.rmtree", "subprocess.Popen")
def hook(event, arguments):
    global count
    writes = event == "open" and isinstance(arguments[2], int) and arguments[2] & (os.O_WRONLY | os.O_RDWR)
    if event in events or writes:
        count += 1
        if count == point:
            os.kill(os.getpid(), number)
sys.addaudithook(hook)
from scaffold.cli.main import main
try:
    main(sys.argv[1:])
finally:
    print("POINTS", count, file=sys.stderr)
"""
WORDS = ["new", "orders", "--blueprint", "go", "--defaults"]


def killed(folder: Path, point: int, number: signal.Signals) -> subprocess.CompletedProcess[str]:
    """Run `scaffold new` in `folder` and send it a signal at one of its points."""
    return subprocess.run(
        [sys.executable, "-c", KILLER, str(point), str(int(number)), *WORDS],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(CHECKOUT), "XDG_CACHE_HOME": str(folder.parent / "cache")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> tuple[int, dict[str, bytes]]:
    """Count the points of a run that nobody stops, and return them with the files that it makes."""
    folder = tmp_path_factory.mktemp("whole") / "work"
    folder.mkdir()
    finished = killed(folder, 0, signal.SIGKILL)
    assert finished.returncode == 0, finished.stderr
    return int(finished.stderr.rpartition("POINTS ")[2]), contents(folder / "orders")


def contents(project: Path) -> dict[str, bytes]:
    paths = (path for path in project.rglob("*") if path.is_file())
    return {
        name: path.read_bytes()
        for path in paths
        if not (name := path.relative_to(project).as_posix()).startswith(".git/")
    }


def check_nothing_or_whole(folder: Path, files: dict[str, bytes]) -> None:
    assert [path.name for path in folder.iterdir()] in ([], ["orders"])
    if (folder / "orders").exists():
        assert contents(folder / "orders") == files
        state = subprocess.run(
            ["git", "status", "--porcelain"], cwd=folder / "orders", capture_output=True, check=True
        )
        assert state.stdout == b""


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_killed_at_many_points(
    whole: tuple[int, dict[str, bytes]], number: signal.Signals, tmp_path: Path
) -> None:
    points, files = whole
    assert points > 60
    step = max(points // 14, 1)
    for point in range(1, points + 1, step):
        folder = tmp_path / str(point) / "work"
        folder.mkdir(parents=True)
        finished = killed(folder, point, number)
        assert finished.returncode in {-int(number), ExitCode.INTERRUPTED, 0}, finished.stderr
        assert "Traceback" not in finished.stderr
        check_nothing_or_whole(folder, files)


def test_the_next_run_sweeps_what_a_killed_one_left(whole: tuple[int, dict[str, bytes]], tmp_path: Path) -> None:
    points, _ = whole
    folder = tmp_path / "work"
    folder.mkdir()
    killed(folder, points // 2, signal.SIGKILL)
    staging = tmp_path / "cache" / "container-scaffold" / "staging"
    left = list(staging.iterdir())
    assert left
    assert killed(folder, 0, signal.SIGKILL).returncode == 0
    assert list(staging.iterdir()) == []


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system with room for a few files only."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=40k", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode != 0:
        pytest.fail("the test of a full disk mounts a small one, for which it has to be root")
    yield disk
    subprocess.run(["umount", disk], check=True)


def test_a_full_disk_leaves_nothing(scaffold: Scaffold, small_disk: Path) -> None:
    ran = scaffold("new", small_disk / "orders", "--blueprint", "go", "--defaults", "--no-git")
    assert ran.code == ExitCode.USAGE
    assert "No space left on device" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert list(small_disk.iterdir()) == []


def test_across_file_systems_it_is_whole_too(scaffold: Scaffold, tmp_path: Path) -> None:
    disk = tmp_path / "large"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=20m", "tmpfs", disk], check=True)
    try:
        assert scaffold("new", disk / "orders", "--blueprint", "go", "--defaults").code == 0
        assert [path.name for path in disk.iterdir()] == ["orders"]
    finally:
        subprocess.run(["umount", disk], check=True)
