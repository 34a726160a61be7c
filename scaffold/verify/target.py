"""What is verified: a project, what its Dockerfile says, and what its blueprint promises."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.bases import BASES, Base
from scaffold.catalog.blueprint import Blueprint, Budget, Contract
from scaffold.catalog.builtin import SOURCE, find_blueprint
from scaffold.catalog.releases import blueprint_at
from scaffold.dockerfile import Dockerfile, read
from scaffold.errors import InputError, ScaffoldError
from scaffold.languages import LANGUAGES, recognise
from scaffold.languages.model import Language
from scaffold.project.answers import Answers, read_answers

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
    port: int

    @property
    def base_image(self) -> str:
        """The image that the last stage starts from, through other stages if need be."""
        return self.dockerfile.root_image(self.dockerfile.stages[-1])


def load_target(project: Path, dockerfile: str, blueprint: Blueprint | None = None) -> Target:
    """Read the project, which `blueprint` made, or the one that its answers file names.

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
    if blueprint is None and answers is not None:
        blueprint = _promising(answers)
    base = str(answers.values.get("base", "")) if answers else ""
    offer = blueprint.offer(base) if blueprint else None
    return Target(
        project=project,
        dockerfile_path=path,
        dockerfile=parsed,
        blueprint=blueprint,
        base=offer.base if offer else BASES.get(base),
        language=LANGUAGES.get(blueprint.language) if blueprint else recognise(project),
        contract=blueprint.contract if blueprint else Contract(),
        budget=blueprint.budget(base, answers.values) if blueprint and answers else None,
        port=_port(parsed, answers),
    )


def _promising(answers: Answers) -> Blueprint | None:
    """Return the blueprint as it was when it made the project; one of ours that is gone as it is now."""
    try:
        return blueprint_at(answers.source, answers.release)
    except ScaffoldError:
        return find_blueprint(answers.blueprint) if answers.catalog == SOURCE else None


def _port(dockerfile: Dockerfile, answers: Answers | None) -> int:
    """Take the port of the answers, else the first that the last stage exposes."""
    if answers and isinstance(answers.values.get("port"), int):
        return int(answers.values["port"])
    words = [word for exposed in dockerfile.stages[-1].of("EXPOSE") for word in exposed.arguments]
    numbers = [word.partition("/")[0] for word in words]
    return next((int(number) for number in numbers if number.isdigit()), _DEFAULT_PORT)
