"""Changes the list `trusted` in the user's configuration, line by line: the rest of the file stays as it is."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

import yaml

from scaffold.config.reading import configuration, configuration_path

_KEY = "trusted"


def set_trusted(sources: Sequence[str]) -> None:
    """Let the configuration trust these sources and no others; raises ConfigurationError if it is broken."""
    configuration()
    path = configuration_path().resolve()
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    path.parent.mkdir(parents=True, exist_ok=True)
    _replace(path, _with_trusted(text, sources))


def _with_trusted(text: str, sources: Sequence[str]) -> str:
    block = "".join(f"  - {json.dumps(source, ensure_ascii=False)}\n" for source in sources)
    block = f"{_KEY}:\n{block}" if sources else ""
    lines = text.splitlines(keepends=True)
    found = _lines_of_key(text)
    if found is None:
        if lines and not lines[-1].endswith("\n"):
            lines[-1] += "\n"
        return "".join(lines) + block
    first, last = found
    return "".join(lines[:first]) + block + "".join(lines[last + 1 :])


def _lines_of_key(text: str) -> tuple[int, int] | None:
    """Return the first and the last line, from 0, of the key and its value."""
    document = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(document, yaml.MappingNode):
        return None
    for key, value in document.value:
        if key.value == _KEY:
            return key.start_mark.line, _last_line(value)
    return None


def _last_line(value: yaml.Node) -> int:
    # A block list ends, for PyYAML, where the next key begins: what is between may be somebody's comment.
    if isinstance(value, yaml.SequenceNode) and not value.flow_style and value.value:
        return int(value.value[-1].end_mark.line)
    return int(value.end_mark.line)


def _replace(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.replace(path)
    finally:
        aside.unlink(missing_ok=True)
