"""Images built from projects, under a name of this run, because what it builds it also removes."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest

from scaffold.engines.command_line import BuildFailed, CommandLineEngine
from scaffold.engines.model import Build, BuildRequest
from scaffold.image import Image, read
from scaffold.languages import LANGUAGES
from scaffold.network import network

REPOSITORY = f"container-scaffold-blueprint-{uuid4()}"
_MIRRORS = sorted({name for language in LANGUAGES.values() for name in language.network_variables})


def build(
    engine: CommandLineEngine, context: Path, *, target: str = "", bundle: Path | None = None, **arguments: str
) -> Build:
    """Build a project as `scaffold verify` does; `bundle` are certificates instead of the machine's."""
    found = network()
    request = BuildRequest(
        context,
        f"{REPOSITORY}:{uuid4()}",
        target=target,
        args={"VERSION": "1.2.3", "REVISION": "abcdef", **found.arguments(_MIRRORS), **arguments},
        secrets={"ca-bundle": bundle} if bundle else found.secrets(),
    )
    return engine.build(request, lambda _: None)


def refused(engine: CommandLineEngine, project: Path, said: str, **how: Any) -> None:
    """Check that a project is not built, and that the build says why; `how` is as for `build`."""
    with pytest.raises(BuildFailed) as failure:
        build(engine, project, **how)
    assert said in failure.value.log


def remove_images(engine: CommandLineEngine) -> None:
    """Take away what this run has built."""
    for image in engine.images(REPOSITORY):
        engine.remove_image(image)


def saved(engine: CommandLineEngine, image: str, folder: Path) -> Image:
    """Return a built image as it would be pushed."""
    engine.save(image, folder / "image.tar")
    return read(folder / "image.tar")


def change(project: Path, name: str, old: str, new: str) -> None:
    """Change a line of one of the project's files."""
    path = project / name
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))


def uncached(project: Path) -> None:
    """Let nothing of the next build's own stages come from the cache, neither layers nor mounts."""
    path = project / "Dockerfile"
    lines = path.read_text().replace("type=cache,id=", f"type=cache,id={uuid4()}-").splitlines(keepends=True)
    path.write_text("".join(_with_nonce(lines)))


def _with_nonce(lines: Iterable[str]) -> Iterable[str]:
    for line in lines:
        yield line
        if line.startswith("FROM ") and " AS " in line:
            yield f"ENV NOT_CACHED={uuid4()}\n"
