"""Docker and podman make the same image of the same Dockerfile, in every language."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from scaffold.dockerfile import read as read_dockerfile
from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.podman import Podman
from scaffold.image import File, Image, Kind
from tests.blueprints.changes import change_statement
from tests.blueprints.images import build, remove_images, saved
from tests.blueprints.template import Template
from tests.lab.bases import RECIPES
from tests.lab.engine import ensure_podman
from tests.lab.progress import Progress
from tests.lab.supply import supply

# What a Java runtime wrote down of one run of the service: no two runs are the same to the byte.
OF_ONE_RUN = {"/app/lib.aot"}


@pytest.fixture(scope="module")
def podman() -> Iterator[Podman]:
    """Podman and buildah of Debian 12."""
    found = ensure_podman(Progress())
    yield found
    remove_images(found)


def test_podman_makes_the_image_that_docker_makes_and_sees_a_change(
    engine: CommandLineEngine, podman: Podman, template: Template, project: Path, tmp_path: Path
) -> None:
    """The change is what bind mounts break in buildah before 1.39: an old image for new sources."""
    stages = read_dockerfile(project / "Dockerfile").stages
    supply([stage.base for stage in stages if stage.base in RECIPES], podman, Progress())
    ours, theirs = (
        made(builder, project, tmp_path / name) for name, builder in (("ours", engine), ("theirs", podman))
    )
    remove_images(engine)
    assert theirs == ours

    before = podman.layers(build(podman, project).tag)
    change_statement(project, template.name)
    after = podman.layers(build(podman, project).tag)
    assert after[:-1] == before[:-1]
    assert after[-1] != before[-1]


def made(builder: CommandLineEngine, project: Path, folder: Path) -> dict[str, Any]:
    """Return what an engine makes of a project."""
    folder.mkdir()
    return described(saved(builder, build(builder, project).tag, folder))


def described(image: Image) -> dict[str, Any]:
    """Return all that an image says of itself, and its files; without times, and where in a layer each is."""
    labels = {name: value for name, value in image.config.labels.items() if name != "io.buildah.version"}
    # Where there is no WORKDIR, BuildKit writes what all engines take for it.
    folder = image.config.working_directory or "/"
    config = replace(image.config, history=(), labels=labels, working_directory=folder)
    files = {path: (as_in_a_container(file), digest(image, file)) for path, file in image.files.items()}
    return {**{field.name: getattr(config, field.name) for field in fields(config)}, **files}


def as_in_a_container(file: File) -> File:
    """Return an entry without its place among the layers."""
    return replace(file, layer=0, offset=0, size=0 if file.path in OF_ONE_RUN else file.size)


def digest(image: Image, file: File) -> str:
    """Return the digest of a regular file's content."""
    if file.kind is not Kind.FILE or file.path in OF_ONE_RUN:
        return ""
    with image.open(file.path) as content:
        return hashlib.sha256(content.read()).hexdigest()
