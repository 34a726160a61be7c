"""What `new` does: find the blueprint, settle the answers, render aside, move into place."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scaffold.catalog.blueprint import Blueprint, describe
from scaffold.catalog.releases import Catalog, Release
from scaffold.errors import InputError, Unavailable
from scaffold.flows.template import Template, lay_out
from scaffold.project.answers import load_mapping
from scaffold.project.git import first_commit, is_inside_repository
from scaffold.project.staging import check_free, staged
from scaffold.render import Questionnaire


@dataclass(frozen=True, slots=True)
class Plan:
    """A release made ready; `suggested` is the name that DEST suggests."""

    template: Template
    blueprint: Blueprint
    suggested: Mapping[str, Any]

    @property
    def questions(self) -> Questionnaire:
        """What is asked."""
        return self.template.questions

    @property
    def settled(self) -> Mapping[str, Any]:
        """The answers that the catalog's organisation gives."""
        return self.template.settled


@dataclass(frozen=True, slots=True)
class Created:
    """What was made. `git` is "committed", "inside a repository", "not wanted" or "not installed"."""

    destination: Path
    blueprint: str
    release: str
    answers: Mapping[str, Any]
    files: tuple[str, ...]
    git: str


@contextmanager
def prepared(catalog: Catalog, name: str, destination: Path | None) -> Iterator[Plan]:
    """Find a release of a blueprint and lay its files out for as long as the block lasts.

    It is the one that the catalog's reference names, else the newest. Raises InputError for a name that is none
    or a destination that is taken, UntrustedError when the blueprint may not do what it wants.
    """
    history = catalog.history(name)
    release = history.find(catalog.place.ref) if catalog.place.ref else history.newest()
    if destination is not None:
        check_free(destination)
    with tempfile.TemporaryDirectory(prefix="scaffold-blueprint-") as folder:
        template = lay_out(release, Path(folder))
        blueprint = describe(template.root, release.blueprint)
        yield Plan(template, blueprint, _suggested(template.questions, destination))


def gather(pairs: Sequence[str], file: Path | None, base: str) -> dict[str, Any]:
    """Put the answers of the command line together: `NAME=VALUE` words win over the file.

    Raises InputError for a word without a name, a name that is given twice, or a file that cannot be read.
    """
    answers = load_mapping(file) if file else {}
    words: dict[str, Any] = {"base": base} if base else {}
    for pair in pairs:
        name, sign, value = pair.partition("=")
        if not name or not sign:
            raise InputError(f"--data {pair!r} is not NAME=VALUE", hint="for example --data port=9090")
        if name in words:
            raise InputError(f"{name!r} is given twice", hint="give each answer once")
        words[name] = value
    return answers | words


def destination_for(destination: Path | None, answers: Mapping[str, Any]) -> Path:
    """Return where the project goes: DEST, or a folder of the project's name here."""
    if destination is None and "project_name" not in answers:
        raise InputError("missing: DEST", hint="name the folder to create")
    return destination or Path(str(answers["project_name"]))


def settle(plan: Plan, given: Mapping[str, Any], *, use_defaults: bool) -> dict[str, Any]:
    """Return all answers without asking anybody; raises AnswersError with every problem at once."""
    offered = {**(plan.suggested if use_defaults else {}), **plan.settled, **given}
    return plan.questions.resolve(offered, use_defaults=use_defaults)


def preview(plan: Plan, answers: Mapping[str, Any]) -> dict[str, str]:
    """Return what would be written, before tasks: path to content, in the order of a file listing."""
    with tempfile.TemporaryDirectory(prefix="scaffold-preview-") as folder:
        tree = Path(folder, "preview")
        plan.template.write(tree, answers, tasks=False)
        return {name: _text(tree / name) for name in _files(tree)}


def _text(path: Path) -> str:
    if path.is_symlink():
        return f"a link to {path.readlink()}\n"
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return f"{path.stat().st_size} bytes that are no text\n"


def create(plan: Plan, destination: Path, answers: Mapping[str, Any], *, git: bool) -> Created:
    """Write the project; it is at `destination` whole, or not at all."""
    release = plan.template.release
    with staged(destination) as tree:
        plan.template.write(tree, answers)
        files = _files(tree)
        kept = _commit(tree, destination, release) if git else "not wanted"
    return Created(destination, release.blueprint, release.version, answers, files, kept)


def _files(tree: Path) -> tuple[str, ...]:
    paths = (path.relative_to(tree) for path in tree.rglob("*") if path.is_file() or path.is_symlink())
    return tuple(sorted(path.as_posix() for path in paths if path.parts[0] != ".git"))


def _commit(tree: Path, destination: Path, release: Release) -> str:
    outer = next(parent for parent in destination.absolute().parents if parent.is_dir())
    try:
        if is_inside_repository(outer):
            return "inside a repository"
        first_commit(tree, f"Create the project from the blueprint {release.blueprint} {release.version}")
    except Unavailable:
        return "not installed"
    return "committed"


def _suggested(questions: Questionnaire, destination: Path | None) -> dict[str, Any]:
    """Let the folder's name be the project's, if it can be one."""
    if destination is None or "project_name" not in questions.keys:
        return {}
    try:
        return {"project_name": questions.accept("project_name", destination.absolute().name, {})}
    except InputError:
        return {}
