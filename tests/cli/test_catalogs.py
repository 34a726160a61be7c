"""Catalogs as a user meets them: on `new`, `list` and `show`, in the configuration, with trust."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from scaffold.catalog.releases import history
from scaffold.errors import ExitCode
from scaffold.project.answers import read_answers
from scaffold.verify.target import load_target
from tests.catalog.conftest import Origin, origin, user, write
from tests.conftest import Ran, run_scaffold

__all__ = ["origin", "user"]

Command = Callable[..., Ran]
TASKS = "_tasks:\n  - echo done > made\nproject_name: {type: str, default: x}\n_subdirectory: template\n"


@pytest.fixture
def work(tmp_path: Path) -> Path:
    folder = tmp_path / "work"
    folder.mkdir()
    return folder


@pytest.fixture
def command(user: Path, work: Path) -> Command:  # noqa: ARG001 - its environment is the user's
    """The command as the user of the test runs it."""
    return lambda *words: run_scaffold(*words, cwd=work)


def answers(project: Path) -> dict[str, Any]:
    read = yaml.safe_load((project / ".copier-answers.yml").read_text())
    assert isinstance(read, dict)
    return read


def configure(user: Path, text: str) -> None:
    write(user / "config" / "container-scaffold", {"config.yml": text})


def test_a_project_from_a_git_catalog_names_the_release_portably(
    command: Command, origin: Origin, work: Path, tmp_path: Path
) -> None:
    ran = command("new", "shop", "--catalog", origin.url, "--blueprint", "web", "--defaults")
    assert ran.code == 0, ran.stderr
    assert (work / "shop" / "file").read_text() == "web 1.10.0 shop\n"
    recorded = answers(work / "shop")
    assert (recorded["_src_path"], recorded["_commit"]) == (f"{origin.url}#web", "1.10.0")
    assert str(tmp_path) not in (work / "shop" / ".copier-answers.yml").read_text()

    command("new", "old", "--catalog", f"{origin.url}@1.2.0", "--blueprint", "web", "--defaults")
    assert answers(work / "old")["_commit"] == "1.2.0"


def test_list_and_show(command: Command, origin: Origin) -> None:
    listed = command("list", "--catalog", origin.url, "--json").document["result"]
    assert [(one["name"], one["version"]) for one in listed] == [("job", "1.1.0"), ("web", "1.10.0")]
    shown = command("show", "web", "--catalog", f"{origin.url}@1.2.0", "--json").document["result"]
    assert (shown["release"], shown["questions"][0]["name"]) == ("1.2.0", "project_name")
    offline = command("list", "--catalog", origin.url, "--offline")
    assert "from the cache, less than a minute old" in offline.stdout


def test_the_configured_catalog_is_the_default(command: Command, origin: Origin, user: Path) -> None:
    configure(user, f"catalog: {origin.url}\n")
    assert [one["name"] for one in command("list", "--json").document["result"]] == ["job", "web"]
    assert "go" in [one["name"] for one in command("list", "--catalog", "builtin", "--json").document["result"]]
    ran = command("new", "x", "--defaults")
    assert ran.code == ExitCode.USAGE
    assert "missing: --blueprint\nhint: there are: job, web" in ran.stderr


def test_a_folder_leaves_no_path_behind(command: Command, origin: Origin, work: Path) -> None:
    ran = command("new", "shop", "--catalog", origin.folder, "--blueprint", "web", "--defaults")
    assert ran.code == 0, ran.stderr
    assert (work / "shop" / "file").read_text() == "web work shop\n"
    recorded = answers(work / "shop")
    assert recorded["_src_path"] == "local:web"
    assert recorded["_commit"].startswith("2.0.0.dev0+c")


def test_a_plain_copier_template_needs_no_blueprint(command: Command, user: Path, work: Path) -> None:
    plain = Origin(user / "origins" / "template.git")
    files = {
        "copier.yml": "name: {type: str, default: x}\n_answers_file: .mine.yml\n",
        "{{ name }}.txt.jinja": "{{ name }}\n",
        "{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}",
    }
    plain.commit(files, "v1.0.0")
    ran = command("new", "out", "--catalog", plain.url, "--data", "name=y", "--defaults", "--no-git", "--json")
    assert ran.document["result"]["files"] == [".copier-answers.yml", "y.txt"]
    # Just what copier itself would have written.
    assert answers(work / "out") == {"_src_path": plain.url, "_commit": "v1.0.0", "name": "y"}


def test_plain_copier_and_we_understand_each_others_projects(command: Command, user: Path, work: Path) -> None:
    plain = Origin(user / "origins" / "template.git")
    answers_file = {"{{ _copier_conf.answers_file }}.jinja": "{{ _copier_answers | to_nice_yaml }}"}
    plain.commit({"copier.yml": "name: x\n", "f.jinja": "one\n", **answers_file}, "v1.0.0")
    command("new", "ours", "--catalog", plain.url, "--defaults")
    copied = ("copy", "--quiet", "--defaults", plain.url, "theirs")
    subprocess.run([sys.executable, "-m", "copier", *copied], cwd=work, check=True)
    assert answers(work / "ours") == answers(work / "theirs")
    recorded = read_answers(work / "theirs")
    assert recorded is not None
    assert history(recorded.source).find(recorded.release).version == "v1.0.0"

    plain.commit({"f.jinja": "two\n"}, "v1.1.0")
    subprocess.run([sys.executable, "-m", "copier", "update", "--defaults"], cwd=work / "ours", check=True)
    assert (work / "ours" / "f").read_text() == "two\n"
    assert answers(work / "ours")["_commit"] == "v1.1.0"


def test_a_credential_is_refused_and_never_shown(command: Command, work: Path) -> None:
    ran = command("new", "x", "--catalog", "https://me:hunter2@example.com/b.git", "--defaults")
    assert ran.code == ExitCode.USAGE
    assert "has a credential in it" in ran.stderr
    assert "hunter2" not in ran.stderr
    assert list(work.iterdir()) == []


def test_tasks_run_only_after_the_source_was_allowed(command: Command, origin: Origin, work: Path) -> None:
    origin.commit({"web/copier.yml": TASKS}, "web/3.0.0")
    words = ("new", "shop", "--catalog", origin.url, "--blueprint", "web", "--defaults", "--json")
    refused = command(*words).document["error"]
    assert refused["kind"] == "untrusted"
    assert "task `echo done > made`" in refused["message"]
    assert list(work.iterdir()) == []

    assert command("trust", "add", origin.url).code == 0
    assert command("trust", "list", "--json").document["result"] == [origin.url.removesuffix(".git")]
    assert "made" not in command(*words, "--preview").document["result"]["files"]
    assert "made" in command(*words).document["result"]["files"]

    assert command("trust", "remove", origin.url).code == 0
    assert command("show", "web", "--catalog", origin.url).code == ExitCode.USAGE


DEFAULTS = """\
title: Blueprints of Example
defaults:
  owner: Platform team
  license: Apache-2.0
  ci: none
  image_mirror: mirror.example.com
  labels: {com.example.team: platform}
  not_asked_by_web: 1
"""
QUESTIONS = """\
_subdirectory: template
project_name: {type: str, default: x}
owner: {type: str}
license: {type: str, choices: [MIT, Apache-2.0]}
ci: {type: str, choices: [github, none], default: github}
image_mirror: {type: str, default: ""}
labels: {type: yaml, default: {}}
"""
TEMPLATE = """\
FROM {{ image_mirror }}/alpine:3.23
{% for name, value in labels.items() %}LABEL {{ name }}="{{ value }}"
{% endfor %}# {{ owner }} {{ license }} {{ ci }}
"""


def test_the_organisations_defaults_are_not_asked_and_can_be_overridden(
    command: Command, origin: Origin, work: Path
) -> None:
    files = {"catalog.yml": DEFAULTS, "web/copier.yml": QUESTIONS, "web/template/Dockerfile.jinja": TEMPLATE}
    origin.commit(files, "web/3.0.0")
    words = ("--catalog", origin.url, "--blueprint", "web")
    # Without --defaults: the owner and the licence have no default, and nobody is asked.
    ran = command("new", "shop", *words, "--data", "project_name=shop")
    assert ran.code == 0, ran.stderr
    assert (work / "shop" / "Dockerfile").read_text().splitlines() == [
        "FROM mirror.example.com/alpine:3.23",
        'LABEL com.example.team="platform"',
        "# Platform team Apache-2.0 none",
    ]
    recorded = answers(work / "shop")
    assert (recorded["owner"], recorded["labels"]) == ("Platform team", {"com.example.team": "platform"})

    command("new", "other", *words, "--defaults", "--data", "owner=Us")
    assert answers(work / "other")["owner"] == "Us"
    shown = command("show", "web", "--catalog", origin.url, "--json").document["result"]["questions"]
    assert {one["name"]: one["default"] for one in shown}["license"] == "Apache-2.0"


def test_verify_holds_a_project_to_the_release_that_made_it(
    command: Command, origin: Origin, work: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = (origin.folder / "web" / "blueprint.yml").read_text()
    promise = {
        "web/template/Dockerfile": "FROM scratch\n",
        "web/blueprint.yml": f"{text}contract: {{live: /old}}\n",
    }
    origin.commit(promise, "web/3.0.0")
    origin.commit({"web/blueprint.yml": f"{text}contract: {{live: /new}}\n"}, "web/3.1.0")
    command("new", "shop", "--catalog", f"{origin.url}@3.0.0", "--blueprint", "web", "--defaults")
    origin.folder.rename(origin.folder.with_name("gone"))
    assert load_target(work / "shop", "Dockerfile").contract.live == "/old"
    # Where the cache has nothing, nothing is promised.
    monkeypatch.setenv("XDG_CACHE_HOME", str(work / "empty"))
    assert load_target(work / "shop", "Dockerfile").blueprint is None


def test_config_tells_what_holds(command: Command, user: Path) -> None:
    assert "not there" in command("config").stdout
    configure(user, "network: {mirrors: {GOPROXY: 'https://me:secret@go.example.com'}}\n")
    ran = command("config")
    assert "GOPROXY               https://***@go.example.com" in ran.stdout
    configure(user, "catalogue: x\n")
    ran = command("list")
    assert ran.code == ExitCode.USAGE
    assert "config.yml:1: unknown key 'catalogue'" in ran.stderr
    assert "did you mean 'catalog'?" in ran.stderr
