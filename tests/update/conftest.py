"""A catalog with two releases, and a project of the first one in a git repository."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.conftest import BLUEPRINT, Origin, origin, user
from tests.conftest import Ran, run_scaffold
from tests.project.repositories import Content, files, write_tree

__all__ = ["origin", "user"]

ANSWERS = ".copier-answers.yml"
QUESTIONS = """\
_subdirectory: template
project_name: {type: str, default: shop}
port:
  type: int
  default: 8080
  validator: "{% if port < 1 %}a port is more than 0{% endif %}"
"""
METRICS = "metrics: {type: bool, default: false, help: Should it serve metrics}\n"
LINES = "".join(f"line {number}\n" for number in range(1, 20))
_MAIN = f"{{{{ project_name }}}} on {{{{ port }}}}\n{LINES}"
_README = "# {{ project_name }}\n\nRead this.\n"
FIRST: dict[str, Content] = {
    "main.txt.jinja": _MAIN,
    "README.md.jinja": _README,
    "old.txt": "goes away\n",
    "run.sh": ("#!/bin/sh\necho run\n", 0o755),
}
# Changed lines, a new file, a file that goes, and what a new question brings.
SECOND: dict[str, Content] = {
    **FIRST,
    "main.txt.jinja": _MAIN.replace("line 5\n", "line five\n"),
    "README.md.jinja": _README + "{% if metrics %}\nSee /metrics.\n{% endif %}",
    "old.txt": None,
    "new.txt": "new\n",
}


@dataclass(frozen=True)
class Catalog:
    """A catalog with one blueprint, `web`, in a git repository."""

    origin: Origin

    @property
    def url(self) -> str:
        return self.origin.url

    def release(self, version: str, template: Mapping[str, Content], questions: str = QUESTIONS) -> None:
        """Commit and tag a release; a file that is None goes."""
        write_tree(
            self.origin.folder / "web",
            {
                "blueprint.yml": BLUEPRINT.format(name="web", version=version),
                "copier.yml": questions,
                "CHANGELOG.md": f"# Changelog\n\n## {version} - 2026-11-24\n\n- What {version} brings.\n",
                **{f"template/{name}": content for name, content in template.items()},
            },
        )
        self.origin.commit({}, f"web/{version}")


@dataclass(frozen=True)
class Project:
    """A project in a repository, and the command as its user runs it."""

    folder: Path
    top: Path

    def git(self, *words: str, check: bool = True) -> str:
        author = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        finished = subprocess.run(
            ["git", *words], cwd=self.folder, env={**os.environ, **author}, capture_output=True, check=False
        )
        assert not check or finished.returncode == 0, finished.stderr.decode()
        return finished.stdout.decode()

    def write(self, tree: Mapping[str, Content]) -> None:
        write_tree(self.folder, tree)

    def commit(self, tree: Mapping[str, Content] | None = None) -> None:
        self.write(tree or {})
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "work")

    def read(self, name: str) -> str:
        return (self.folder / name).read_text()

    def run(self, *words: str | Path, env: Mapping[str, str] | None = None) -> Ran:
        return run_scaffold(*words, cwd=self.folder, env=env)

    def update(self, *words: str, code: int = 0) -> dict[str, Any]:
        """Run `scaffold update` and return its result or error; it must end with `code`."""
        ran = self.run("update", *words, "--json")
        assert ran.code == code, (ran.stdout, ran.stderr)
        document = ran.document
        found = document["result"] if "result" in document else document["error"]
        assert isinstance(found, dict)
        return found

    def state(self) -> dict[str, object]:
        """Everything that an update could touch: every file of the repository to the byte, git's own too.

        But for the times of objects: git freshens one that it would write again, so that no cleaning takes it.
        """
        paths = [path for path in sorted(self.top.rglob("*")) if "objects" not in path.parts]
        return {
            "files": files(self.top),
            "times": {str(path): path.lstat().st_mtime_ns for path in paths},
            "git": {name: content for name, (_, content) in files(self.top / ".git").items()},
        }


@pytest.fixture
def web(origin: Origin) -> Catalog:
    """The catalog with the releases 1.0.0 and 1.1.0 of `web`, and nothing else."""
    origin.git("rm", "-r", "--quiet", ".")
    for tag in origin.git("tag").split():
        origin.git("tag", "--delete", tag)
    catalog = Catalog(origin)
    catalog.release("1.0.0", FIRST)
    catalog.release("1.1.0", SECOND, QUESTIONS + METRICS)
    return catalog


@pytest.fixture
def project(web: Catalog, user: Path) -> Project:
    """A project that `scaffold new` made of web 1.0.0."""
    return make_project(web, user / "shop")


def make_project(web: Catalog, folder: Path, *words: str, top: Path | None = None) -> Project:
    """Make a project of web 1.0.0; `top` is the repository that it lies in, where it is not its own."""
    command: list[str | Path] = [
        "new",
        folder,
        "--catalog",
        f"{web.url}@1.0.0",
        "--blueprint",
        "web",
        "--defaults",
        *words,
    ]
    made = run_scaffold(*command)
    assert made.code == 0, made.stderr
    return Project(folder, top or folder)
