"""The files of a project: what is there for which answers, and that each is what it claims to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import dockerfile
import pytest
import yaml

from tests.blueprints.conftest import BASES, RenderProject

ALWAYS = {
    ".dockerignore",
    ".editorconfig",
    ".gitignore",
    "Dockerfile",
    "README.md",
    "compose.yaml",
    "go.mod",
    "healthcheck.go",
    "internal/api/api.go",
    "internal/api/api_test.go",
    "internal/config/config.go",
    "internal/config/config_test.go",
    "internal/server/middleware.go",
    "internal/server/middleware_test.go",
    "internal/server/server.go",
    "internal/server/server_test.go",
    "internal/server/tracking.go",
    "main.go",
    "main_test.go",
    "service.go",
    "version.go",
}
GITHUB = {".github/dependabot.yml", ".github/workflows/ci.yml"}
FROM = {
    "alpine": "alpine:3.23",
    "distroless": "gcr.io/distroless/static-debian13:nonroot",
    "scratch": "scratch",
}
CHOICES = [
    {"base": base, "license": license_, "ci": ci}
    for base, license_, ci in product(BASES, ("none", "MIT", "Apache-2.0"), ("github", "none"))
]
every_choice = pytest.mark.parametrize("choices", CHOICES, ids=lambda choices: "-".join(choices.values()))


def files(project: Path) -> dict[str, str]:
    """Return the content of each file by its path."""
    paths = [path for path in sorted(project.rglob("*")) if path.is_file()]
    return {path.relative_to(project).as_posix(): path.read_text(encoding="utf-8") for path in paths}


@every_choice
def test_each_choice_gives_its_files(render_project: RenderProject, choices: dict[str, str]) -> None:
    expected = (
        ALWAYS
        | (GITHUB if choices["ci"] == "github" else set())
        | ({"LICENSE"} if choices["license"] != "none" else set())
    )
    assert files(render_project(**choices)).keys() == expected


@every_choice
def test_nothing_of_the_template_is_left(render_project: RenderProject, choices: dict[str, str]) -> None:
    for name, text in files(render_project(**choices)).items():
        assert not re.search(r"(?<!\$)\{\{|\{%|\{#|#\}|%\}|jinja|copier|shared/", name + text), name
        assert re.search(r"[^\n]\n\Z", text), f"{name} does not end with one line end"
        assert not re.search(r"[ \t]\n|\n\n\n", text), f"{name} has white space that nobody typed"


@every_choice
def test_yaml_is_yaml(render_project: RenderProject, choices: dict[str, str]) -> None:
    project = render_project(**choices)
    documents = [yaml.safe_load(path.read_text()) for path in project.rglob("*.y*ml")]
    assert len(documents) == (3 if choices["ci"] == "github" else 1)
    assert all(isinstance(document, dict) for document in documents)


@pytest.mark.parametrize("base", BASES)
def test_from_lines_are_literal_and_pinned(render_project: RenderProject, base: str) -> None:
    """Dependabot and Renovate read them, and expand nothing."""
    text = (render_project(base=base) / "Dockerfile").read_text()
    images = [words(command)[0] for command in instructions(text, "from")]
    assert images == ["golang:1.27.3-alpine3.23", "source", "source", FROM[base]]
    assert all(":" in image or image in ("source", "scratch") for image in images)


@pytest.mark.parametrize("base", BASES)
def test_the_last_stage_is_one_layer_of_files(render_project: RenderProject, base: str) -> None:
    commands = list(dockerfile.parse_string((render_project(base=base) / "Dockerfile").read_text()))
    last = max(index for index, command in enumerate(commands) if command.cmd.lower() == "from")
    assert [command.cmd.lower() for command in commands[last:]] == [
        "from",
        "copy",
        "user",
        "expose",
        "stopsignal",
        "healthcheck",
        "entrypoint",
        "arg",
        "arg",
        "label",
    ]


def test_compose_takes_every_right_away(render_project: RenderProject) -> None:
    document = yaml.safe_load((render_project(project_name="orders", port=9090) / "compose.yaml").read_text())
    service = document["services"]["app"]
    assert (document["name"], service["image"], service["ports"]) == (
        "orders",
        "orders",
        ["127.0.0.1:9090:9090"],
    )
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    memory, soft = service["mem_limit"], service["environment"]["GOMEMLIMIT"]
    assert int(soft.removesuffix("MiB")) == int(memory.removesuffix("m")) * 9 // 10


def test_workflow_tests_and_verifies_with_pinned_actions(render_project: RenderProject) -> None:
    workflow = yaml.safe_load((render_project() / ".github/workflows/ci.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    commands = [step["run"] for step in steps if "run" in step]
    assert commands[:3] == ["gofmt -d .", "go vet ./...", "go test -race -shuffle=on ./..."]
    assert commands[-1].endswith("scaffold verify")
    (build,) = (step["with"] for step in steps if "build-push" in step.get("uses", ""))
    assert build["cache-to"] == "type=gha,mode=max"
    assert build["build-args"].split() == [
        "VERSION=${{",
        "github.ref_name",
        "}}",
        "REVISION=${{",
        "github.sha",
        "}}",
    ]


def test_dependabot_looks_at_all_that_is_pinned(render_project: RenderProject) -> None:
    document = yaml.safe_load((render_project() / ".github/dependabot.yml").read_text())
    assert [update["package-ecosystem"] for update in document["updates"]] == [
        "docker",
        "gomod",
        "github-actions",
    ]


def test_settings_of_the_readme_are_those_of_the_service(render_project: RenderProject) -> None:
    project = render_project(port=9090)
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (project / "README.md").read_text(), re.MULTILINE)
    read = re.findall(r'read\(&env, "([A-Z_]+)"', (project / "internal/config/config.go").read_text())
    assert sorted(documented) == sorted(read)
    assert "| `PORT` | `9090` |" in (project / "README.md").read_text()


def test_go_sources_are_plain_where_they_carry_no_answer(template: Path) -> None:
    """Whoever works on the blueprint then has an editor, gofmt and a compiler for them."""
    rendered = {path.name for path in (template / "template").rglob("*.go.jinja")}
    assert rendered == {"healthcheck.go.jinja", "main.go.jinja", "service.go.jinja"}


def instructions(text: str, name: str) -> Iterator[dockerfile.Command]:
    """Return the instructions of one kind, as BuildKit's own parser reads them."""
    return (command for command in dockerfile.parse_string(text) if command.cmd.lower() == name)


def words(command: dockerfile.Command) -> list[str]:
    """Return the words of an instruction."""
    return list(command.value)
