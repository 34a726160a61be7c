"""A blueprint as a template, and projects rendered from it."""

from __future__ import annotations

import shutil
from functools import cached_property
from pathlib import Path
from typing import Any

from scaffold.catalog.builtin import blueprints, find_blueprint, materialise
from scaffold.render import Questionnaire, render

NAMES = [blueprint.name for blueprint in blueprints()]
DESCRIPTION = 'Sells "things" \\ & {{ 7*7 }} $HOME ${PATH} `id` %s 😀'


class Template:
    """One blueprint with the parts that blueprints share, as copier sees it."""

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
        """Render a project, only to be read, from the answers that are given and the defaults of the rest."""
        key = repr(sorted(given.items()))
        if key not in self._rendered:
            project = self._folder / f"project-{len(self._rendered)}"
            render(self.questions, project, self.questions.resolve(given, use_defaults=True))
            self._rendered[key] = project
        return self._rendered[key]

    def copy(self, folder: Path, **given: Any) -> Path:
        """Render a project, to be changed at will, on scratch unless another base is given."""
        answers = {"base": "scratch", "project_name": "hello", "description": DESCRIPTION, **given}
        return Path(shutil.copytree(self.render(**answers), folder / "project"))
