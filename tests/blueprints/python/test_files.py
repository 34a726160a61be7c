"""The files of a Python project."""

from __future__ import annotations

import re
import tomllib
from itertools import product
from typing import Any

import pytest
import yaml

from tests.blueprints.template import Template

ALWAYS = {
    ".dockerignore",
    ".editorconfig",
    ".gitignore",
    ".python-version",
    "Dockerfile",
    "README.md",
    "compose.yaml",
    "pyproject.toml",
    "src/service/__init__.py",
    "src/service/__main__.py",
    "src/service/about.py",
    "src/service/api.py",
    "src/service/app.py",
    "src/service/config.py",
    "src/service/health.py",
    "src/service/healthcheck.py",
    "src/service/log.py",
    "src/service/requests.py",
    "src/service/serve.py",
    "src/service/server.py",
    "tests/__init__.py",
    "tests/program.py",
    "tests/test_config.py",
    "tests/test_requests.py",
    "tests/test_service.py",
    "uv.lock",
}
GITHUB = {".github/dependabot.yml", ".github/workflows/ci.yml"}
CHOICES = list(product(("alpine", "distroless", "scratch"), ("none", "MIT", "Apache-2.0"), ("github", "none")))


@pytest.mark.parametrize(("base", "license_", "ci"), CHOICES)
def test_each_choice_gives_its_files(template: Template, base: str, license_: str, ci: str) -> None:
    project = template.render(base=base, license=license_, ci=ci)
    expected = ALWAYS | (GITHUB if ci == "github" else set()) | ({"LICENSE"} if license_ != "none" else set())
    assert {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()} == expected


def test_workflow_tests_as_the_readme_says(template: Template) -> None:
    project = template.render()
    workflow = yaml.safe_load((project / ".github/workflows/ci.yml").read_text())
    commands = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    assert commands[1] == "uv sync --locked"
    for command in commands[2:]:
        assert command.removesuffix(" --check") in (project / "README.md").read_text()


def test_settings_of_the_readme_are_those_of_the_service(template: Template) -> None:
    project = template.render()
    documented = re.findall(r"^\| `([A-Z_]+)` \|", (project / "README.md").read_text(), re.MULTILINE)
    settings = (project / "src/service/config.py").read_text().partition("class Settings")[2]
    read = re.findall(r"^    ([a-z_]+): .+ = ", settings, re.MULTILINE)
    assert sorted(documented) == sorted(map(str.upper, read))


def test_sources_are_plain_where_they_carry_no_answer(template: Template) -> None:
    """Whoever works on the blueprint then has an editor, ruff and mypy for them."""
    rendered = {path.name for path in (template.root / "template").rglob("*.py.jinja")}
    assert rendered == {"about.py.jinja"}


def test_one_uv_locks_builds_and_tests(template: Template) -> None:
    project = template.render()
    (in_image,) = re.findall(r"pip install uv==(\S+)", (project / "Dockerfile").read_text())
    workflow = (project / ".github/workflows/ci.yml").read_text()
    assert re.findall(r"pipx install uv==(\S+)", workflow) == [in_image]
    (backend,) = document(template, "pyproject.toml")["build-system"]["requires"]
    assert backend.startswith(f"uv_build>={in_image.rpartition('.')[0]},")


def test_the_lockfile_is_of_the_public_index_alone(template: Template) -> None:
    """An address of the mirror of whoever locked it last is one that nobody else can reach."""
    locked = document(template, "uv.lock")["package"]
    sources = {package["source"].get("registry") for package in locked}
    assert len(sources) == 2
    assert {source.count("/") for source in sources if source} == {3}
    hosts = {wheel["url"].split("/")[2] for package in locked for wheel in package.get("wheels", [])}
    assert len(hosts) == 1


def test_the_lockfile_has_what_the_project_asks_for(template: Template) -> None:
    project = document(template, "pyproject.toml")
    asked = [*project["project"]["dependencies"], *project["dependency-groups"]["dev"]]
    locked = {f"{package['name']}=={package['version']}" for package in document(template, "uv.lock")["package"]}
    assert set(asked) <= locked


def document(template: Template, name: str) -> dict[str, Any]:
    """Read a TOML file of a project."""
    return tomllib.loads((template.render() / name).read_text())
