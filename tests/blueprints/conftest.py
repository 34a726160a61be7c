"""The blueprints as templates, and projects rendered from them."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import Any

import pytest

from scaffold.catalog.builtin import blueprints, find_blueprint, materialise
from scaffold.engines import find_engine
from scaffold.engines.command_line import CommandLineEngine
from scaffold.render import Questionnaire, render

NAMES = [blueprint.name for blueprint in blueprints()]


class Template:
    """One blueprint with the parts that blueprints share, as copier sees it; its projects are only to be read."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self.root = materialise(find_blueprint(name), folder / "template")
        self._folder = folder
        self._rendered: dict[str, Path] = {}

    @cached_property
    def questions(self) -> Questionnaire:
        """The blueprint's questions."""
        return Questionnaire(self.root)

    def render(self, **given: Any) -> Path:
        """Render a project from the answers that are given and the defaults of the rest."""
        key = repr(sorted(given.items()))
        if key not in self._rendered:
            project = self._folder / f"project-{len(self._rendered)}"
            render(self.questions, project, self.questions.resolve(given, use_defaults=True))
            self._rendered[key] = project
        return self._rendered[key]


@pytest.fixture(scope="session")
def templates(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Template]:
    """Every blueprint by its name."""
    return {name: Template(name, tmp_path_factory.mktemp(name)) for name in NAMES}


@pytest.fixture(scope="session", params=NAMES)
def template(templates: dict[str, Template], request: pytest.FixtureRequest) -> Template:
    """Each blueprint in turn."""
    return templates[request.param]


@pytest.fixture(scope="session")
def engine() -> CommandLineEngine:
    """The engine of this machine, with the calls that only tests need; without one these tests fail."""
    found = find_engine()
    assert isinstance(found, CommandLineEngine)
    return found
