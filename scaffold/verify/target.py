"""What is verified: a project, what its Dockerfile says, and what its blueprint promises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.bases import BASES, Base
from scaffold.catalog import find_blueprint
from scaffold.catalog.blueprint import Blueprint
from scaffold.dockerfile import Dockerfile, Stage, read
from scaffold.errors import InputError
from scaffold.languages import LANGUAGES, recognise
from scaffold.languages.model import Language
from scaffold.project.answers import Answers, read_answers
from scaffold.verify.opened import Budget
from scaffold.verify.running.subject import Contract

_DEFAULT_PORT = 8080


@dataclass(frozen=True, slots=True)
class Target:
    """One project to verify. `blueprint`, `base` and `language` are None where the project names none."""

    project: Path
    dockerfile_path: Path
    dockerfile: Dockerfile
    blueprint: Blueprint | None
    base: Base | None
    language: Language | None
    contract: Contract
    budget: Budget | None

    @property
    def last_stage(self) -> Stage:
        """The stage that becomes the image."""
        return self.dockerfile.stages[-1]


def load_target(project: Path, dockerfile: str) -> Target:
    """Read the project.

    Raises InputError when there is no Dockerfile, DockerfileError when it cannot be read, AnswersError when
    the answers file is broken.
    """
    path = (project / dockerfile).resolve()
    if not path.is_file():
        raise InputError(f"{project} has no {dockerfile}", hint="name it with --file, seen from the project")
    if not path.is_relative_to(project.resolve()):
        raise InputError(f"{dockerfile} is outside {project}", hint="verify the folder that is the build context")
    parsed = read(path)
    answers = read_answers(project)
    blueprint = find_blueprint(answers.blueprint) if answers else None
    base = BASES.get(str(answers.values.get("base", ""))) if answers else None
    return Target(
        project=project,
        dockerfile_path=path,
        dockerfile=parsed,
        blueprint=blueprint,
        base=base,
        language=LANGUAGES.get(blueprint.language) if blueprint else recognise(project),
        contract=_contract(parsed, blueprint, answers),
        budget=_budget(blueprint, base),
    )
