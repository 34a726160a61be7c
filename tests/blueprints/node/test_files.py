"""The files of a Node project."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml

from tests.blueprints.template import Template

COMMANDS = ("lint", "types", "test")


@pytest.mark.parametrize(("base", "stripped"), [("alpine", True), ("scratch", True), ("distroless", False)])
def test_the_program_that_strips_is_there_where_it_is_used(template: Template, base: str, stripped: bool) -> None:
    project = template.render(base=base)
    assert (project / "scripts/strip.ts").is_file() == stripped
    for name in ("Dockerfile", ".dockerignore"):
        assert ("scripts" in (project / name).read_text()) == stripped


def test_the_image_the_workflow_and_the_readme_test_alike(template: Template) -> None:
    project = template.render()
    workflow = yaml.safe_load((project / ".github/workflows/ci.yml").read_text())
    steps = [step["run"] for step in workflow["jobs"]["test"]["steps"] if "run" in step]
    assert steps == ["npm ci --ignore-scripts", "npm run lint", "npm run types", "npm test"]
    assert " && ".join(f"node --run {name}" for name in COMMANDS) in (project / "Dockerfile").read_text()
    assert "npm run lint && npm run types && npm test" in (project / "README.md").read_text()
    assert set(COMMANDS) <= set(document(template, "package.json")["scripts"])


def test_sources_are_plain_where_they_carry_no_answer(template: Template) -> None:
    """Whoever works on the blueprint then has an editor, Biome and the compiler for them."""
    rendered = {path.name for path in (template.root / "template").rglob("*.jinja") if ".ts" in path.name}
    assert rendered == {"about.ts.jinja"}


def test_dependencies_are_pinned_and_few(template: Template) -> None:
    manifest = document(template, "package.json")
    versions = [*manifest["dependencies"].values(), *manifest["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
    assert set(manifest["dependencies"]) == {"fastify", "pino"}


def test_the_lockfile_has_what_the_project_asks_for(template: Template) -> None:
    manifest, locked = document(template, "package.json"), document(template, "package-lock.json")["packages"]
    assert locked[""]["dependencies"] == manifest["dependencies"]
    assert locked[""]["devDependencies"] == manifest["devDependencies"]


def test_the_lockfile_has_every_platform_and_names_no_registry(template: Template) -> None:
    """An address in it would lead past the mirror of a build; a platform that is missing fails there."""
    locked = document(template, "package-lock.json")["packages"]
    packages = {name: package for name, package in locked.items() if name}
    assert all(package["integrity"].startswith("sha512-") for package in packages.values())
    assert not [name for name, package in packages.items() if "resolved" in package]
    optional = {name for package in packages.values() for name in package.get("optionalDependencies", {})}
    assert {f"node_modules/{name}" for name in optional} <= packages.keys()
    assert {"@biomejs/cli-linux-x64-musl", "@biomejs/cli-darwin-arm64", "@esbuild/win32-x64"} <= optional


def document(template: Template, name: str) -> dict[str, Any]:
    """Read a JSON file of a project."""
    found: dict[str, Any] = json.loads((template.render() / name).read_text())
    return found
