"""`scaffold new` without a terminal: flags, files, refusals, preview, JSON, git."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

import pytest
import yaml

from scaffold.catalog.releases import history
from scaffold.errors import ExitCode
from tests.conftest import Scaffold

GO = ("--blueprint", "go")


def git(project: Path, *words: str) -> str:
    finished = subprocess.run(["git", *words], cwd=project, capture_output=True, text=True, check=True)
    return finished.stdout.strip()


def test_defaults_make_a_whole_project(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("new", "orders", *GO, "--base", "scratch", "--defaults")
    project = tmp_path / "work" / "orders"
    assert ran.code == 0, ran.stderr
    assert ran.stdout.splitlines()[-3:] == ["  cd orders", "  scaffold verify", "  docker compose up --build"]
    assert "FROM scratch" in (project / "Dockerfile").read_text()
    assert git(project, "status", "--porcelain") == ""
    assert git(project, "branch", "--show-current") == "main"
    assert git(project, "rev-list", "--count", "HEAD") == "1"
    assert set(git(project, "ls-files").splitlines()) == {
        path.relative_to(project).as_posix()
        for path in project.rglob("*")
        if path.is_file() and ".git" not in path.relative_to(project).parts
    }


def test_the_answers_file_is_portable(scaffold: Scaffold, tmp_path: Path) -> None:
    scaffold("new", "orders", *GO, "--defaults", "--data", "port=9090")
    text = (tmp_path / "work" / "orders" / ".copier-answers.yml").read_text()
    answers = yaml.safe_load(text)
    assert (answers["_src_path"], answers["_commit"]) == ("builtin:go", history("builtin:go").newest().version)
    assert (answers["project_name"], answers["port"], answers["base"]) == ("orders", 9090, "distroless")
    assert str(tmp_path) not in text
    assert str(Path.home()) not in text


def test_words_win_over_the_file_and_the_file_over_defaults(scaffold: Scaffold, tmp_path: Path) -> None:
    file = tmp_path / "answers.yml"
    file.write_text("port: 9090\nbase: alpine\nproject_name: from-file\n")
    ran = scaffold("new", "x", *GO, "--defaults", "--json", "--data-file", file, "--data", "port=7070")
    answers = ran.document["result"]["answers"]
    assert (answers["port"], answers["base"], answers["project_name"]) == (7070, "alpine", "from-file")


def test_without_defaults_everything_missing_is_named_at_once(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("new", "x", *GO, "--data", "port=9090")
    assert ran.code == ExitCode.USAGE
    assert "missing: base, project_name, module_path" in ran.stderr
    assert "port" not in ran.stderr.partition("missing:")[2].partition("\n")[0]
    assert not (tmp_path / "work" / "x").exists()


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--base", "scrach"], "base: 'scrach' is no choice; did you mean 'scratch'?"),
        (["--data", "prt=1"], "prt: no such question; did you mean 'port'?"),
        (["--data", "port=80"], "port: '80' is refused"),
        (["--data", "port=ten"], "port: 'ten' is not a whole number"),
        (["--data", "port"], "--data 'port' is not NAME=VALUE"),
        (["--data", "=1"], "is not NAME=VALUE"),
        (["--data", "port=1025", "--data", "port=1026"], "'port' is given twice"),
        (["--base", "alpine", "--data", "base=alpine"], "'base' is given twice"),
        (["--data", "project_name=Not A Name"], "project_name: 'Not A Name' is refused"),
        (["--data-file", "gone.yml"], "gone.yml: No such file"),
        (["--blueprint", "goo"], "there is no blueprint 'goo'"),
    ],
)
def test_bad_input_is_one_line_with_the_mend(
    scaffold: Scaffold, tmp_path: Path, words: list[str], message: str
) -> None:
    ran = scaffold("new", "x", *GO, "--defaults", *words)
    assert ran.code == ExitCode.USAGE
    assert message in ran.stderr
    assert len(ran.stderr.splitlines()) <= 2
    assert list((tmp_path / "work").iterdir()) == []


def test_all_refusals_come_together(scaffold: Scaffold) -> None:
    ran = scaffold("new", "x", *GO, "--defaults", "--json", "--data", "port=1", "--data", "bse=x", "--base", "q")
    problems = ran.document["error"]["problems"]
    assert [problem.partition(":")[0] for problem in problems] == ["bse", "base", "port"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("port: [", "answers.yml:1: "),
        ("a: 1\n\tb: 2", "answers.yml:2: "),
        ("- 1", "answers are `name: value` lines"),
        ("1: 2", "answers are `name: value` lines"),
        ("port: 8080.5", "port: 8080.5 is not a whole number"),
        ("port: true", "port: True is not a whole number"),
        ("port: null", "port: None is not a whole number"),
        ("project_name: [a]", "is not one line of text"),
        ("project_name: yes", "is not one line of text"),
    ],
)
def test_a_bad_answers_file_is_named_with_its_line(
    scaffold: Scaffold, tmp_path: Path, text: str, message: str
) -> None:
    (tmp_path / "work" / "answers.yml").write_text(text)
    ran = scaffold("new", "x", *GO, "--defaults", "--data-file", "answers.yml")
    assert ran.code == ExitCode.USAGE
    assert message in ran.stderr
    assert "Traceback" not in ran.stderr


def test_preview_shows_all_and_writes_nothing(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("new", "orders", *GO, "--defaults", "--preview")
    assert ran.code == 0
    assert ran.stdout.startswith(".copier-answers.yml\n")
    assert "── Dockerfile\n" in ran.stdout
    assert "FROM gcr.io/distroless" in ran.stdout
    assert list((tmp_path / "work").iterdir()) == []

    files = scaffold("new", "orders", *GO, "--defaults", "--preview", "--json").document["result"]["files"]
    scaffold("new", "orders", *GO, "--defaults")
    project = tmp_path / "work" / "orders"
    assert files == {name: (project / name).read_text() for name in files}
    assert len(files) == len(git(project, "ls-files").splitlines())


def test_json_tells_what_was_made(scaffold: Scaffold) -> None:
    document = scaffold("new", "orders", *GO, "--defaults", "--json").document
    assert (document["schema"], document["command"], document["ok"]) == (1, "new", True)
    assert document["result"]["destination"] == "orders"
    assert document["result"]["git"] == "committed"
    assert "Dockerfile" in document["result"]["files"]


def test_the_folder_names_the_project_if_it_can(scaffold: Scaffold) -> None:
    def name(folder: str) -> str:
        document = scaffold("new", folder, *GO, "--defaults", "--json").document
        return str(document["result"]["answers"]["project_name"])

    assert name("some/where/orders-api") == "orders-api"
    assert name("Not_A_Name") == "hello"


def test_a_destination_that_is_taken_is_refused(scaffold: Scaffold, tmp_path: Path) -> None:
    work = tmp_path / "work"
    (work / "full").mkdir()
    (work / "full" / "mine").write_text("precious")
    (work / "file").write_text("precious")
    (work / "dangling").symlink_to("nowhere")
    for name, message in {
        "full": "is not empty",
        "file": "is a file",
        "dangling": "leads nowhere",
        "file/below": "is not a folder",
    }.items():
        ran = scaffold("new", name, *GO, "--defaults")
        assert ran.code == ExitCode.USAGE
        assert message in ran.stderr
    assert (work / "full" / "mine").read_text() == (work / "file").read_text() == "precious"

    (work / "empty").mkdir()
    assert scaffold("new", "empty", *GO, "--defaults").code == 0
    assert (work / "empty" / "Dockerfile").is_file()


def test_no_repository_inside_another_nor_when_not_wanted(scaffold: Scaffold, tmp_path: Path) -> None:
    work = tmp_path / "work"
    subprocess.run(["git", "init", "--quiet", work / "mono"], check=True)
    inside = scaffold("new", "mono/apps/orders", *GO, "--defaults", "--json").document["result"]
    assert inside["git"] == "inside a repository"
    assert not (work / "mono/apps/orders/.git").exists()
    without = scaffold("new", "plain", *GO, "--defaults", "--no-git", "--json").document["result"]
    assert without["git"] == "not wanted"
    assert not (work / "plain/.git").exists()


def test_git_without_a_user_or_with_strange_settings(scaffold: Scaffold, tmp_path: Path) -> None:
    home = tmp_path / "home"
    (home / "hooks").mkdir(parents=True)
    (home / "template").mkdir()
    (home / "template" / "description").write_text("from the template")
    hook = home / "hooks" / "pre-commit"
    hook.write_text("#!/bin/sh\nexit 1\n")
    hook.chmod(0o755)
    (home / "ignore").write_text("Dockerfile\n")
    (home / ".gitconfig").write_text(
        f"[commit]\ngpgSign = true\n[gpg]\nprogram = false\n[core]\nautocrlf = true\nhooksPath = {home}/hooks\n"
        f"excludesFile = {home}/ignore\n[init]\ndefaultBranch = trunk\ntemplateDir = {home}/template\n"
        "[user]\nuseConfigOnly = true\n"
    )
    environment = {"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"}
    ran = scaffold("new", "orders", *GO, "--defaults", env=environment)
    project = tmp_path / "work" / "orders"
    assert ran.code == 0, ran.stderr
    assert "Dockerfile" in git(project, "ls-files").splitlines()
    assert git(project, "log", "--format=%an <%ae>") == "scaffold <scaffold@localhost>"
    assert git(project, "branch", "--show-current") == "main"
    assert b"\r" not in (project / "Dockerfile").read_bytes()
    assert not (project / ".git" / "description").exists()


def test_without_git_the_project_is_made_all_the_same(scaffold: Scaffold, tmp_path: Path) -> None:
    ran = scaffold("new", "orders", *GO, "--defaults", "--json", env={"PATH": str(tmp_path)})
    assert ran.document["result"]["git"] == "not installed"
    assert (tmp_path / "work" / "orders" / "Dockerfile").is_file()


def test_plain_copier_reads_the_answers_file(scaffold: Scaffold, tmp_path: Path) -> None:
    """Copier itself takes the answers of a project of ours as those of a template of its own."""
    from copier._user_data import load_answersfile_data

    scaffold("new", "orders", *GO, "--defaults", "--data", 'description=a "quoted" line: with {braces}')
    loaded = load_answersfile_data(tmp_path / "work" / "orders")
    assert loaded["description"] == 'a "quoted" line: with {braces}'


def test_a_template_sees_nothing_of_the_users_copier_settings(scaffold: Scaffold, tmp_path: Path) -> None:
    settings = tmp_path / "settings.yml"
    settings.write_text(json.dumps({"defaults": {"port": 5050}}))
    ran = scaffold("new", "x", *GO, "--defaults", "--json", env={"COPIER_SETTINGS_PATH": str(settings)})
    assert ran.document["result"]["answers"]["port"] == 8080
    assert "COPIER_SETTINGS_PATH" not in os.environ
