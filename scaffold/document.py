"""Reads a YAML file strictly: every value has its type, every key is known, every error has its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml

from scaffold.errors import BlueprintError, ScaffoldError

T = TypeVar("T")
# libyaml's parser is about ten times as fast; wheels of PyYAML have it, builds from source may not.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dict: "a mapping"}


class Section:
    """One mapping of a YAML file. Keys are taken from it; what is left at the end is unknown."""

    def __init__(
        self, path: Path, node: yaml.MappingNode, values: Mapping[str, Any], kind: type[ScaffoldError]
    ) -> None:
        self._path = path
        self._error = kind
        self._nodes = {key.value: value for key, value in node.value}
        self._lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        self._values = values
        self._line = node.start_mark.line + 1 if node.start_mark else 1
        self._taken: set[str] = set()
        self._refuse_repeated(node)

    def take(self, key: str, kind: type[T], default: T | None = None) -> T:
        """Return the value of `key`, which is of type `kind`; without a default it has to be there."""
        self._taken.add(key)
        if key not in self._values:
            if default is None:
                raise self.error(f"{key!r} is missing")
            return default
        value = self._values[key]
        if kind is float and type(value) is int:
            value = float(value)
        if type(value) is not kind:
            raise self.error(f"{key!r} has to be {_KINDS.get(kind, kind.__name__)}, not {value!r}", key)
        return value

    def optional(self, key: str, kind: type[T]) -> T | None:
        """Return the value of `key`, which is of type `kind`, or None when there is none."""
        self._taken.add(key)
        return self.take(key, kind) if key in self._values else None

    def texts(self, key: str) -> tuple[str, ...]:
        """Return the list of texts under `key`; nothing is an empty one."""
        self._taken.add(key)
        values = self._values.get(key)
        if values is None:
            return ()
        if not isinstance(values, list) or not all(isinstance(value, str) for value in values):
            raise self.error(f"{key!r} has to be a list of texts", key)
        return tuple(values)

    def mapping(self, key: str) -> dict[str, str]:
        """Return the texts under `key` by their names; nothing is an empty mapping."""
        section = self.section(key)
        return {} if section is None else section.all_texts()

    def everything(self) -> dict[str, Any]:
        """Return what is here, of whatever type."""
        self._taken |= set(self._values)
        return dict(self._values)

    def all_texts(self) -> dict[str, str]:
        """Return what is here, all of which has to be texts."""
        return {name: self.take(name, str) for name in self._values}

    def section(self, key: str) -> Section | None:
        """Return the mapping under `key`, or None when there is none."""
        self._taken.add(key)
        if self._values.get(key) is None:
            return None
        return self._section(key, self._nodes[key], self._values[key])

    def sections(self, key: str) -> Iterator[Section]:
        """Yield the mappings of the list under `key`; no list is an empty one."""
        self._taken.add(key)
        if key not in self._values:
            return
        node = self._nodes[key]
        if not isinstance(node, yaml.SequenceNode):
            raise self.error(f"{key!r} has to be a list", key)
        for child, value in zip(node.value, self._values[key], strict=True):
            yield self._section(key, child, value)

    def _section(self, key: str, node: yaml.Node, value: Any) -> Section:
        if not isinstance(node, yaml.MappingNode):
            raise self.error(f"{key!r} has to have keys of its own", key)
        return Section(self._path, node, value, self._error)

    def finish(self) -> None:
        """Refuse the keys that nobody took."""
        for key in self._values:
            if key not in self._taken:
                near = get_close_matches(str(key), self._taken, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(self._taken))}"
                raise self.error(f"unknown key {key!r}", str(key), hint=hint)

    def error(self, message: str, key: str = "", *, hint: str = "") -> ScaffoldError:
        """Return an error that says where."""
        line = self._lines.get(key, self._line)
        return self._error(f"{self._path}:{line}: {message}", hint=hint)

    def _refuse_repeated(self, node: yaml.MappingNode) -> None:
        """Refuse a key that stands twice: YAML forbids it, but PyYAML takes the last."""
        seen = set()
        for key, _ in node.value:
            if key.value in seen:
                line = key.start_mark.line + 1
                raise self._error(f"{self._path}:{line}: {key.value!r} stands here a second time")
            seen.add(key.value)


def load(path: Path, error: type[ScaffoldError] = BlueprintError) -> Section:
    """Read a YAML file whose top is a mapping; raises an `error` with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_Loader)
        values = yaml.load(text, Loader=_Loader)
    except OSError as problem:
        raise error(f"{path}: {problem.strerror}") from problem
    except UnicodeDecodeError as problem:
        raise error(f"{path}: not UTF-8") from problem
    except yaml.MarkedYAMLError as problem:
        line = problem.problem_mark.line + 1 if problem.problem_mark else 1
        raise error(f"{path}:{line}: {problem.problem}") from problem
    except yaml.YAMLError as problem:
        raise error(f"{path}: {' '.join(str(problem).split())}") from problem
    if values is None:
        node, values = yaml.MappingNode("tag:yaml.org,2002:map", []), {}
    if not isinstance(node, yaml.MappingNode):
        raise error(f"{path}:1: the file has to be a mapping")
    return Section(path, node, values, error)
