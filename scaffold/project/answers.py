"""The answers file of a project: which release of which blueprint made it, with which answers.

It is copier's own file, so plain copier can read it, and it says nothing about the machine that wrote it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from scaffold.errors import InputError

FILE_NAME = ".copier-answers.yml"
_HEADER = "# Written by scaffold: what this project was made from. Not to be edited by hand.\n"


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
        return _HEADER + text


def write_answers(project: Path, answers: Answers) -> None:
    """Write the file into a project."""
    (project / FILE_NAME).write_text(answers.text(), encoding="utf-8")


def read_answers(project: Path) -> Answers | None:
    """Read the file of a project; None when it has none. Raises InputError with file and line when broken."""
    path = project / FILE_NAME
    if not path.is_file():
        return None
    document = load_mapping(path)
    source, release = document.get("_src_path"), document.get("_commit")
    if not isinstance(source, str):
        raise InputError(f"{path}: `_src_path` does not name what made the project", hint="restore it from git")
    values = {key: value for key, value in document.items() if not key.startswith("_")}
    return Answers(source, str(release or ""), values)


def load_mapping(path: Path) -> dict[str, Any]:
    """Read a YAML file of answers; raises InputError with file and line."""
    try:
        document = yaml.safe_load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"{path}: {error.strerror}", hint="name a YAML file of answers") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{path} is not UTF-8", hint="save it as UTF-8") from error
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{path}:{line}: {error.problem}", hint="mend the YAML") from error
    except yaml.YAMLError as error:
        raise InputError(f"{path}: {' '.join(str(error).split())}", hint="mend the YAML") from error
    if document is None:
        return {}
    if not isinstance(document, dict) or not all(isinstance(key, str) for key in document):
        raise InputError(f"{path}:1: answers are `name: value` lines", hint="for example `port: 9090`")
    return document
