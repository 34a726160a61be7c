"""Killed at any point, an update leaves the project as it was or complete; the next run sees to that."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import pytest

from scaffold.project.placing import beside
from scaffold.project.repository import open_repository
from scaffold.project.undo import pending, recover
from tests.conftest import CHECKOUT
from tests.project.repositories import Content, Sandbox, files
from tests.update.conftest import (
    ANSWERS,
    FIRST,
    LINES,
    METRICS,
    QUESTIONS,
    SECOND,
    Catalog,
    Project,
    make_project,
)

State = Mapping[str, object]
# The releases that the project comes from and goes to: a folder goes, another comes, a mode changes.
OLD: dict[str, Content] = {**FIRST, "gone/deep/file.txt": "goes away\n", "gone/link": Path("deep/file.txt")}
NEW: dict[str, Content] = {
    **SECOND,
    "gone/deep/file.txt": None,
    "gone/link": None,
    "come/deep/file.txt": "new\n",
    "come/link": Path("deep/file.txt"),
    "run.sh": ("#!/bin/sh\necho run\n", 0o644),
}
OURS = {"main.txt": f"shop on 8080\n{LINES}mine\n", "own.txt": "own\n"}
CONFLICT = {**OURS, "main.txt": f"shop on 8080\n{LINES.replace('line 5', 'my line')}"}


@dataclass(frozen=True)
class Server:
    """Starts the command and kills it at a point; see tests/update/killer.py."""

    requests: IO[str]
    answers: IO[str]

    def run(self, project: Path, words: Sequence[str], point: int = 0) -> int:
        """Return the exit code, below zero for a signal."""
        return self.ask(project, words, point)["code"]

    def points(self, project: Path, words: Sequence[str]) -> list[int]:
        """Run it to its end and return the points at which to kill another run.

        Up to the first change in the project a few are as good as all.
        """
        answer = self.ask(project, words, 0)
        first = max((answer["first"] or answer["points"]) - 5, 1)
        return [*range(1, first, 15), *range(first, answer["points"] + 1)]

    def ask(self, project: Path, words: Sequence[str], point: int) -> dict[str, int]:
        run = {"folder": str(project), "top": str(project), "point": point, "words": ["update", *words]}
        self.requests.write(json.dumps(run) + "\n")
        self.requests.flush()
        answer: dict[str, int] = json.loads(self.answers.readline())
        return answer


@contextmanager
def started(temporary: Path) -> Iterator[Server]:
    temporary.mkdir()
    who = {f"GIT_{role}_{part}": "tester" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
    when = {f"GIT_{role}_DATE": "2026-11-24T12:00:00Z" for role in ("AUTHOR", "COMMITTER")}
    server = subprocess.Popen(
        [sys.executable, "-m", "tests.update.killer"],
        cwd=CHECKOUT,
        env={**os.environ, **who, **when, "TMPDIR": str(temporary)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    with server:
        assert server.stdin
        assert server.stdout
        yield Server(server.stdin, server.stdout)
        server.stdin.close()


@pytest.fixture
def server(web: Catalog, tmp_path: Path) -> Iterator[Server]:
    web.release("1.2.0", OLD)
    web.release("1.3.0", NEW, QUESTIONS + METRICS)
    with started(tmp_path / "temporary") as server:
        yield server


@pytest.fixture
def shop(server: Server, web: Catalog, user: Path) -> Project:
    """A project of web 1.2.0, which knows that there is 1.3.0."""
    project = make_project(web, user / "shop")
    assert server.run(project.folder, ["--to", "1.2.0"]) == 0
    project.commit()
    assert pending(open_repository(project.folder), ANSWERS) is None
    assert project.git("ls-files", "gone") == "gone/deep/file.txt\ngone/link\n"
    return project


def in_conflict(project: Project, _: Server) -> None:
    project.commit(CONFLICT)


def clean(project: Project, _: Server) -> None:
    project.commit(OURS)
    # What is not committed and in nobody's way.
    project.write({"not tracked.txt": "mine\n"})
    project.write({"own.txt": "staged\n"})
    project.git("add", "own.txt")


def updated(project: Project, server: Server) -> None:
    clean(project, server)
    assert server.run(project.folder, []) == 0


def left_in_conflict(project: Project, server: Server) -> None:
    in_conflict(project, server)
    assert server.run(project.folder, []) == 1


def resolved(project: Project, server: Server) -> None:
    in_conflict(project, server)
    assert server.run(project.folder, ["--commit"]) == 1
    project.write(CONFLICT)
    project.git("add", "main.txt")


@dataclass(frozen=True)
class Case:
    """What the user has, what they run, how it ends, and how it ends once more when all is done already."""

    prepare: Callable[[Project, Server], None]
    words: Sequence[str]
    code: int
    again: int


CASES = {
    "staged": Case(clean, [], 0, 2),
    "conflicts": Case(in_conflict, [], 1, 2),
    "committed": Case(clean, ["--commit"], 0, 0),
    "on a branch": Case(clean, ["--branch", "next"], 0, 2),
    "taken back": Case(updated, ["--abort"], 0, 2),
    "conflicts taken back": Case(left_in_conflict, ["--abort"], 0, 2),
    "continued": Case(resolved, ["--continue"], 0, 2),
}


@pytest.mark.parametrize("name", CASES)
def test_killed_at_every_point(name: str, shop: Project, server: Server, tmp_path: Path) -> None:
    case = CASES[name]
    case.prepare(shop, server)
    before = Sandbox(shop.folder).state()
    whole = copied(shop, tmp_path / "whole")
    points = server.points(whole, case.words)
    after = Sandbox(whole).state()
    assert len(points) > 5
    seen = set()
    for point in points:
        folder = copied(shop, tmp_path / str(point))
        assert server.run(folder, case.words, point) == -signal.SIGKILL
        check_no_file_is_half_written(folder, before, after)
        recover(open_repository(folder))
        state = Sandbox(folder).state()
        assert state in (before, after), (point, differing(state, before), differing(state, after))
        is_done = state == after
        seen.add(is_done)
        if point % 4 == 0:
            assert server.run(folder, case.words) == (case.again if is_done else case.code), point
            assert Sandbox(folder).state() == after
        recover(open_repository(folder))
        check_nothing_is_left_over(folder)
        shutil.rmtree(folder.parent)
    assert seen == {False, True}


def copied(project: Project, folder: Path) -> Path:
    return Path(shutil.copytree(project.folder, folder / project.folder.name, symlinks=True))


def check_no_file_is_half_written(folder: Path, before: State, after: State) -> None:
    """What the user sees at once: each file as it was or as it is to be, and none that is neither."""
    there, then = before["files"], after["files"]
    assert isinstance(there, dict)
    assert isinstance(then, dict)
    for name, file in files(folder).items():
        assert file in (there.get(name), then.get(name)), name
    gone = (there.keys() & then.keys()) - files(folder).keys()
    assert not gone


def check_nothing_is_left_over(folder: Path) -> None:
    assert list((folder / ".git").glob("*.lock")) == []
    assert list((folder / ".git").glob("scaffold/new-*")) == []


def differing(state: State, other: State) -> dict[str, Any]:
    return {key: (state[key], other[key]) for key in state if state[key] != other[key]}


def test_a_copy_that_was_not_finished_goes(shop: Project, server: Server) -> None:
    """Where git's folder is on another file system, files are copied to a place beside and renamed there."""
    in_conflict(shop, server)
    before = Sandbox(shop.folder).state()
    assert server.run(shop.folder, []) == 1
    beside(shop.folder / "main.txt").write_text("half a cop")
    assert server.run(shop.folder, ["--abort"]) == 0
    assert Sandbox(shop.folder).state() == before


def test_a_preview_after_a_kill_touches_nothing(shop: Project, server: Server, tmp_path: Path) -> None:
    clean(shop, server)
    points = server.points(copied(shop, tmp_path / "whole"), [])
    assert server.run(shop.folder, [], points[len(points) * 3 // 4]) == -signal.SIGKILL
    state = shop.state()
    assert server.run(shop.folder, ["--preview"]) in (0, 1)
    assert shop.state() == state
