"""The images of these tests, built by the engine of this machine when a test asks, and gone afterwards."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from scaffold.bases import BASES
from scaffold.engines.model import BuildRequest, Engine
from scaffold.image import read
from scaffold.verify.opened import Budget, ImageSubject
from tests.verify.opened.context import write_context

_BASE_TARGETS = {"": "", "scratch": "", "alpine": "base-alpine", "distroless": "base-distroless"}
_ROOMY = Budget(adds=1_000_000, adds_compressed=1_000_000, total=20_000_000, total_compressed=20_000_000)


@dataclass(frozen=True)
class Built:
    """An image of the Dockerfile beside this file: its layers' diff ids, and the archive that was saved."""

    layers: list[str]
    archive: Path


Images = Callable[[str], Built]


@pytest.fixture(scope="session")
def images(engine: Engine, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Images]:
    """Build a target of the Dockerfile, once."""
    context = write_context(tmp_path_factory.mktemp("context"))
    archives = tmp_path_factory.mktemp("archives")
    repository = f"localhost/scaffold-tests-{secrets.token_hex(4)}"
    built: dict[str, Built] = {}

    def build(target: str) -> Built:
        if target not in built:
            tag = f"{repository}:{target}"
            engine.build(BuildRequest(context=context, tag=tag, target=target), lambda _: None)
            engine.save(tag, archives / f"{target}.tar")
            built[target] = Built(engine.layers(tag), archives / f"{target}.tar")
        return built[target]

    yield build
    for target in built:
        engine.remove_image(f"{repository}:{target}")


Subjects = Callable[..., ImageSubject]


@pytest.fixture(scope="session")
def subject(images: Images) -> Subjects:
    """Open a target as `verify` does: with its base, and with the number of layers that the base has."""

    def open_image(target: str, base: str = "", budget: Budget | None = _ROOMY) -> ImageSubject:
        below = images(_BASE_TARGETS[base]).layers if _BASE_TARGETS[base] else []
        built = images(target)
        assert built.layers[: len(below)] == below
        return ImageSubject(read(built.archive), BASES.get(base), len(below), budget)

    return open_image
