"""`update` and `status` of projects of the Go blueprint, as whole processes, beside what else would do it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from bench.processes import Comparison, compare, timed
from scaffold.catalog.builtin import find_blueprint, materialise

_PROGRAMS = Path(sys.executable).parent
_PROJECTS = 200
_ANSWERS = "{{ _copier_conf.answers_file }}.jinja"
# What the second release changes: lines of the app, of the Dockerfile and of the README, and a file is new.
_CHANGES = {
    "internal/server/server.go": (
        "package server",
        "// Package server serves, and drains when it is told to end.\npackage server",
    ),
    "Dockerfile.jinja": ("# It builds", "# Since 1.1.0 with a comment more. It builds"),
    "README.md.jinja": ("{% block run %}", "{% block run %}\nThis is release 1.1.0.\n"),
}


def update(folder: Path) -> Comparison:
    """Compare `scaffold update` with `copier update`: the same template, and the same project that has edits."""
    folder.mkdir()
    environment = _environment(folder)
    template = _template(folder / "template.git", environment)
    project = folder / "project"
    source = template.as_uri()
    copy = ["copy", "--quiet", "--defaults", "--vcs-ref", "1.0.0", source, str(project)]
    _run([str(_PROGRAMS / "copier"), *copy], folder, environment)
    with (project / "main.go").open("a", encoding="utf-8") as file:
        file.write("\n// A line of the user's.\n")
    _git(project, environment, "init", "--quiet")
    _commit(project, environment, "project")

    def reset(words: Sequence[str]) -> list[str]:
        _git(project, environment, "reset", "--hard", "--quiet")
        _git(project, environment, "clean", "-dfq")
        shutil.rmtree(project / ".git" / "scaffold", ignore_errors=True)
        return [*words]

    ours = [str(_PROGRAMS / "scaffold"), "update", "--defaults", str(project)]
    peer = [str(_PROGRAMS / "copier"), "update", "--quiet", "--defaults", str(project)]
    what = "`scaffold update` / `copier update` of the same Go project and template"
    return compare(what, lambda: reset(ours), lambda: reset(peer), most=0.6, environment=environment)


def status(folder: Path) -> Comparison:
    """Compare one `scaffold status` of a folder of projects with one run for each of them."""
    folder.mkdir()
    command = [str(_PROGRAMS / "scaffold"), "status"]
    make = [str(_PROGRAMS / "scaffold"), "new", "--blueprint=go", "--defaults", "--no-git", str(folder / "0")]
    subprocess.run(make, check=True, capture_output=True)
    for number in range(1, _PROJECTS):
        shutil.copytree(folder / "0", folder / str(number))
    together = timed([*command, str(folder)])
    alone = sum(timed([*command, str(folder / str(number))]) for number in range(_PROJECTS))
    what = f"`scaffold status` of a folder of {_PROJECTS} projects / {_PROJECTS} runs of it"
    return Comparison(what, together, alone, most=0.1)


def _template(folder: Path, environment: dict[str, str]) -> Path:
    """Make a git repository of the Go blueprint with two releases, which copier and scaffold both take."""
    materialise(find_blueprint("go"), folder)
    template = folder / "template"
    (template / _ANSWERS).write_text("{{ _copier_answers | to_nice_yaml }}", encoding="utf-8")
    _git(folder, environment, "init", "--quiet", "--initial-branch=main")
    _release(folder, environment, "1.0.0")
    for name, (old, new) in _CHANGES.items():
        text = (template / name).read_text("utf-8")
        assert old in text, name
        (template / name).write_text(text.replace(old, new, 1), encoding="utf-8")
    (template / "NOTES.md").write_text("What is new.\n", encoding="utf-8")
    _release(folder, environment, "1.1.0")
    return folder


def _release(folder: Path, environment: dict[str, str], version: str) -> None:
    described = folder / "blueprint.yml"
    described.write_text(re.sub(r"(?m)^version: .*$", f"version: {version}", described.read_text("utf-8")))
    _commit(folder, environment, version)
    _git(folder, environment, "tag", version)


def _commit(folder: Path, environment: dict[str, str], message: str) -> None:
    _git(folder, environment, "add", "--all")
    _git(folder, environment, "commit", "--quiet", "--message", message)


def _git(folder: Path, environment: dict[str, str], *words: str) -> None:
    _run(["git", *words], folder, environment)


def _run(words: Sequence[str], folder: Path, environment: dict[str, str]) -> None:
    subprocess.run(words, cwd=folder, env=environment, check=True, capture_output=True)


def _environment(folder: Path) -> dict[str, str]:
    """Return an environment without the user's settings of git, and with a cache of its own."""
    author = {
        f"GIT_{role}_{part}": "bench@localhost" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")
    }
    own = {"XDG_CACHE_HOME": str(folder / "cache"), "XDG_CONFIG_HOME": str(folder / "config")}
    return {**os.environ, **author, **own, "GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1"}
