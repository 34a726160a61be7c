"""What `status` does: tell of projects which release they follow, what is newer, and what differs from it."""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from pathlib import Path

from scaffold.catalog import versions
from scaffold.catalog.changelog import Section
from scaffold.catalog.releases import ONLINE, Access, History, Release, history
from scaffold.catalog.trust import is_trusted
from scaffold.errors import BlueprintError, InputError, ScaffoldError
from scaffold.project.answers import Answers, is_edited, read_answers
from scaffold.project.drift import Drift, difference, drift, rendered_files
from scaffold.project.git import has_committed
from scaffold.project.locate import answers_file, answers_files, projects_below
from scaffold.project.placing import place_copy
from scaffold.render import Questionnaire, load_copier, render


@dataclass(frozen=True, slots=True)
class Request:
    """What to look at: a project, or a folder that has projects below it.

    `catalog` is where releases come from instead of the place that a project names.
    """

    folder: Path
    answers_file: str = ""
    catalog: str = ""
    access: Access = ONLINE
    diff: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """How a project stands.

    `changes` is what happened from its release to the newest, the newest first. `diffs` has a unified diff for
    each file that drifted, when it was asked for. `edited` tells that the answers were edited by hand. `problem`
    says why it could not be compared, with `hint` how to mend it; "" when it could.
    """

    project: str
    answers_file: str
    source: str = ""
    blueprint: str = ""
    release: str = ""
    newest: str = ""
    behind: bool = False
    edited: bool = False
    changes: tuple[Section, ...] = ()
    drift: tuple[Drift, ...] = ()
    diffs: Mapping[str, str] = field(default_factory=dict)
    note: str = ""
    problem: str = ""
    hint: str = ""


def status(request: Request) -> Iterator[State]:
    """Yield the state of the project, or of all those below the folder, in the order of their paths.

    Raises InputError when there is none. What is wrong with one project alone is raised too; among several it is
    that one's `problem`.
    """
    projects = _projects(request)
    with tempfile.TemporaryDirectory(prefix="scaffold-status-") as folder:
        shelf = _Shelf(request, Path(folder))
        if len(projects) == 1:
            yield _compared(shelf.look_up(*projects[0]), diff=request.diff)
            return
        looked_up = [_or_problem(shelf, *project) for project in projects]
        with _workers(len(looked_up)) as workers:
            yield from workers.map(partial(_compared, diff=request.diff), looked_up)


def is_ok(states: Sequence[State], refused: Sequence[str]) -> bool:
    """Tell whether all could be compared, and none is what `refused` names: "behind" or "drift"."""
    return not any(
        state.problem
        or ("behind" in refused and state.behind)
        or ("drift" in refused and (state.drift or state.edited))
        for state in states
    )


def heal(request: Request, names: Sequence[str]) -> list[str]:
    """Make files of a project again what its release renders, and return those that were not.

    Raises InputError for a file that the release does not have, or whose content is not committed: it would be
    lost.
    """
    name = answers_file(request.folder, request.answers_file)
    with tempfile.TemporaryDirectory(prefix="scaffold-heal-") as folder:
        case = _Shelf(request, Path(folder)).look_up(request.folder, name)
        with _rendered(case) as rendered:
            drifted = [one.path for one in drift(request.folder, rendered, name) if one.path in names]
            _check_healing(request.folder, rendered, names, drifted, case.state)
            for one in drifted:
                place_copy(rendered / one, request.folder / one)
    return drifted


@dataclass(frozen=True, slots=True)
class _Case:
    """A project that is to be compared with its release, laid out in `root`; None when that is not at hand."""

    state: State
    answers: Answers | None = None
    root: Path | None = None
    trusted: bool = False


class _Shelf:
    """The histories and the releases that projects name; each is fetched and laid out once."""

    def __init__(self, request: Request, folder: Path) -> None:
        self._request = request
        self._folder = folder
        self._histories: dict[str, History] = {}
        self._roots: dict[Release, Path] = {}

    def look_up(self, project: Path, name: str) -> _Case:
        """Find what a project was made from; raises what reading its answers and its catalog raises."""
        answers = read_answers(project, name)
        if answers is None:
            raise InputError(f"{project} has no {name}", hint="restore it from git")
        found = self._history(answers.source)
        newest = found.newest().version
        state = State(
            project=str(project),
            answers_file=name,
            source=found.source,
            blueprint=found.blueprint,
            release=answers.release,
            newest=newest,
            behind=versions.is_behind(answers.release, newest),
            edited=is_edited((project / name).read_bytes()),
            changes=found.changes(answers.release, newest),
            note=found.note,
        )
        try:
            release = found.find(answers.release)
        except InputError as gone:
            return _Case(replace(state, problem=gone.message, hint=gone.hint))
        return _Case(state, answers, self._root(release), is_trusted(release.origin))

    def _history(self, source: str) -> History:
        if source not in self._histories:
            self._histories[source] = history(source, self._request.access, catalog=self._request.catalog)
        return self._histories[source]

    def _root(self, release: Release) -> Path:
        if release not in self._roots:
            folder = self._folder / str(len(self._roots)) / release.blueprint
            folder.parent.mkdir()
            self._roots[release] = release.materialise(folder)
        return self._roots[release]


def _projects(request: Request) -> list[tuple[Path, str]]:
    if not request.folder.is_dir():
        raise InputError(f"{request.folder} is not a folder", hint="name a project, or a folder of projects")
    if request.answers_file:
        return [(request.folder, answers_file(request.folder, request.answers_file))]
    own = [(request.folder, name) for name in answers_files(request.folder)]
    found = own or list(projects_below(request.folder))
    return found or [(request.folder, answers_file(request.folder))]


def _or_problem(shelf: _Shelf, project: Path, name: str) -> _Case:
    try:
        return shelf.look_up(project, name)
    except ScaffoldError as error:
        return _Case(State(str(project), name, problem=error.message, hint=error.hint))


def _compared(case: _Case, *, diff: bool) -> State:
    if case.root is None:
        return case.state
    project, name = Path(case.state.project), case.state.answers_file
    try:
        with _rendered(case) as rendered:
            found = tuple(drift(project, rendered, name))
            release = f"{case.state.blueprint} {case.state.release}"
            diffs = {one.path: difference(project, rendered, one.path, release) for one in found} if diff else {}
    except ScaffoldError as error:
        return replace(case.state, problem=error.message, hint=error.hint)
    return replace(case.state, drift=found, diffs=diffs)


@contextmanager
def _rendered(case: _Case) -> Iterator[Path]:
    """Render what the project's release would with its answers, in a folder of the same name as the project's."""
    answers, root, state = case.answers, case.root, case.state
    if answers is None or root is None:
        raise InputError(state.problem, hint=state.hint)
    with tempfile.TemporaryDirectory(prefix="scaffold-render-") as folder:
        tree = Path(folder) / Path(state.project).resolve().name
        questions = _questions(root, trusted=case.trusted)
        try:
            render(questions, tree, answers.values, answers_file=state.answers_file)
        except BlueprintError:
            # An answer that was edited by hand looks to the template like a mistake of its own.
            known = {key: value for key, value in answers.values.items() if key in questions.keys}
            questions.resolve(known, use_defaults=True)
            raise
        yield tree


@cache
def _questions(root: Path, *, trusted: bool) -> Questionnaire:
    """Read a release once in each process; what it compiles serves all of its projects."""
    return Questionnaire(root, trusted=trusted)


def _check_healing(
    project: Path, rendered: Path, names: Sequence[str], drifted: Sequence[str], state: State
) -> None:
    has = rendered_files(rendered)
    for name in names:
        if name not in has:
            raise InputError(
                f"{state.blueprint} {state.release} has no file {name!r}",
                hint=f"name one as seen from the project: {', '.join(has)}",
            )
    for name in drifted:
        if os.path.lexists(project / name) and not has_committed(project, name):
            raise InputError(f"what is in {name} is not committed, and would be lost", hint="commit or stash it")


@contextmanager
def _workers(count: int) -> Iterator[ProcessPoolExecutor]:
    """Give one process a core: copier changes the working directory, so threads would disturb each other."""
    load_copier()
    method = "fork" if sys.platform == "linux" else "spawn"
    cores = min(count, len(os.sched_getaffinity(0)) if sys.platform == "linux" else os.cpu_count() or 1)
    with ProcessPoolExecutor(cores, mp_context=multiprocessing.get_context(method)) as pool:
        yield pool
