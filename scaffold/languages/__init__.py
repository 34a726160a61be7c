"""The languages. To add one: a module here and a line in LANGUAGES."""

from __future__ import annotations

from pathlib import Path

from scaffold.languages.cpp import Cpp
from scaffold.languages.go import Go
from scaffold.languages.java import Java
from scaffold.languages.model import Language
from scaffold.languages.node import Node
from scaffold.languages.python import Python
from scaffold.languages.rust import Rust

# C++ comes last: projects in other languages have its build files too, for what they extend.
LANGUAGES: dict[str, Language] = {
    language.id: language for language in (Go(), Java(), Node(), Python(), Rust(), Cpp())
}


def recognise(project: Path) -> Language | None:
    """Return the language that the project is written in, or None when it is none that we know."""
    return next((language for language in LANGUAGES.values() if language.recognise(project)), None)
