"""The house: a file imports only from its own room or from rooms below it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import CHECKOUT

PACKAGE = CHECKOUT / "scaffold"
# From the top floor down. Rooms that stand side by side do not know each other.
FLOORS = (
    {"cli"},
    {"ui"},
    {"flows"},
    {"verify", "authoring"},
    {"engines", "languages", "catalog", "project", "render", "dockerfile", "image"},
    {"network"},
    {"config"},
    {"document", "links", "bases", "run"},
    {"errors"},
    {"__init__"},
)
# Each knows one thing that nobody else may.
SOLE_IMPORTERS = {"copier": {"render"}, "questionary": {"ui"}, "rich": {"ui"}, "click": {"cli", "ui"}}


def modules() -> Iterator[tuple[Path, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        top = path.relative_to(PACKAGE).parts[0]
        if top != "__main__.py":
            yield path, top.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def floor(room: str) -> int:
    return next(index for index, rooms in enumerate(FLOORS) if room in rooms)


def test_every_room_has_a_floor() -> None:
    assert {room for _, room in modules()} <= set().union(*FLOORS)


def test_imports_lead_down() -> None:
    wrong = []
    for path, room in modules():
        for name in imports(path):
            other = name.split(".")[1] if name.startswith("scaffold.") else ""
            known = other in set().union(*FLOORS)
            if known and other != room and floor(other) <= floor(room):
                wrong.append(f"{path.relative_to(CHECKOUT)} imports {name}")
    assert wrong == []


def test_what_only_one_room_may_import() -> None:
    wrong = [
        f"{path.relative_to(CHECKOUT)} imports {name}"
        for path, room in modules()
        for name in imports(path)
        if room not in SOLE_IMPORTERS.get(name.split(".")[0], {room})
    ]
    assert wrong == []


def test_only_the_ui_prints() -> None:
    calls = [
        f"{path.relative_to(CHECKOUT)}:{node.lineno}"
        for path, room in modules()
        if room not in {"ui", "cli"}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
    ]
    assert calls == []
