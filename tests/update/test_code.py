"""What a release brings besides files: tasks and migrations that run only when trusted, files it brings once."""

from __future__ import annotations

import pytest

from tests.update.conftest import ANSWERS, LINES, METRICS, QUESTIONS, SECOND, Catalog, Project

MIGRATIONS = """\
_migrations:
  - version: 2.0.0
    when: "{{ _stage == 'before' }}"
    command: "mv own.txt moved.txt && sed -i 's/^port: .*/port: 9090/' .copier-answers.yml"
  - version: 2.0.0
    command: [sh, -c, "echo {{ _version_from }} {{ _version_to }} {{ port }} >> history.txt"]
  - version: 3.0.0
    command: touch too-new
  - version: 1.0.0
    command: touch too-old
"""


@pytest.fixture
def migrating(web: Catalog, project: Project) -> Project:
    """A project with a file of its own, of which there is a release that migrates it."""
    project.commit({"own.txt": "own\n", "main.txt": f"shop on 8080\n{LINES}mine\n"})
    web.release("2.0.0", SECOND, MIGRATIONS + QUESTIONS + METRICS)
    return project


def test_without_trust_nothing_runs_and_it_is_named(migrating: Project) -> None:
    before = migrating.state()
    error = migrating.update(code=2)
    assert "migration `mv own.txt moved.txt" in error["message"]
    assert "scaffold trust add" in error["hint"]
    assert migrating.state() == before


def test_a_trusted_one_migrates_the_project(web: Catalog, migrating: Project) -> None:
    assert migrating.run("trust", "add", web.url).code == 0
    assert migrating.update("--preview")["changes"]
    assert migrating.git("status", "--porcelain") == ""
    result = migrating.update()
    assert result["conflicts"] == []
    assert migrating.git("status", "--porcelain").splitlines() == [
        f"M  {ANSWERS}",
        "A  history.txt",
        "M  main.txt",
        "R  own.txt -> moved.txt",
        "A  new.txt",
        "D  old.txt",
    ]
    assert migrating.read("history.txt") == "1.0.0 2.0.0 9090\n"
    assert migrating.read("main.txt").startswith("shop on 9090\n")
    assert migrating.read("main.txt").endswith("mine\n")
    migrating.update("--abort")
    assert migrating.git("status", "--porcelain") == ""


def test_a_migration_that_fails_leaves_all_as_it_was(web: Catalog, project: Project) -> None:
    web.release("2.0.0", SECOND, f"_migrations: [{{version: 2.0.0, command: exit 7}}]\n{QUESTIONS}{METRICS}")
    assert project.run("trust", "add", web.url).code == 0
    before = project.state()
    error = project.update(code=2)
    assert "exit 7" in error["message"]
    assert project.state() == before


def test_a_migration_that_removes_the_answers_is_the_authors_mistake(web: Catalog, project: Project) -> None:
    remove = "{version: 2.0.0, command: rm .copier-answers.yml, when: \"{{ _stage == 'before' }}\"}"
    web.release("2.0.0", SECOND, f"_migrations: [{remove}]\n{QUESTIONS}{METRICS}")
    assert project.run("trust", "add", web.url).code == 0
    error = project.update(code=2)
    assert error["message"] == f"a migration of web 2.0.0 has removed {ANSWERS}"


def test_on_the_way_back_none_runs(web: Catalog, migrating: Project) -> None:
    assert migrating.run("trust", "add", web.url).code == 0
    migrating.update("--commit")
    migrating.update("--to", "1.0.0", "--commit")
    assert migrating.read("history.txt") == "1.0.0 2.0.0 9090\n"


def test_tasks_run_on_both_sides_when_trusted(web: Catalog, project: Project) -> None:
    web.release("2.0.0", SECOND, f"_tasks: [echo made > made.txt]\n{QUESTIONS}{METRICS}")
    assert "task `echo made > made.txt`" in project.update(code=2)["message"]
    assert project.run("trust", "add", web.url).code == 0
    project.update("--commit")
    assert project.read("made.txt") == "made\n"


@pytest.mark.parametrize("content", ["mine\n", None])
def test_what_a_template_brings_once_is_the_projects(web: Catalog, project: Project, content: str | None) -> None:
    skipped = f'_skip_if_exists: ["README.*"]\n{QUESTIONS}{METRICS}'
    web.release("1.2.0", SECOND, skipped)
    project.update("--commit")
    project.commit({"README.md": content})
    web.release("1.3.0", {"README.md.jinja": "newer\n", "new.txt": "newer\n"}, skipped)
    project.update()
    assert project.read("README.md") == (content or "newer\n")
    assert project.read("new.txt") == "newer\n"
