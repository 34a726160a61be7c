"""`scaffold status` as its user runs it: what it tells of one project and of many, and what it restores."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Ran, run_scaffold
from tests.project.repositories import Content
from tests.update.conftest import ANSWERS, LINES, METRICS, QUESTIONS, Catalog, Project, make_project


def states(ran: Ran) -> list[dict[str, Any]]:
    found = ran.document["result"]["projects"]
    assert isinstance(found, list)
    return found


def state(project: Project, *words: str) -> dict[str, Any]:
    (found,) = states(project.run("status", "--json", *words))
    return found


class TestOne:
    def test_what_is_newer_and_what_it_brings(self, project: Project) -> None:
        found = state(project)
        assert (found["blueprint"], found["release"], found["newest"]) == ("web", "1.0.0", "1.1.0")
        assert found["behind"]
        assert [(one["version"], one["text"]) for one in found["changes"]] == [("1.1.0", "- What 1.1.0 brings.")]
        assert found["drift"] == []

    def test_it_is_told_in_words(self, project: Project, web: Catalog) -> None:
        project.write({"main.txt": "mine\n"})
        ran = project.run("status")
        assert ran.code == 0
        assert ran.stdout.splitlines() == [
            "shop: web 1.0.0, 1.1.0 is there",
            f"{web.url}#web",
            "1.1.0 - 2026-11-24",
            "  - What 1.1.0 brings.",
            "1 file differs from web 1.0.0:",
            "  M main.txt",
        ]

    @pytest.mark.parametrize(
        ("content", "kind"),
        [
            pytest.param("mine\n", "modified", id="modified"),
            pytest.param(None, "missing", id="missing"),
            pytest.param((f"shop on 8080\n{LINES}", 0o755), "mode", id="mode"),
            pytest.param(Path("README.md"), "replaced", id="replaced by a link"),
        ],
    )
    def test_drift(self, project: Project, content: Content, kind: str) -> None:
        project.write({"main.txt": content, "own.txt": "no drift\n"})
        assert state(project)["drift"] == [{"path": "main.txt", "kind": kind}]

    def test_line_ends_of_a_checkout_are_none(self, project: Project) -> None:
        project.write({"main.txt": project.read("main.txt").replace("\n", "\r\n")})
        assert state(project)["drift"] == []

    def test_drift_as_a_diff(self, project: Project) -> None:
        project.write({"README.md": "# shop\n\nRead that.\n"})
        assert state(project, "--diff")["diffs"] == {
            "README.md": "--- web 1.0.0/README.md\n+++ README.md\n@@ -1,3 +1,3 @@\n # shop\n \n"
            "-Read this.\n+Read that.\n"
        }

    def test_answers_edited_by_hand_are_told(self, project: Project) -> None:
        assert not state(project)["edited"]
        project.write({ANSWERS: project.read(ANSWERS).replace("8080", "9090")})
        assert state(project)["edited"]

    @pytest.mark.parametrize(
        ("words", "drifted", "code"),
        [
            ((), True, 0),
            (("--fail-on", "behind"), False, 1),
            (("--fail-on", "drift"), False, 0),
            (("--fail-on", "drift"), True, 1),
        ],
    )
    def test_it_can_gate(self, project: Project, words: tuple[str, ...], *, drifted: bool, code: int) -> None:
        if drifted:
            project.write({"main.txt": "mine\n"})
        assert project.run("status", *words).code == code

    def test_the_newest_without_drift_passes_every_gate(self, project: Project) -> None:
        project.update("--commit")
        assert project.run("status", "--fail-on", "behind", "--fail-on", "drift").code == 0

    def test_it_needs_no_git(self, project: Project) -> None:
        shutil.rmtree(project.folder / ".git")
        assert state(project)["newest"] == "1.1.0"

    def test_it_touches_nothing(self, project: Project) -> None:
        before = project.state()
        project.run("status", "--diff")
        assert project.state() == before

    def test_a_release_that_is_gone_is_told(self, web: Catalog, project: Project) -> None:
        web.origin.git("tag", "--delete", "web/1.0.0")
        ran = project.run("status", "--json")
        (found,) = states(ran)
        assert ran.code == 1
        assert "has no release '1.0.0'" in found["problem"]
        assert found["hint"] == "there are: 1.1.0"

    def test_offline_the_cache_is_taken_and_its_age_told(self, web: Catalog, project: Project) -> None:
        web.release("1.2.0", {}, QUESTIONS + METRICS)
        found = state(project, "--offline")
        assert found["newest"] == "1.1.0"
        assert found["note"].startswith("from the cache, ")


class TestBadInput:
    @pytest.mark.parametrize(
        ("content", "message"),
        [
            pytest.param("a: [\n", f"{ANSWERS}:2: ", id="broken"),
            pytest.param("- a\n", f"{ANSWERS}:1: answers are", id="a list"),
            pytest.param(b"\xff\xfe", f"{ANSWERS} is not UTF-8", id="no text"),
            pytest.param("port: 1\n", "`_src_path` does not name", id="names nothing"),
            pytest.param(None, f"has no {ANSWERS}", id="missing"),
        ],
    )
    def test_an_answers_file_that_tells_nothing(self, project: Project, content: Content, message: str) -> None:
        project.write({ANSWERS: content})
        ran = project.run("status")
        assert ran.code == 2
        error, hint = ran.stderr.splitlines()
        assert message in error
        assert hint.startswith("hint: ")

    def test_an_answer_that_the_release_refuses(self, project: Project) -> None:
        project.write({ANSWERS: project.read(ANSWERS).replace("8080", "0")})
        (found,) = states(project.run("status", "--json"))
        assert "a port is more than 0" in found["problem"]


class TestHeal:
    def test_a_file_is_as_its_release_has_it(self, project: Project) -> None:
        project.commit({"main.txt": "mine\n", "run.sh": "mine\n"})
        assert project.run("status", "--heal", "main.txt", "--heal", "run.sh").code == 0
        assert project.read("main.txt") == f"shop on 8080\n{LINES}"
        assert (project.folder / "run.sh").stat().st_mode & 0o111
        assert state(project)["drift"] == []

    def test_what_is_not_committed_stays(self, project: Project) -> None:
        project.write({"main.txt": "mine\n"})
        ran = project.run("status", "--heal", "main.txt")
        assert ran.code == 2
        assert "not committed, and would be lost" in ran.stderr
        assert project.read("main.txt") == "mine\n"

    def test_a_file_that_is_gone_comes_back(self, project: Project) -> None:
        project.write({"main.txt": None})
        assert project.run("status", "--heal", "main.txt").stdout == "restored main.txt\n"
        assert project.read("main.txt") == f"shop on 8080\n{LINES}"

    def test_a_file_that_the_release_has_not_is_refused(self, project: Project) -> None:
        ran = project.run("status", "--heal", "mine.txt")
        assert ran.code == 2
        assert "web 1.0.0 has no file 'mine.txt'" in ran.stderr


class TestMany:
    @pytest.fixture
    def folder(self, web: Catalog, user: Path) -> Path:
        """Three projects: one as it was made, one that drifted, one that cannot be read."""
        folder = user / "services"
        for name in ("a", "b", "c"):
            make_project(web, folder / name)
        (folder / "b" / "main.txt").write_text("mine\n")
        (folder / "c" / ANSWERS).write_text("a: [\n")
        return folder

    def test_each_has_a_line_and_there_is_a_sum(self, folder: Path) -> None:
        ran = run_scaffold("status", folder)
        lines = ran.stdout.splitlines()
        assert ran.code == 1
        assert lines[:2] == [
            f"{folder}/a: web 1.0.0, 1.1.0 is there",
            f"{folder}/b: web 1.0.0, 1.1.0 is there, 1 file differs",
        ]
        assert lines[2].startswith(f"{folder}/c: problem: {folder}/c/{ANSWERS}:2: ")
        assert lines[3] == "3 projects: 2 behind, 1 drifted, 1 not compared"

    def test_they_are_the_same_as_one_by_one(self, folder: Path) -> None:
        together = states(run_scaffold("status", folder, "--json"))
        alone = [states(run_scaffold("status", folder / name, "--json"))[0] for name in ("a", "b")]
        assert together[:2] == alone

    def test_a_folder_without_any_is_told(self, user: Path) -> None:
        (user / "empty").mkdir()
        ran = run_scaffold("status", user / "empty")
        assert ran.code == 2
        assert "has no .copier-answers.yml" in ran.stderr
