"""Reads the Jinja of a template without rendering it: broken syntax, missing parts, unknown names."""

from __future__ import annotations

from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from scaffold.authoring.problem import Problem, nearest

if TYPE_CHECKING:
    from jinja2 import Environment, nodes

# What copier gives to every template, and Jinja inside macros.
_GIVEN = {
    "_copier_answers",
    "_copier_conf",
    "_copier_operation",
    "_copier_phase",
    "_copier_python",
    "_external_data",
    "_folder_name",
    "caller",
    "kwargs",
    "self",
    "varargs",
}


@dataclass(frozen=True, slots=True)
class Names:
    """What one piece of Jinja needs and gives: each needed name with its line."""

    needed: dict[str, int]
    given: frozenset[str]
    parts: dict[str, int]


class Templates:
    """The Jinja below `root`; `environment` is copier's own, `known` are the questions."""

    def __init__(self, root: Path, environment: Environment, known: Iterable[str]) -> None:
        self._root = root
        self._environment = environment
        self._known = set(known) | _GIVEN | set(environment.globals)

    def problems(self, folder: Path, suffix: str) -> Iterator[Problem]:
        """Yield the mistakes in the names and contents of the files in `folder`; templates end in `suffix`."""
        given: dict[Path, set[str]] = {folder: set()}
        for path in sorted(folder.rglob("*")):
            given[path] = set(given[path.parent])
            if "{" in path.name:
                given[path] |= yield from self._name(path)
            if path.is_file() and path.name.endswith(suffix):
                yield from self._content(path, given[path])

    def expression(self, text: str, path: Path, line: int, later: Iterable[str]) -> Iterator[Problem]:
        """Yield the mistakes in one text of a question; `later` are the questions that come after it."""
        names = self._parse(text, path, line)
        if isinstance(names, Problem):
            yield names
            return
        for name in names.needed:
            if name in later:
                yield Problem(path, line, f"{name!r} is asked only later", "move the question up")
            elif name not in self._known:
                yield self._unknown(name, path, line)

    def _name(self, path: Path) -> Generator[Problem, None, set[str]]:
        names = self._parse(path.name, path, 0)
        if isinstance(names, Problem):
            yield names
            return set()
        for name in names.needed:
            if name not in self._known | names.given:
                yield self._unknown(name, path, 0)
        # `{% yield item from list %}` gives its item to what is in the file or the folder.
        return set(names.given)

    def _content(self, path: Path, given: set[str]) -> Iterator[Problem]:
        read: dict[Path, Names] = {}
        yield from self._collect(path, read)
        known = self._known | given | {name for names in read.values() for name in names.given}
        for place, names in read.items():
            for name, line in names.needed.items():
                if name not in known:
                    yield self._unknown(name, place, line)

    def _collect(self, path: Path, read: dict[Path, Names]) -> Iterator[Problem]:
        """Read a file and the parts that it is made of: what one of them sets, the others may use."""
        names = self._parse(path.read_text(encoding="utf-8", errors="replace"), path, 1)
        if isinstance(names, Problem):
            yield names
            return
        read[path] = names
        for part, line in names.parts.items():
            found = self._root / part
            if not found.is_file():
                yield Problem(path, line, f"there is no {part!r} to include", "name it from the template's root")
            elif found not in read:
                yield from self._collect(found, read)

    def _parse(self, text: str, path: Path, first: int) -> Names | Problem:
        from jinja2 import TemplateSyntaxError, meta, nodes

        try:
            tree = self._environment.parse(text)
            needed = meta.find_undeclared_variables(tree) - _optional(tree)
        except TemplateSyntaxError as error:
            line = error.lineno + first - 1 if first else 0
            return Problem(path, line, f"broken Jinja: {error.message}")
        for node in tree.find_all((nodes.Filter, nodes.Test)):
            if unknown := self._unknown_function(node):
                return Problem(path, node.lineno + first - 1 if first else 0, *unknown)
        return Names(_with_lines(tree, needed, first), _given(tree), _parts(tree))

    def _unknown_function(self, node: nodes.Expr) -> tuple[str, str] | None:
        """Look a filter or a test up; inside a condition Jinja would do so only when it gets there."""
        kind = type(node).__name__.lower()
        known: Iterable[str] = self._environment.filters if kind == "filter" else self._environment.tests
        name = str(getattr(node, "name", ""))
        return None if name in known else (f"Jinja has no {kind} {name!r}", nearest(name, known))

    def _unknown(self, name: str, path: Path, line: int) -> Problem:
        return Problem(path, line, f"{name!r} is no question", nearest(name, self._known - _GIVEN))


def _optional(tree: nodes.Template) -> set[str]:
    """Return the names that may be missing: `x is defined`, `x | default("")`."""
    from jinja2 import nodes

    tests = (test.node for test in tree.find_all(nodes.Test) if test.name in ("defined", "undefined"))
    filters = (one.node for one in tree.find_all(nodes.Filter) if one.name in ("default", "d"))
    return {node.name for node in (*tests, *filters) if isinstance(node, nodes.Name)}


def _with_lines(tree: nodes.Template, needed: set[str], first: int) -> dict[str, int]:
    from jinja2 import nodes

    lines: dict[str, int] = {}
    for node in tree.find_all(nodes.Name):
        if node.name in needed:
            lines.setdefault(node.name, node.lineno + first - 1)
    return lines


def _given(tree: nodes.Template) -> frozenset[str]:
    from jinja2 import nodes

    stored = {node.name for node in tree.find_all(nodes.Name) if node.ctx == "store"}
    macros = {macro.name for macro in tree.find_all(nodes.Macro)}
    return frozenset(stored | macros | set(_yielded(tree)))


def _yielded(tree: nodes.Template) -> Iterator[str]:
    """Yield the items of copier's own tag `{% yield item from list %}`, which Jinja takes for a call."""
    from jinja2 import nodes

    for block in tree.find_all(nodes.CallBlock):
        tag, arguments = block.call.node, block.call.args
        if isinstance(tag, nodes.ExtensionAttribute) and isinstance(arguments[0], nodes.Const):
            yield str(arguments[0].value)


def _parts(tree: nodes.Template) -> dict[str, int]:
    from jinja2 import nodes

    found: dict[str, int] = {}
    for node in tree.find_all((nodes.Include, nodes.Extends, nodes.Import, nodes.FromImport)):
        part = getattr(node, "template", None)
        if isinstance(part, nodes.Const) and isinstance(part.value, str):
            found.setdefault(part.value, node.lineno)
    return found
