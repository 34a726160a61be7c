"""`scaffold update` and its peers, each with the template in its own format."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from bench.updates.model import Release, Workplace
from tests.project.repositories import Content, Tree, write_tree

HOST = "https://git.example.com"
_PROGRAMS = Path(sys.executable).parent
_BLUEPRINT = "name: {name}\ntitle: {name}\ndescription: A service\nlanguage: go\nversion: {version}\n"


def _published(place: Workplace, template: str, version: str, files: Tree) -> None:
    """Commit the files of a release, nothing else, and tag it; the tools find it under HOST."""
    origin = place.folder / "origins" / f"{template}.git"
    if not origin.exists():
        origin.mkdir(parents=True)
        place.git("init", "--quiet", "--initial-branch=main", cwd=origin)
    for path in origin.iterdir():
        if path.name != ".git":
            shutil.rmtree(path) if path.is_dir() else path.unlink()
    write_tree(origin, files)
    place.git("-c", "core.autocrlf=false", "add", "--all", "--force", cwd=origin)
    place.git("commit", "--quiet", "--message", version, cwd=origin)
    place.git("tag", version, cwd=origin)


def _jinja(files: Tree, folder: str, suffix: str) -> dict[str, Content]:
    """Give the files that have answers in them the suffix by which a tool knows them."""
    return {
        f"{folder}/{name}{suffix if _has_answers(content) else ''}": content for name, content in files.items()
    }


def _has_answers(content: Content) -> bool:
    return isinstance(content, str) and "{{" in content


def _questions(release: Release) -> str:
    lines = (f"{name}: {{type: str, default: {default}}}\n" for name, default in release.questions.items())
    return "_subdirectory: template\n_preserve_symlinks: true\n" + "".join(lines)


class Ours:
    """`scaffold` of this checkout."""

    name = "scaffold"
    own_files: Sequence[str] = (".copier-answers.yml", ".copier-answers.second.yml")

    def version(self) -> str:
        """Return its name and version."""
        from scaffold import __version__

        return f"scaffold {__version__}"

    def publish(self, place: Workplace, template: str, version: str, release: Release) -> None:
        """Publish a release in a catalog of one blueprint."""
        files: dict[str, Content] = {
            "blueprint.yml": _BLUEPRINT.format(name=template, version=version),
            "copier.yml": _questions(release),
            "CHANGELOG.md": f"# Changelog\n\n## {version} - 2026-11-24\n\n- {version}\n",
            **_jinja(release.files, "template", ".jinja"),
        }
        _published(place, template, version, {f"{template}/{name}": content for name, content in files.items()})

    def create(self, place: Workplace, template: str) -> None:
        """Make the project; a second blueprint is laid into it by hand, with an answers file of its own."""
        where = place.folder / "aside" if template == "second" else place.project
        made = self._run(
            place, "new", where, "--catalog", f"{HOST}/{template}.git", "--blueprint", template, "--defaults"
        )
        if made.returncode:
            raise RuntimeError(made.stderr)
        if template == "second":
            shutil.rmtree(where / ".git")
            (where / self.own_files[0]).rename(where / self.own_files[1])
            shutil.copytree(where, place.project, symlinks=True, dirs_exist_ok=True)

    def update(
        self, place: Workplace, template: str, to: str, answers: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Update as the help says."""
        data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
        several = (place.project / self.own_files[1]).exists()
        which = ["--answers-file", self.own_files[template == "second"]] if several else []
        return self._run(place, "update", "--defaults", *which, *data, *(["--to", to] if to else []))

    def _run(self, place: Workplace, *words: str | Path) -> subprocess.CompletedProcess[str]:
        cwd = place.project if place.project.exists() else place.folder
        return place.run(_PROGRAMS / "scaffold", *words, cwd=cwd)


class Copier:
    """https://copier.readthedocs.io/en/stable/updating/."""

    name = "copier"
    own_files: Sequence[str] = Ours.own_files

    def version(self) -> str:
        """Return its name and version."""
        return subprocess.check_output([_PROGRAMS / "copier", "--version"], text=True).strip()

    def publish(self, place: Workplace, template: str, version: str, release: Release) -> None:
        """Publish a release with the answers file that the documentation asks for."""
        answers = "# Changes here will be overwritten by Copier\n{{ _copier_answers|to_nice_yaml -}}\n"
        files: dict[str, Content] = {
            "copier.yml": _questions(release),
            "template/{{ _copier_conf.answers_file }}.jinja": answers,
            **_jinja(release.files, "template", ".jinja"),
        }
        _published(place, template, version, files)

    def create(self, place: Workplace, template: str) -> None:
        """Make the project."""
        words = ["copy", "--defaults", *self._which(template), f"git+{HOST}/{template}.git", str(place.project)]
        made = place.run(_PROGRAMS / "copier", *words, cwd=place.folder)
        if made.returncode:
            raise RuntimeError(made.stderr)

    def update(
        self, place: Workplace, template: str, to: str, answers: Mapping[str, str]
    ) -> subprocess.CompletedProcess[str]:
        """Update with the defaults of the documentation, conflicts inline."""
        data = [word for name, value in answers.items() for word in ("--data", f"{name}={value}")]
        words = ["update", "--defaults", *self._which(template), *data, *(["--vcs-ref", to] if to else [])]
        return place.run(_PROGRAMS / "copier", *words, cwd=place.project)

    def _which(self, template: str) -> list[str]:
        return ["--answers-file", self.own_files[1]] if template == "second" else []


class Cruft:
    """https://cruft.github.io/cruft/."""

    name = "cruft"
    own_files: Sequence[str] = (".cruft.json",)

    def __init__(self) -> None:
        # It has an environment of its own; `make updates` makes it and says where.
        self._program = Path(os.environ["SCAFFOLD_CRUFT"]).absolute() / "bin" / "cruft"

    def version(self) -> str:
        """Return its name and version."""
        python = self._program.with_name("python")
        code = "from importlib.metadata import version as v; print(v('cruft'), v('cookiecutter'))"
        cruft, cookiecutter = subprocess.check_output([python, "-c", code], text=True).split()
        return f"cruft {cruft} with cookiecutter {cookiecutter}"

    def publish(self, place: Workplace, template: str, version: str, release: Release) -> None:
        """Publish a release as a cookiecutter."""
        answers = {"slug": place.project.name, **release.questions}
        files: dict[str, Content] = {
            "cookiecutter.json": json.dumps(answers),
            **{
                "{{cookiecutter.slug}}/" + name: content.replace("{{ ", "{{ cookiecutter.")
                if isinstance(content, str)
                else content
                for name, content in release.files.items()
            },
        }
        _published(place, template, version, files)

    def create(self, place: Workplace, template: str) -> None:
        """Make the project."""
        words = ["create", "--no-input", "--overwrite-if-exists", "--output-dir", str(place.project.parent)]
        made = place.run(self._program, *words, f"{HOST}/{template}.git", cwd=place.folder)
        if made.returncode:
            raise RuntimeError(made.stderr + made.stdout)

    def update(
        self,
        place: Workplace,
        template: str,  # noqa: ARG002 - it keeps one template a project
        to: str,
        answers: Mapping[str, str],
    ) -> subprocess.CompletedProcess[str]:
        """Update without a question."""
        data = ["--variables-to-update", json.dumps(dict(answers))] if answers else []
        words = ["update", "--skip-apply-ask", *data, *(["--checkout", to] if to else [])]
        return place.run(self._program, *words, cwd=place.project)
