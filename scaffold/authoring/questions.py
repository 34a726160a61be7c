"""Reads a template's copier.yml without running it: where each question stands, and what nobody would understand.

copier ignores a setting and refuses a field of a question that it does not know, both without saying where.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import yaml

from scaffold.authoring.problem import Problem, nearest

# The settings and the fields of a question of copier 9.19 (copier.readthedocs.io, "Configuring a template").
_SETTINGS = """
    answers_file envops exclude external_data jinja_extensions message_after_copy message_after_update
    message_before_copy message_before_update migrations min_copier_version preserve_symlinks secret_questions
    skip_if_exists subdirectory tasks templates_suffix
""".split()  # noqa: SIM905
_FIELDS = """
    type help choices multiselect default secret placeholder multiline validator when ask qmark
""".split()  # noqa: SIM905
_NAMES = ("copier.yml", "copier.yaml")


@dataclass(frozen=True, slots=True)
class Expression:
    """A text of a question that may be a template. `line` is where it begins."""

    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A question where it stands."""

    key: str
    path: Path
    line: int
    expressions: tuple[Expression, ...]


@dataclass(slots=True)
class Questions:
    """What could be read: the questions in their order, and every mistake."""

    asked: dict[str, Asked] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_questions(root: Path) -> Questions:
    """Read the copier.yml of the template at `root`, with the files that it includes."""
    found = Questions()
    for name in _NAMES:
        if (root / name).is_file():
            _read(root, root / name, found)
            return found
    found.problems.append(Problem(root / _NAMES[0], 0, "it is missing", "it has the template's questions"))
    return found


def _read(root: Path, path: Path, found: Questions) -> None:
    try:
        documents = list(yaml.compose_all(path.read_text(encoding="utf-8"), Loader=yaml.SafeLoader))
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        found.problems.append(Problem(path, line, str(error.problem)))
        return
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        found.problems.append(Problem(path, 0, " ".join(str(error).split())))
        return
    for document in documents:
        _read_document(root, path, document, found)


def _read_document(root: Path, path: Path, document: yaml.Node | None, found: Questions) -> None:
    if document is None:
        return
    line = document.start_mark.line + 1
    if document.tag == "!include":
        _include(root, path, line, str(document.value), found)
    elif isinstance(document, yaml.MappingNode):
        for key, value in document.value:
            _read_key(path, key, value, found)
    else:
        found.problems.append(Problem(path, line, "questions and settings are `name: value` lines"))


def _include(root: Path, path: Path, line: int, pattern: str, found: Questions) -> None:
    files = sorted(root.glob(pattern)) if pattern and not pattern.startswith("/") else []
    if not files:
        found.problems.append(
            Problem(path, line, f"there is no {pattern!r} to include", "name it from copier.yml")
        )
    for file in files:
        _read(root, file, found)


def _read_key(path: Path, key: yaml.Node, value: yaml.Node, found: Questions) -> None:
    name, line = str(key.value), key.start_mark.line + 1
    if name.startswith("_"):
        if name[1:] not in _SETTINGS:
            hint = nearest(name, (f"_{setting}" for setting in _SETTINGS))
            found.problems.append(Problem(path, line, f"copier has no setting {name!r}", hint))
        return
    if name in found.asked:
        before = found.asked[name]
        found.problems.append(
            Problem(path, line, f"{name!r} is asked already, at {before.path.name}:{before.line}")
        )
        return
    found.problems += _unknown_fields(path, value)
    found.asked[name] = Asked(name, path, line, tuple(_expressions(value)))


def _unknown_fields(path: Path, value: yaml.Node) -> Iterator[Problem]:
    if isinstance(value, yaml.MappingNode):
        for key, _ in value.value:
            if key.value not in _FIELDS:
                line = key.start_mark.line + 1
                yield Problem(path, line, f"a question has no {key.value!r}", nearest(key.value, _FIELDS))


def _expressions(node: yaml.Node) -> Iterator[Expression]:
    if isinstance(node, yaml.ScalarNode):
        if "{{" in node.value or "{%" in node.value:
            # The text of a block (`>`, `|`) begins below its sign.
            yield Expression(node.value, node.start_mark.line + 1 + (node.style in (">", "|")))
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _expressions(item)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            yield from _expressions(key)
            yield from _expressions(value)
