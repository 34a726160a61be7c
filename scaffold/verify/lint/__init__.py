"""Reading the Dockerfile and what goes into its context."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.bases import Base
from scaffold.dockerfile import Dockerfile
from scaffold.verify.model import Check


@dataclass(frozen=True, slots=True)
class LintSubject:
    """One Dockerfile under test."""

    project: Path
    dockerfile: Dockerfile
    base: Base | None


CHECKS: tuple[Check[LintSubject], ...] = ()
