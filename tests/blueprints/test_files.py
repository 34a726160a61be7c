"""The files of every project: nothing of the template is left, and each is what it claims to be."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import dockerfile
import pytest
import yaml

from scaffold.catalog.builtin import find_blueprint
from tests.blueprints.template import NAMES, Template
from tests.matrix.cells import Cell, cells, unobtainable

ALWAYS = {".dockerignore", ".editorconfig", ".gitignore", "Dockerfile", "README.md", "compose.yaml"}
GITHUB = {".github/dependabot.yml", ".github/workflows/ci.yml"}
BASES = [(name, offer.base.id) for name in NAMES for offer in find_blueprint(name).bases]
ECOSYSTEMS = {"gomod", "uv", "npm", "cargo", "maven"}
# Blueprints whose packages are the distribution's.
UNKNOWN_TO_DEPENDABOT = {"cpp"}
MARKS = r"(?<!\$)\{\{|\{%|\{#|#\}|%\}|jinja|copier|shared/"
SETTINGS = {"HOST", "PORT", "LOG_LEVEL", "DRAIN_DELAY", "SHUTDOWN_TIMEOUT"}

every_cell = pytest.mark.parametrize("cell", cells(), ids=str)
every_base = pytest.mark.parametrize(("name", "base"), BASES, ids=map("-".join, BASES))


def rendered(templates: dict[str, Template], cell: Cell) -> Path:
    """Return the project of a cell."""
    return templates[cell.blueprint].render(base=cell.base, **cell.answers)


def files(project: Path) -> dict[str, str]:
    """Return the content of each text file by its path."""
    paths = [path for path in sorted(project.rglob("*")) if path.is_file()]
    contents = {path.relative_to(project).as_posix(): path.read_bytes() for path in paths}
    return {name: content.decode() for name, content in contents.items() if b"\0" not in content}


@every_cell
def test_the_files_of_every_service_are_there(templates: dict[str, Template], cell: Cell) -> None:
    found = files(rendered(templates, cell)).keys()
    assert found >= ALWAYS
    assert found & GITHUB == (set() if cell.answers.get("ci") == "none" else GITHUB)
    assert ("LICENSE" in found) == ("license" in cell.answers)


@every_cell
def test_nothing_of_the_template_is_left(templates: dict[str, Template], cell: Cell) -> None:
    sources = templates[cell.blueprint].root / "template"
    for name, text in files(rendered(templates, cell)).items():
        # What is copied as it is may have a language's own braces.
        marks = r"jinja|copier|shared/" if (sources / name).is_file() else MARKS
        assert not re.search(marks, name + text), name
        assert re.search(r"[^\n]\n\Z", text), f"{name} does not end with one line end"
        assert not re.search(r"[ \t]\n|\n\n\n\n", text), f"{name} has white space that nobody typed"


@every_cell
def test_yaml_is_yaml(templates: dict[str, Template], cell: Cell) -> None:
    project = rendered(templates, cell)
    paths = {path.relative_to(project): yaml.safe_load(path.read_text()) for path in project.rglob("*.y*ml")}
    assert all(isinstance(document, dict) for document in paths.values())
    own = [path for path in paths if path.parts[0] != "src"]
    assert len(own) == (1 if cell.answers.get("ci") == "none" else 3)


@every_base
def test_from_lines_are_literal_and_pinned(templates: dict[str, Template], name: str, base: str) -> None:
    """Dependabot and Renovate read them, and expand nothing."""
    text = (templates[name].render(base=base) / "Dockerfile").read_text()
    froms = [list(command.value) for command in instructions(text, "from")]
    stages = {words[2] for words in froms if len(words) > 2}
    images = [words[0] for words in froms]
    assert all(re.search(r"[^:]:[\w.-]+$", image) or image in stages | {"scratch"} for image in images)
    assert not any("$" in image or image.endswith(":latest") for image in images)
    offer = find_blueprint(name).offer(base)
    assert offer is not None
    assert images[-1] == offer.base.image


@every_base
def test_the_last_stage_installs_nothing(templates: dict[str, Template], name: str, base: str) -> None:
    """Then it needs neither a shell nor emulation for another platform."""
    commands = list(dockerfile.parse_string((templates[name].render(base=base) / "Dockerfile").read_text()))
    last = max(index for index, command in enumerate(commands) if command.cmd.lower() == "from")
    found = [command.cmd.lower() for command in commands[last + 1 :]]
    assert set(found) <= {
        *("copy", "workdir", "env", "user", "expose", "stopsignal"),
        *("healthcheck", "entrypoint", "cmd", "arg", "label"),
    }
    assert {"copy", "user", "expose", "stopsignal", "healthcheck", "entrypoint", "label"} <= set(found)


def test_compose_takes_every_right_away(template: Template) -> None:
    project = template.render(project_name="orders", port=9090)
    document = yaml.safe_load((project / "compose.yaml").read_text())
    service = document["services"]["app"]
    assert (document["name"], service["image"]) == ("orders", "orders")
    assert service["ports"] == ["127.0.0.1:9090:9090"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["pids_limit"] > 0
    assert re.fullmatch(r"\d+m", service["mem_limit"])


def test_workflow_tests_and_verifies_with_pinned_actions(template: Template) -> None:
    workflow = yaml.safe_load((template.render() / ".github/workflows/ci.yml").read_text())
    assert workflow["permissions"] == {"contents": "read"}
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    assert all(re.fullmatch(r"[\w-]+/[\w-]+@v\d+", step["uses"]) for step in steps if "uses" in step)
    commands = [step["run"] for step in steps if "run" in step]
    assert len(commands) > 1
    assert commands[-1].endswith("scaffold verify")
    (build,) = (step["with"] for step in steps if "build-push" in step.get("uses", ""))
    assert build["cache-to"] == "type=gha,mode=max"
    arguments = [line.partition("=")[0] for line in build["build-args"].splitlines() if line]
    assert arguments == ["VERSION", "REVISION"]


def test_dependabot_looks_at_all_that_is_pinned(template: Template) -> None:
    document = yaml.safe_load((template.render() / ".github/dependabot.yml").read_text())
    docker, *language, actions = (update["package-ecosystem"] for update in document["updates"])
    assert (docker, actions) == ("docker", "github-actions")
    assert language == [] if template.name in UNKNOWN_TO_DEPENDABOT else language[0] in ECOSYSTEMS


def test_the_readme_lists_the_settings_of_every_service(template: Template) -> None:
    text = (template.render(port=9090) / "README.md").read_text()
    assert set(re.findall(r"^\| `([A-Z_]+)` \|", text, re.MULTILINE)) >= SETTINGS
    assert "| `PORT` | `9090` |" in text


def test_an_image_that_no_package_gives_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.matrix.cells.UNOBTAINABLE", {"registry.invalid/jdk:25": "no package has it"})
    (tmp_path / "Dockerfile").write_text("FROM registry.invalid/jdk:25 AS build\nFROM scratch\n")
    assert unobtainable(tmp_path / "Dockerfile") == "registry.invalid/jdk:25: no package has it"
    (tmp_path / "Dockerfile").write_text("FROM scratch\n")
    assert unobtainable(tmp_path / "Dockerfile") == ""


def instructions(text: str, name: str) -> Iterator[dockerfile.Command]:
    """Return the instructions of one kind, as BuildKit's own parser reads them."""
    return (command for command in dockerfile.parse_string(text) if command.cmd.lower() == name)
