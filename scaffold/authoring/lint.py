"""Finds the mistakes of a blueprint without rendering it, each with its file and line."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from scaffold.authoring.problem import Problem, nearest
from scaffold.authoring.questions import Questions, read_questions
from scaffold.authoring.templates import Templates
from scaffold.catalog import archive, versions
from scaffold.catalog.archived import CATALOG_FILE, files_of
from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.organisation import organisation_answers
from scaffold.errors import InputError, ScaffoldError, UntrustedError
from scaffold.languages import LANGUAGES
from scaffold.render import Questionnaire

# Errors that know their place say it first.
_PLACE = re.compile(r"^(?P<path>[^:\n]+?):(?P<line>\d+): (?P<rest>.*)$", re.DOTALL)


def lint(folder: Path, *, trusted: bool) -> list[Problem]:
    """Return the mistakes of the blueprint in `folder`, by place.

    Extensions of the template engine are loaded only if it is `trusted`; raises UntrustedError otherwise.
    """
    try:
        blueprint = describe(folder, folder.name)
        files = files_of(blueprint)
        with tempfile.TemporaryDirectory(prefix="scaffold-lint-") as temporary:
            root = Path(temporary) / folder.name
            archive.copy(files, root)
            found = [*_own(blueprint), *_Laid(blueprint, root, trusted=trusted).problems()]
    except UntrustedError:
        raise
    except ScaffoldError as error:
        return [_placed(error, folder / "blueprint.yml", folder)]
    originals = {root / name: path for name, path in files.items()}
    return sorted({_at(problem, originals, root, folder) for problem in found})


def unasked(catalog: Path, blueprints: Sequence[Path]) -> list[Problem]:
    """Return the organisation's answers in `catalog`/catalog.yml that none of its blueprints asks for."""
    path = catalog / CATALOG_FILE
    try:
        answers = organisation_answers(catalog)
    except ScaffoldError:
        return []  # each blueprint tells of it
    known = {key for folder in blueprints for key in _keys(folder)}
    return [
        Problem(path, _line_of(path, key), f"no blueprint asks for {key!r}", nearest(key, known))
        for key in answers
        if key not in known
    ]


def _keys(folder: Path) -> list[str]:
    with tempfile.TemporaryDirectory(prefix="scaffold-lint-") as temporary:
        root = Path(temporary) / folder.name
        archive.copy(files_of(describe(folder, folder.name)), root)
        return list(read_questions(root).asked)


def _own(blueprint: Blueprint) -> Iterator[Problem]:
    """Yield what is wrong with a blueprint's own word for itself."""
    path = blueprint.folder / "blueprint.yml"
    if not path.is_file():
        return
    if blueprint.name != blueprint.folder.name:
        yield Problem(path, _line_of(path, "name"), f"the name is {blueprint.name!r}, the folder's is another")
    if versions.parse(blueprint.version) is None:
        line = _line_of(path, "version")
        yield Problem(path, line, f"{blueprint.version!r} is no version", "use one of PEP 440, such as 1.2.0")
    if blueprint.language and blueprint.language not in LANGUAGES:
        hint = nearest(blueprint.language, LANGUAGES) or f"known: {', '.join(LANGUAGES)}"
        yield Problem(path, _line_of(path, "language"), f"unknown language {blueprint.language!r}", hint)
    if not (blueprint.folder / "CHANGELOG.md").is_file():
        yield Problem(
            blueprint.folder / "CHANGELOG.md", 0, "it is missing", "it tells users what a release brings"
        )


class _Laid:
    """A blueprint laid out at `root`, as copier would see it."""

    def __init__(self, blueprint: Blueprint, root: Path, *, trusted: bool) -> None:
        self.blueprint = blueprint
        self.root = root
        self.trusted = trusted

    def problems(self) -> Iterator[Problem]:
        """Yield the mistakes; those of questions come alone, for without them nothing else can be judged."""
        questions = read_questions(self.root)
        yield from questions.problems
        if questions.problems:
            return
        try:
            asked = Questionnaire(self.root, trusted=self.trusted)
        except UntrustedError:
            raise
        except ScaffoldError as error:
            yield _placed(error, self.root / "copier.yml", self.root)
            return
        found = [*self._jinja(questions, asked)]
        yield from found
        if not found:
            yield from self._answers(questions, asked)

    def _jinja(self, questions: Questions, asked: Questionnaire) -> Iterator[Problem]:
        templates = Templates(self.root, asked.environment, questions.asked)
        keys = list(questions.asked)
        for index, one in enumerate(questions.asked.values()):
            for expression in one.expressions:
                yield from templates.expression(expression.text, one.path, expression.line, keys[index + 1 :])
        yield from templates.problems(self.root / asked.subdirectory, asked.suffix)

    def _answers(self, questions: Questions, asked: Questionnaire) -> Iterator[Problem]:
        """Go through the questions with their defaults, as `new --defaults` would."""
        try:
            settled = organisation_answers(self.root)
        except ScaffoldError as error:
            yield _placed(error, self.root / CATALOG_FILE, self.root)
            return
        answers: dict[str, object] = {}
        for key, place in questions.asked.items():
            try:
                question = asked.question(key, answers)
            except ScaffoldError as error:
                yield Problem(place.path, place.line, f"{key}: {error.message}")
                return
            if question is None:
                continue
            if key in settled:
                yield from self._settled(asked, key, settled[key], answers)
            answers[key] = settled.get(key, question.default)
            if key == "base" and self.blueprint.bases:
                offered = {str(choice.value) for choice in question.choices}
                yield from self._bases(offered, place.path, place.line)

    def _settled(
        self, asked: Questionnaire, key: str, value: object, answers: Mapping[str, object]
    ) -> Iterator[Problem]:
        try:
            asked.accept(key, value, answers)
        except InputError as error:
            path = self.root / CATALOG_FILE
            yield Problem(path, _line_of(path, key), error.message)

    def _bases(self, asked: set[str], path: Path, line: int) -> Iterator[Problem]:
        offered = {offer.base.id for offer in self.blueprint.bases}
        if asked != offered:
            different = ", ".join(sorted(asked ^ offered))
            yield Problem(path, line, f"the bases that are asked and those in blueprint.yml differ: {different}")


def _at(problem: Problem, originals: Mapping[Path, Path], root: Path, folder: Path) -> Problem:
    """Say where the author has the file, not where it was laid out."""
    place = originals.get(problem.path, problem.path)
    if place.is_relative_to(root):
        place = folder / place.relative_to(root)
    return Problem(place, problem.line, problem.message, problem.hint)


def _placed(error: ScaffoldError, otherwise: Path, root: Path) -> Problem:
    matched = _PLACE.match(error.message)
    if matched is None:
        return Problem(otherwise, 0, error.message, error.hint)
    return Problem(root / matched["path"], int(matched["line"]), matched["rest"], error.hint)


def _line_of(path: Path, key: str) -> int:
    lines = path.read_text(encoding="utf-8").splitlines()
    return next((number for number, line in enumerate(lines, 1) if line.lstrip().startswith(f"{key}:")), 0)
