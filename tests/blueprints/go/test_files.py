"""The files of a Go project."""

from __future__ import annotations

import re
from itertools import product

import pytest
import yaml

from tests.blueprints.template import Template

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
CHOICES = list(product(("alpine", "distroless", "scratch"), ("none", "MIT", "Apache-2.0"), ("github", "none")))


@pytest.mark.parametrize(("base", "license_", "ci"), CHOICES)
def test_each_choice_gives_its_files(template: Template, base: str, license_: str, ci: str) -> None:
    project = template.render(base=base, license=license_, ci=ci)
    expected = ALWAYS | (GITHUB if ci == "github" else set()) | ({"LICENSE"} if license_ != "none" else set())
    assert {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()} == expected


def test_compose_tells_the_garbage_collector_of_the_limit(template: Template) -> None:
    service = yaml.safe_load((template.render() / "compose.yaml").read_text())["services"]["app"]
    memory, soft = service["mem_limit"], service["environment"]["GOMEMLIMIT"]
    assert int(soft.removesuffix("MiB")) == int(memory.removesuffix("m")) * 9 // 10


def test_workflow_tests_as_the_readme_says(template: Template) -> None:
    workflow = yaml.safe_load((template.render() / ".github/workflows/ci.yml").read_text())
    commands = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    assert commands == ["gofmt -d .", "go vet ./...", "go test -race -shuffle=on ./..."]


def test_settings_of_the_readme_are_those_of_the_service(template: Template) -> None:
    project = template.render()
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (project / "README.md").read_text(), re.MULTILINE)
    read = re.findall(r'read\(&env, "([A-Z_]+)"', (project / "internal/config/config.go").read_text())
    assert sorted(documented) == sorted(read)


def test_sources_are_plain_where_they_carry_no_answer(template: Template) -> None:
    """Whoever works on the blueprint then has an editor, gofmt and a compiler for them."""
    rendered = {path.name for path in (template.root / "template").rglob("*.go.jinja")}
    assert rendered == {"healthcheck.go.jinja", "main.go.jinja", "service.go.jinja"}
