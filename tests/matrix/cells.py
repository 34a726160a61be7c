"""The cells of the matrix: every blueprint on each of its bases, and each value of its choices at least once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from scaffold.catalog.blueprint import Blueprint
from scaffold.catalog.builtin import blueprints, materialise
from scaffold.dockerfile import read
from scaffold.render import Questionnaire
from tests.lab.bases import UNOBTAINABLE
from tests.lab.supply import answers, registry_of


@dataclass(frozen=True)
class Cell:
    """One project: a blueprint, a base, and the answers that are not the defaults."""

    blueprint: str
    base: str
    answers: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        words = [f"{key}={value}" for key, value in self.answers.items()]
        return "-".join([self.blueprint, self.base, *words])

    @property
    def words(self) -> list[str]:
        """The arguments of `scaffold new` that make it."""
        data = [word for key, value in self.answers.items() for word in ("--data", f"{key}={value}")]
        # One name for all, so that the cells of a language share what is compiled before their own sources.
        name = ["--data", "project_name=hello"]
        return ["--blueprint", self.blueprint, "--base", self.base, "--defaults", "--no-git", *name, *data]


def cells() -> list[Cell]:
    """Return all cells, those of one blueprint together because they share stages."""
    return [cell for blueprint in blueprints() for cell in cells_of(blueprint)]


def cells_of(blueprint: Blueprint) -> Iterator[Cell]:
    """Yield the defaults on each base; then, base after base, values of the choices that no cell had yet."""
    bases = [offer.base.id for offer in blueprint.bases]
    yield from (Cell(blueprint.name, base) for base in bases)
    further = _further_values(blueprint)
    for index in range(max(map(len, further.values()), default=0)):
        answers = {key: values[index] for key, values in further.items() if index < len(values)}
        yield Cell(blueprint.name, bases[index % len(bases)], answers)


def unobtainable(dockerfile: Path) -> str:
    """Return why an image that a Dockerfile starts from cannot be had on this machine, or ""."""
    for stage in read(dockerfile).stages:
        reason = UNOBTAINABLE.get(stage.base, "")
        if reason and not answers(registry_of(stage.base)):
            return f"{stage.base}: {reason}"
    return ""


def _further_values(blueprint: Blueprint) -> dict[str, list[Any]]:
    """Return, for each question with choices but the base, the values that are not its default."""
    with TemporaryDirectory() as folder:
        questionnaire = Questionnaire(materialise(blueprint, Path(folder) / "template"))
        defaults = questionnaire.resolve({}, use_defaults=True)
        asked = [questionnaire.question(key, defaults) for key in questionnaire.keys if key != "base"]
    return {
        question.key: [choice.value for choice in question.choices if choice.value != question.default]
        for question in asked
        if question and question.choices
    }
