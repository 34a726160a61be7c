"""What authors of blueprints do: begin one, look it over, try it, release it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from scaffold.authoring.cases import Case, Cases, cases_of
from scaffold.authoring.earlier import earlier_releases
from scaffold.authoring.lint import lint, unasked
from scaffold.authoring.problem import Problem
from scaffold.authoring.skeleton import begin
from scaffold.catalog import archive, archived, builtin, versions
from scaffold.catalog.archived import CATALOG_FILE, files_of
from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.clones import tagged_versions
from scaffold.catalog.folder import Folder
from scaffold.catalog.integrity import broken_promises
from scaffold.catalog.publish import Published, publish
from scaffold.catalog.release import Release
from scaffold.catalog.source import Kind, Place, source_of
from scaffold.catalog.trust import is_trusted
from scaffold.errors import BlueprintError, InputError, Unavailable
from scaffold.flows.follow import cannot_follow
from scaffold.flows.verify import Request, verify
from scaffold.project.answers import Answers, write_answers
from scaffold.render import Questionnaire, render
from scaffold.verify.model import Status, Step
from scaffold.verify.pipeline import Watcher


@dataclass(frozen=True, slots=True)
class Linted:
    """A blueprint and its mistakes, which are none when it is good."""

    blueprint: str
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Tried:
    """One case of a test: what was chosen, and what went wrong, a line each."""

    chosen: Mapping[str, Any]
    failures: tuple[str, ...]
    seconds: float

    @property
    def ok(self) -> bool:
        """Whether nothing went wrong."""
        return not self.failures


@dataclass(frozen=True, slots=True)
class Trial:
    """What to test a blueprint with. `limit` is how many combinations of choices are tried before it is pairs."""

    folder: Path
    build: bool = True
    engine: str = ""
    limit: int = 16
    given: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Tested:
    """What came of it; `complete` tells whether all combinations were tried."""

    blueprint: str
    complete: bool
    tried: tuple[Tried, ...]

    @property
    def ok(self) -> bool:
        """Whether every case is good."""
        return all(one.ok for one in self.tried)


def create(folder: Path, model: str) -> list[Path]:
    """Begin a blueprint at `folder` from a built-in one; return what was written, itself first."""
    folder = folder.absolute()
    return [folder, *begin(builtin.find_blueprint(model), folder)]


def check(folders: Sequence[Path]) -> list[Linted]:
    """Look the blueprints over, those of a catalog when a folder is one."""
    found = [Linted(one.name, tuple(_problems(one))) for folder in folders for one in blueprint_folders(folder)]
    places = [place.resolve() for folder in folders for place in (folder, folder / "blueprints")]
    catalogs = [place for place in places if (place / CATALOG_FILE).is_file()]
    problems = [(folder, unasked(folder, blueprint_folders(folder))) for folder in catalogs]
    return found + [Linted(folder.name, tuple(one)) for folder, one in problems if one]


def test(trial: Trial, watcher: Watcher, on_case: Callable[[Tried], None]) -> Tested:
    """Render, build and verify a blueprint with the combinations of its choices; `on_case` hears of each.

    Before that, projects of its earlier releases have to be able to follow.
    Raises UntrustedError when it would run code and is not trusted, Unavailable when there is no engine.
    """
    folder = blueprint_folder(trial.folder)
    blueprint = describe(folder, folder.name)
    with tempfile.TemporaryDirectory(prefix="scaffold-test-") as temporary:
        root = Path(temporary) / "template"
        archive.copy(files_of(blueprint), root)
        questions = Questionnaire(root, trusted=is_trusted(_origin(folder)))
        cases = cases_of(questions, trial.given, trial.limit)
        bench = _Bench(trial, blueprint, questions, watcher)
        tried = []
        for one in bench.all(cases, Path(temporary)):
            tried.append(one)
            on_case(one)
    return Tested(blueprint.name, cases.complete, tuple(tried))


def release(folders: Sequence[Path], version: str) -> list[Published]:
    """Make a release of each blueprint; raises what `publish` raises, at the first that cannot be released."""
    today = datetime.now(UTC).date()
    return [
        publish(blueprint_folder(one), version, today, packed=_keeps_archives(one), taken=tagged_versions(one))
        for one in folders
    ]


def blueprint_folder(folder: Path) -> Path:
    """Return the folder of one blueprint; raises InputError when it is none."""
    if not any((folder / name).is_file() for name in ("blueprint.yml", "copier.yml", "copier.yaml")):
        raise InputError(f"{folder} has no copier.yml", hint="name the folder of a blueprint")
    return folder.resolve()


def blueprint_folders(folder: Path) -> list[Path]:
    """Return the folder of a blueprint, or those in a catalog; raises InputError for neither."""
    found = Folder(folder.resolve(), Place(Kind.FOLDER, str(folder.resolve()))).folders()
    return list(found.values()) or [blueprint_folder(folder)]


@dataclass(frozen=True, slots=True)
class _Bench:
    """Where cases are tried."""

    trial: Trial
    blueprint: Blueprint
    questions: Questionnaire
    watcher: Watcher

    def all(self, cases: Cases, folder: Path) -> Iterator[Tried]:
        """Try the earlier releases, then the cases."""
        for release in earlier_releases(self.blueprint):
            yield self._timed({"update from": release.version}, partial(self._follows, release))
        for number, case in enumerate(cases.cases):
            yield self._timed(case.chosen, partial(self._failures, case, folder / str(number)))

    def _timed(self, chosen: Mapping[str, Any], find: Callable[[], Iterable[str]]) -> Tried:
        started = time.monotonic()
        try:
            failures = tuple(find())
        except (BlueprintError, InputError) as error:
            failures = (error.message,)
        return Tried(chosen, failures, time.monotonic() - started)

    def _follows(self, release: Release) -> Iterable[str]:
        return cannot_follow(release, _as_released(self.blueprint), self.trial.given)

    def _failures(self, case: Case, folder: Path) -> Iterator[str]:
        project, again = folder / "project", folder / "again"
        for tree in (project, again):
            tree.mkdir(parents=True)
            render(self.questions, tree, case.answers)
        before, after = (archive.template_files(tree, None) for tree in (project, again))
        if archive.content_digest(before) != archive.content_digest(after):
            yield "the same answers give other files each time, which would be drift in every project"
        source = source_of(Place(Kind.FOLDER), self.blueprint.name, only=False)
        write_answers(project, Answers(source, self.blueprint.version, case.answers))
        if (project / "Dockerfile").is_file():
            yield from self._verified(project)

    def _verified(self, project: Path) -> Iterator[str]:
        steps = frozenset(Step) if self.trial.build else frozenset({Step.LINT})
        request = Request(project, engine=self.trial.engine, steps=steps, blueprint=self.blueprint)
        report = verify(request, self.watcher)
        if report.unavailable:
            raise Unavailable(
                report.unavailable, hint=report.unavailable_hint or "leave building out: --no-build"
            )
        for result in report.results:
            if result.status is Status.FAILED:
                yield from (f"{one.place}: {one.message}" for one in result.findings)


def _as_released(blueprint: Blueprint) -> Release:
    """Return the release that a blueprint would be now."""
    return Release(
        source="",
        blueprint=blueprint.name,
        version=versions.final(blueprint.version),
        development=False,
        origin=_origin(blueprint.folder),
        lay_out=partial(archive.copy, files_of(blueprint)),
    )


def _problems(folder: Path) -> Iterator[Problem]:
    found = lint(folder, trusted=is_trusted(_origin(folder)))
    yield from found
    if not found and _keeps_archives(folder):
        promises = broken_promises(describe(folder, folder.name))
        yield from (Problem(folder / "blueprint.yml", 0, promise) for promise in promises)


def _origin(folder: Path) -> str:
    """Return where a blueprint comes from, as trust is given: the catalog that it lies in."""
    return builtin.SOURCE if folder.parent == builtin.root() else str(folder.parent)


def _keeps_archives(folder: Path) -> bool:
    """Tell whether releases are archives beside the blueprint; elsewhere they are tags of its git repository."""
    return folder.resolve().parent == builtin.root() or (folder / archived.RELEASES).is_dir()
