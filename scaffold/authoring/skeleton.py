"""A blueprint to start from: a copy of one that builds, verifies and passes its tests already."""

from __future__ import annotations

import re
from pathlib import Path

from scaffold.catalog import archive
from scaffold.catalog.archived import CATALOG_FILE, files_of
from scaffold.catalog.blueprint import Blueprint
from scaffold.errors import InputError
from scaffold.project.staging import check_free, staged

_NAME = re.compile(r"[a-z][a-z0-9-]*")
_CHANGELOG = """\
# Changelog of the blueprint `{name}`

## Unreleased

- The first release, made from `{origin}`.
"""
_CATALOG = """\
# What holds for every project from this catalog: answers to questions, which are not asked then.
title: Our blueprints
defaults:
#  owner: Platform team
#  license: Apache-2.0
#  ci: github
#  image_mirror: mirror.example.com/hub
#  labels: {com.example.team: platform}
"""


def begin(model: Blueprint, folder: Path) -> list[Path]:
    """Write a copy of `model` to `folder` as a blueprint of that name; return what was written beside it.

    The parts that blueprints share go into the folder above, with a catalog file, where there are none yet.
    Raises InputError when something is in the way.
    """
    name = folder.name
    if not _NAME.fullmatch(name):
        raise InputError(
            f"{name!r} cannot be a blueprint's name", hint="use lower-case letters, digits and dashes"
        )
    check_free(folder)
    files = files_of(model)
    shared = {path: file for path, file in files.items() if path.startswith("shared/")}
    _refuse_other_parts(shared, folder.parent)
    with staged(folder) as tree:
        own = {path: file for path, file in files.items() if path not in shared and path != CATALOG_FILE}
        tree.rmdir()
        archive.copy(own, tree)
        _name(tree, name, model.name)
    return _surroundings(shared, folder.parent)


def _name(tree: Path, name: str, origin: str) -> None:
    path = tree / "blueprint.yml"
    text = re.sub(r"^name:.*$", f"name: {name}", path.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
    text = re.sub(r"^version:.*$", "version: 0.1.0.dev0", text, count=1, flags=re.MULTILINE)
    path.write_text(text, encoding="utf-8")
    (tree / "CHANGELOG.md").write_text(_CHANGELOG.format(name=name, origin=origin), encoding="utf-8")


def _refuse_other_parts(shared: archive.Files, around: Path) -> None:
    for name, file in shared.items():
        there = around / name
        if there.exists() and there.read_bytes() != file.read_bytes():
            raise InputError(f"{there} is another than ours", hint="begin the blueprint in a folder of its own")


def _surroundings(shared: archive.Files, around: Path) -> list[Path]:
    written = []
    if not (around / "shared").exists():
        parts = {name.removeprefix("shared/"): file for name, file in shared.items()}
        archive.copy(parts, around / "shared")
        written.append(around / "shared")
    if not any((folder / CATALOG_FILE).is_file() for folder in (around, around.parent)):
        (around / CATALOG_FILE).write_text(_CATALOG, encoding="utf-8")
        written.append(around / CATALOG_FILE)
    return written
