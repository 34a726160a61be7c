"""The answers file of a project: which release of which blueprint made it, with which answers.

It is copier's own file, so plain copier can read it, and it says nothing about the machine that wrote it. A
comment has the digest of what was written, so that it shows whether somebody has edited it since.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scaffold.errors import InputError

FILE_NAME = ".copier-answers.yml"
_HEADER = "# Written by scaffold: what this project was made from. `scaffold update` changes it.\n"
_DIGEST = "# sha256 of what follows: {}\n"
_DIGEST_LINE = re.compile(r"^# sha256 of what follows: ([0-9a-f]{64})\r?\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a project was made from: `source` is "catalog:blueprint", `release` its version."""

    source: str
    release: str
    values: Mapping[str, Any]

    @property
    def catalog(self) -> str:
        """The catalog, "builtin" for ours."""
        return self.source.partition(":")[0]

    @property
    def blueprint(self) -> str:
        """The blueprint's name in its catalog."""
        return self.source.partition(":")[2]

    def text(self) -> str:
        """Return the file's content."""
        document = {"_src_path": self.source, "_commit": self.release, **self.values}
        text = yaml.safe_dump(document, sort_keys=False, allow_unicode=True, width=110)
        if yaml.safe_load(text) != document:
            # PyYAML writes Unicode's own line ends as they are, and reads them back as blanks.
            text = yaml.safe_dump(document, sort_keys=False, width=110)
        return _HEADER + _DIGEST.format(_digest(text)) + text


def write_answers(project: Path, answers: Answers, name: str = FILE_NAME) -> None:
    """Write the file into a project."""
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(answers.text(), encoding="utf-8")


def read_answers(project: Path, name: str = FILE_NAME) -> Answers | None:
    """Read the file of a project; None when it has none. Raises InputError with file and line when broken."""
    path = project / name
    return parse_answers(_content(path), str(path)) if path.is_file() else None


def parse_answers(content: bytes, where: str) -> Answers:
    """Read the content of an answers file; raises InputError with `where` and the line when it is broken."""
    document = _mapping(content, where)
    source, release = document.get("_src_path"), document.get("_commit")
    if not isinstance(source, str):
        raise InputError(f"{where}: `_src_path` does not name what made the project", hint="restore it from git")
    values = {key: value for key, value in document.items() if not key.startswith("_")}
    return Answers(source, str(release or ""), values)


def is_edited(content: bytes) -> bool:
    """Tell whether an answers file is no longer what we wrote; False for one of copier's, which has no digest."""
    text = content.decode("utf-8", "replace")
    found = _DIGEST_LINE.search(text)
    return found is not None and found[1] != _digest(text[found.end() :])


def load_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file of answers; raises InputError with file and line."""
    return _mapping(_content(path), str(path))


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="name a YAML file of answers") from error


def _mapping(content: bytes, where: str) -> dict[str, Any]:
    try:
        document = yaml.safe_load(content.decode("utf-8"))
    except UnicodeDecodeError as error:
        raise InputError(f"{where} is not UTF-8", hint="save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{where}:{line}: {error.problem}", hint="mend the YAML") from error
    except yaml.YAMLError as error:
        raise InputError(f"{where}: {' '.join(str(error).split())}", hint="mend the YAML") from error
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise InputError(f"{where}:1: answers are `name: value` lines", hint="for example `port: 9090`")
    return document


def _digest(text: str) -> str:
    # A checkout may give other line ends, which are no edit.
    return hashlib.sha256(text.replace("\r\n", "\n").encode()).hexdigest()
