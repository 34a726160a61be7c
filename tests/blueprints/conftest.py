"""The blueprints as templates, a project to be changed, and the engine that builds it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from scaffold.engines import find_engine
from scaffold.engines.command_line import CommandLineEngine
from tests.blueprints.images import remove_images
from tests.blueprints.template import NAMES, Template


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give `template` to a test: in a folder of a blueprint's name that one, elsewhere each in turn."""
    if "template" in metafunc.fixturenames:
        folder = metafunc.definition.path.parent.name
        names = [folder] if folder in NAMES else NAMES
        metafunc.parametrize("template", names, indirect=True, scope="session")


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Every blueprint by its name."""
    return {name: Template(name, tmp_path_factory.mktemp(name)) for name in NAMES}


@pytest.fixture(scope="session")
def template(templates: dict[str, Template], request: pytest.FixtureRequest) -> Template:
    """The blueprint that the test is about."""
    return templates[request.param]


@pytest.fixture
def project(template: Template, tmp_path: Path) -> Path:
    """A project on scratch, to be changed at will."""
    return template.copy(tmp_path)


@pytest.fixture(scope="session")
def engine() -> Iterator[CommandLineEngine]:
    """The engine of this machine, with the calls that only tests need; without one these tests fail."""
    found = find_engine()
    assert isinstance(found, CommandLineEngine)
    yield found
    remove_images(found)
