"""Catalogs in real git repositories, and a user whose cache, configuration and git are the test's alone."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

HOST = "https://git.example.com"
BLUEPRINT = """\
name: {name}
title: {name}
description: A service
language: go
version: {version}
"""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def blueprint_files(name: str, version: str, text: str = "") -> dict[str, str]:
    """The files of a small blueprint; `text` is what it renders."""
    return {
        f"{name}/blueprint.yml": BLUEPRINT.format(name=name, version=version),
        f"{name}/copier.yml": "_subdirectory: template\nproject_name: {type: str, default: x}\n",
        f"{name}/CHANGELOG.md": f"# Changelog\n\n## {version} - 2026-11-24\n\n- {version}\n",
        f"{name}/template/file.jinja": f"{name} {text or version} {{{{ project_name }}}}\n",
    }


class Origin:
    """A repository that others clone."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True)
        self.git("init", "--quiet", "--initial-branch=main")

    @property
    def url(self) -> str:
        """How the user of these tests names it: git is told where it really is."""
        return f"{HOST}/{self.folder.name}"

    def git(self, *words: str) -> str:
        author = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        environment = {**os.environ, **author, "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1"}
        command = ["git", "-c", "core.autocrlf=false", *words]
        return subprocess.run(
            command, cwd=self.folder, env=environment, check=True, capture_output=True, text=True
        ).stdout.strip()

    def commit(self, files: dict[str, str], *tags: str) -> str:
        write(self.folder, files)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--allow-empty", "--message", "change")
        for tag in tags:
            self.git("tag", tag)
        return self.git("rev-parse", "HEAD")


@pytest.fixture
def user(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user's home; their git finds the repositories below it under HOST."""
    home = tmp_path / "home"
    home.mkdir()
    for name, folder in (("CACHE", "cache"), ("CONFIG", "config")):
        monkeypatch.setenv(f"XDG_{name}_HOME", str(home / folder))
    (home / "gitconfig").write_text(f'[url "file://{home}/origins/"]\n\tinsteadOf = {HOST}/\n')
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(home / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    return home


@pytest.fixture
def origin(user: Path) -> Origin:
    """A catalog of two blueprints: `web` has tags of its own, `job` follows those for all."""
    made = Origin(user / "origins" / "catalog.git")
    made.commit({"README.md": "nothing yet\n"}, "0.1.0")
    made.commit(
        {**blueprint_files("job", "1.0.0"), "shared/part": "shared\n", "catalog.yml": "title: Ours\n"}, "v1.0.0"
    )
    made.commit(blueprint_files("web", "1.2.0"), "web/1.2.0")
    made.commit(blueprint_files("web", "1.10.0"), "web/v1.10.0", "v1.1.0")
    made.commit(blueprint_files("web", "2.0.0rc1"), "web/2.0.0rc1", "unrelated", "job-x/3.0.0")
    made.commit(blueprint_files("web", "2.0.0.dev0", "work"))
    return made
