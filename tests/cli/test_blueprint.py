"""`scaffold blueprint` as authors use it."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scaffold.errors import ExitCode
from tests.catalog.conftest import blueprint_files, write
from tests.conftest import Scaffold


@pytest.fixture
def work(tmp_path: Path, scaffold: Scaffold) -> Path:  # noqa: ARG001 - it makes the folder
    return tmp_path / "work"


def test_a_new_blueprint_is_good_from_the_start(scaffold: Scaffold, work: Path) -> None:
    begun = scaffold("blueprint", "new", "ours/web")
    assert begun.code == 0, begun.stderr
    assert begun.stdout.splitlines()[:3] == ["ours/web", "ours/shared", "ours/catalog.yml"]
    assert scaffold("blueprint", "lint", "ours").stdout == "✓ web\n"

    tested = scaffold("blueprint", "test", "ours/web", "--no-build")
    assert tested.code == 0, tested.stdout
    assert tested.stdout.splitlines()[-1] == "9 cases, a set with every pair of choices: all good"
    assert "base=scratch, license=none, ci=github" in tested.stdout

    made = scaffold("new", "shop", "--catalog", "ours", "--defaults")
    assert made.code == 0, made.stderr
    assert "_src_path: local:web" in (work / "shop" / ".copier-answers.yml").read_text()


def test_a_second_one_shares_the_parts_and_nothing_is_overwritten(scaffold: Scaffold, work: Path) -> None:
    scaffold("blueprint", "new", "web")
    assert scaffold("blueprint", "new", "api").stdout.splitlines()[0:2] == ["api", ""]
    assert scaffold("blueprint", "lint", ".").stdout == "✓ api\n✓ web\n"
    for words, message in (
        (("new", "web"), "web is not empty"),
        (("new", "Web"), "cannot be a blueprint's name"),
        (("new", "x", "--from", "goo"), "did you mean 'go'?"),
    ):
        refused = scaffold("blueprint", *words)
        assert refused.code == ExitCode.USAGE
        assert message in refused.stderr
    (work / "shared" / "text.jinja").write_text("mine")
    assert "is another than ours" in scaffold("blueprint", "new", "job").stderr
    assert not (work / "job").exists()


def test_mistakes_are_lines_that_an_editor_can_jump_to(scaffold: Scaffold, work: Path) -> None:
    write(work, blueprint_files("web", "1.0.0.dev0"))
    write(work, {"web/template/file.jinja": "one\n{{ nmae }}\n", "job/copier.yml": "a: [\n"})
    ran = scaffold("blueprint", "lint", ".")
    assert ran.code == ExitCode.NO
    assert "web/template/file.jinja:2: 'nmae' is no question" in ran.stdout
    assert "job/copier.yml:2: " in ran.stdout
    document = scaffold("blueprint", "lint", "web", "--json").document
    assert document["ok"] is False
    assert document["result"][0]["problems"][0]["line"] == 2
    assert scaffold("blueprint", "lint", "web/template").code == ExitCode.USAGE


def test_an_answer_of_the_organisation_that_nobody_asks_for_is_told(scaffold: Scaffold, work: Path) -> None:
    write(work, blueprint_files("web", "1.0.0.dev0"))
    write(work, {"catalog.yml": "defaults:\n  project_name: x\n  projct_name: y\n"})
    ran = scaffold("blueprint", "lint", ".")
    assert ran.code == ExitCode.NO
    assert "catalog.yml:3: no blueprint asks for 'projct_name'" in ran.stdout
    assert "did you mean 'project_name'?" in ran.stdout


def test_what_goes_wrong_in_one_case_is_told_with_that_case(scaffold: Scaffold, work: Path) -> None:
    files = {
        "web/copier.yml": "_envops: {undefined: jinja2.StrictUndefined}\nsize: {type: int, choices: [1, 2]}\n",
        "web/{% if size == 2 %}out{% endif %}.jinja": "{{ nothing }}\n",
    }
    write(work, files)
    ran = scaffold("blueprint", "test", "web", "--no-build")
    assert ran.code == ExitCode.NO
    first, second, failure, total = ran.stdout.splitlines()
    assert first.startswith("✓ size=1")
    assert second.startswith("✗ size=2")
    assert "'nothing' is undefined" in failure
    assert total == "2 cases, all combinations: 1 failed"


def test_files_that_differ_each_time_are_a_failure(scaffold: Scaffold, work: Path) -> None:
    number = "{{ range(99999) | random }}"
    write(work, {"web/copier.yml": "a: {type: int, default: 1}\n", "web/f.jinja": number * 3})
    ran = scaffold("blueprint", "test", "web", "--no-build", "--json")
    assert ran.code == ExitCode.NO
    assert "other files each time" in ran.document["result"]["tried"][0]["failures"][0]


def test_a_dockerfile_that_lint_refuses_fails_the_case(scaffold: Scaffold, work: Path) -> None:
    scaffold("blueprint", "new", "web")
    dockerfile = work / "web" / "template" / "Dockerfile.jinja"
    dockerfile.write_text(dockerfile.read_text().replace("golang:1.27.3-alpine3.23", "golang:latest", 1))
    ran = scaffold("blueprint", "test", "web", "--no-build", "--data", "base=scratch", "--data", "ci=none")
    assert ran.code == ExitCode.NO
    assert "✗ license=MIT" in ran.stdout


@pytest.mark.parametrize("kept", ["archives", "tags"])
def test_projects_of_earlier_releases_have_to_be_able_to_follow(
    scaffold: Scaffold, work: Path, kept: str
) -> None:
    size = (
        "_subdirectory: template\nsize: {type: str, choices: [small, large]}\ncolour: {type: str, default: red}\n"
    )
    files = blueprint_files("web", "1.0.0") | {"web/copier.yml": size.replace("]}", "], default: large}")}
    write(work, files | {"web/template/file.jinja": "{{ size }}\n"})
    if kept == "archives":
        (work / "web" / "releases").mkdir()
        scaffold("blueprint", "release", "web")
    else:
        author = "git -c user.name=a -c user.email=a@b"
        command = f"git init -q && git add . && {author} commit -qm 1 && git tag web/1.0.0"
        subprocess.run(command, shell=True, cwd=work, check=True)
    (work / "web" / "copier.yml").write_text(size.replace("large", "huge").replace("]}", "], default: huge}"))
    ran = scaffold("blueprint", "test", "web", "--no-build")
    assert ran.code == ExitCode.NO
    first, failure, *rest = ran.stdout.splitlines()
    assert first.startswith("✗ update from=1.0.0")
    assert "size: 'large' is no choice" in failure
    assert [line[0] for line in rest[:-1]] == ["✓", "✓"]

    write(work, files)
    assert scaffold("blueprint", "test", "web", "--no-build").code == 0


def test_migrations_are_tried_on_a_project_of_an_earlier_release(scaffold: Scaffold, work: Path) -> None:
    write(work, blueprint_files("web", "1.0.0"))
    (work / "web" / "releases").mkdir()
    assert scaffold("blueprint", "release", "web").code == 0
    questions = "_subdirectory: template\nproject_name: {type: str, default: x}\n"
    write(work, blueprint_files("web", "1.1.0.dev0"))
    write(work, {"web/copier.yml": f"_migrations: [{{version: 1.1.0, command: test -e gone}}]\n{questions}"})
    assert scaffold("trust", "add", work).code == 0
    ran = scaffold("blueprint", "test", "web", "--no-build")
    assert ran.code == ExitCode.NO
    first, failure, *_ = ran.stdout.splitlines()
    assert first.startswith("✗ update from=1.0.0")
    assert "test -e gone" in failure
    write(work, {"web/copier.yml": f"_migrations: [{{version: 1.1.0, command: test -e file}}]\n{questions}"})
    assert scaffold("blueprint", "test", "web", "--no-build").code == 0


def test_a_blueprint_with_tasks_is_tried_only_when_it_is_trusted(scaffold: Scaffold, work: Path) -> None:
    write(work, {"ours/web/copier.yml": "_tasks: [touch made]\na: {type: int, default: 1}\n", "ours/web/f": ""})
    refused = scaffold("blueprint", "test", "ours/web", "--no-build")
    assert refused.code == ExitCode.USAGE
    assert "task `touch made`" in refused.stderr
    scaffold("trust", "add", "ours")
    assert scaffold("blueprint", "test", "ours/web", "--no-build").code == 0


def test_release_prints_what_is_left_to_do_in_git(scaffold: Scaffold, work: Path) -> None:
    write(work, blueprint_files("web", "1.0.0"))
    ran = scaffold("blueprint", "release", "web")
    assert ran.code == 0, ran.stderr
    assert "git tag --annotate --message 'web 1.0.0' web/1.0.0" in ran.stdout
    commands = [line.strip() for line in ran.stdout.splitlines() if line.startswith("  git ")]
    assert [command.split()[1] for command in commands] == ["commit", "tag", "push"]
    for command in (
        "git init -q",
        "git config user.name a",
        "git config user.email a@b",
        "git add .",
        *commands[:2],
    ):
        subprocess.run(command, shell=True, cwd=work, check=True, capture_output=True)
    assert "1.0.0" in scaffold("list", "--catalog", f"file://{work}").stdout
    assert "web 1.0.0 is released" in scaffold("blueprint", "release", "web").stderr


@pytest.mark.engine
def test_a_blueprint_is_built_and_verified(scaffold: Scaffold) -> None:
    """One case of a copy of ours: it is held to what its own blueprint.yml promises."""
    scaffold("blueprint", "new", "web")
    one = ("--data", "base=scratch", "--data", "license=none", "--data", "ci=none", "--json")
    ran = scaffold("blueprint", "test", "web", *one)
    assert ran.code == 0, ran.stdout
    assert ran.document["result"]["tried"][0]["failures"] == []
