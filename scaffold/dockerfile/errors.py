"""What can be wrong with a Dockerfile's form."""

from __future__ import annotations

from typing import ClassVar

from scaffold.errors import InputError


class Malformed(ValueError):
    """A piece of text breaks the grammar; whoever knows its line turns this into a DockerfileError."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class DockerfileError(InputError):
    """A Dockerfile that no builder could read. `line` counts from 1."""

    kind: ClassVar[str] = "bad-dockerfile"

    def __init__(self, message: str, *, name: str, line: int, hint: str = "") -> None:
        super().__init__(f"{name}:{line}: {message}", hint=hint)
        self.name = name
        self.line = line
