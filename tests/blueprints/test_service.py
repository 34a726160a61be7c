"""What every service says of itself, and what becomes of its image after a change."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.model import ContainerSpec
from scaffold.run import run
from tests.blueprints.changes import change_comment, change_statement
from tests.blueprints.images import REPOSITORY, build, uncached
from tests.blueprints.template import DESCRIPTION, Template

# Their sources are in the image, with all comments: tracebacks show them.
INTERPRETED = {"python"}


def test_it_answers_with_what_it_was_built_from(
    engine: CommandLineEngine, template: Template, project: Path
) -> None:
    spec = ContainerSpec(build(engine, project).tag, f"{REPOSITORY}-{template.name}", port=8080)
    started = engine.start(spec)
    try:
        address = f"http://127.0.0.1:{engine.published_port(started, 8080)}/"
        answer = run(["curl", "--silent", "--retry", "20", "--retry-all-errors", "--retry-delay", "1", address])
        logged = engine.logs(started).stdout
    finally:
        engine.remove_container(started)
    assert json.loads(answer.stdout) == {"service": "hello", "version": "1.2.3", "message": DESCRIPTION}
    listening = json.loads(logged.splitlines()[0])
    assert (listening["msg"], listening["version"], listening["revision"]) == ("listening", "1.2.3", "abcdef")


def test_a_comment_changes_no_byte_and_a_statement_the_last_layer(
    engine: CommandLineEngine, template: Template, project: Path
) -> None:
    before = engine.layers(build(engine, project).tag)
    change_comment(project, template.name)
    commented = engine.layers(build(engine, project).tag)
    assert (commented == before) == (template.name not in INTERPRETED)
    change_statement(project, template.name)
    changed = engine.layers(build(engine, project).tag)
    assert changed[:-1] == commented[:-1] == before[:-1]
    assert changed[-1] != commented[-1]


def test_sources_older_than_the_last_build_are_compiled(
    engine: CommandLineEngine, template: Template, project: Path
) -> None:
    """Compilers go by times, and a checkout may be older than what another one left in a cache mount."""
    before = engine.layers(build(engine, project).tag)
    change_statement(project, template.name)
    for path in project.rglob("*"):
        os.utime(path, (0, 0))
    assert engine.layers(build(engine, project).tag) != before


# Go's and Python's are tested on each base; no two rehearsals of Java are the same to the byte.
@pytest.mark.parametrize("name", ["cpp", "node", "rust"])
def test_the_same_sources_give_the_same_layers_without_a_cache(
    engine: CommandLineEngine, templates: dict[str, Template], tmp_path: Path, name: str
) -> None:
    """Also when nothing is left of what the compiler knew from earlier builds."""
    project = templates[name].copy(tmp_path)
    first = engine.layers(build(engine, project).tag)
    uncached(project)
    second = build(engine, project)
    assert not any(step.cached for step in second.steps if "RUN" in step.name)
    assert engine.layers(second.tag) == first
