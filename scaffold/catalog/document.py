"""Reads a YAML file strictly: every value has its type, every key is known, every error has its line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, TypeVar

import yaml

from scaffold.errors import BlueprintError

T = TypeVar("T")
# libyaml's parser is about ten times as fast; wheels of PyYAML have it, builds from source may not.
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KINDS = {str: "a text", int: "a whole number", float: "a number", bool: "true or false", dict: "a mapping"}


class Section:
    """One mapping of a YAML file. Keys are taken from it; what is left at the end is unknown."""

    def __init__(self, path: Path, node: yaml.MappingNode, values: Mapping[str, Any]) -> None:
        self._path = path
        self._nodes = {key.value: value for key, value in node.value}
        self._lines = {key.value: key.start_mark.line + 1 for key, _ in node.value}
        self._values = values
        self._line = node.start_mark.line + 1
        self._taken: set[str] = set()

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

    def section(self, key: str) -> Section | None:
        """Return the mapping under `key`, or None when there is none."""
        self._taken.add(key)
        if key not in self._values:
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
        return Section(self._path, node, value)

    def finish(self) -> None:
        """Refuse the keys that nobody took."""
        for key in self._values:
            if key not in self._taken:
                near = get_close_matches(str(key), self._taken, n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known: {', '.join(sorted(self._taken))}"
                raise self.error(f"unknown key {key!r}", str(key), hint=hint)

    def error(self, message: str, key: str = "", *, hint: str = "") -> BlueprintError:
        """Return an error that says where."""
        line = self._lines.get(key, self._line)
        return BlueprintError(f"{self._path}:{line}: {message}", hint=hint)


def load(path: Path) -> Section:
    """Read a YAML file whose top is a mapping; raises BlueprintError with file and line."""
    try:
        text = path.read_text(encoding="utf-8")
        node = yaml.compose(text, Loader=_Loader)
        values = yaml.load(text, Loader=_Loader)
    except OSError as error:
        raise BlueprintError(f"{path}: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise BlueprintError(f"{path}: not UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise BlueprintError(f"{path}:{line}: {error.problem}") from error
    except yaml.YAMLError as error:
        raise BlueprintError(f"{path}: {' '.join(str(error).split())}") from error
    if not isinstance(node, yaml.MappingNode):
        raise BlueprintError(f"{path}:1: the file has to be a mapping")
    return Section(path, node, values)
