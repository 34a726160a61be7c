"""Our own reader of Dockerfiles. It has no opinions: those are in `scaffold.verify.lint`."""

from __future__ import annotations

from scaffold.dockerfile.errors import DockerfileError, Malformed
from scaffold.dockerfile.model import (
    Assignment,
    Comment,
    Directive,
    Dockerfile,
    Flag,
    Heredoc,
    Instruction,
    Stage,
)
from scaffold.dockerfile.parser import decode, parse, read

__all__ = [
    "Assignment",
    "Comment",
    "Directive",
    "Dockerfile",
    "DockerfileError",
    "Flag",
    "Heredoc",
    "Instruction",
    "Malformed",
    "Stage",
    "decode",
    "parse",
    "read",
]
