"""What the build and warm checks work on: a project and the engine that builds it."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from scaffold.dockerfile import Dockerfile
from scaffold.engines.model import Build, BuildRequest, Engine
from scaffold.languages.model import Language
from scaffold.network import Network
from scaffold.run import OnLine
from scaffold.verify.workspace import Workspace

# A checkout's history and a developer's caches are in no image; copying them would only take time.
_NOT_COPIED = shutil.ignore_patterns(".git", "node_modules", "target", ".venv", "__pycache__")


@dataclass(slots=True)
class BuildSubject:
    """One project under test. `image` is the reference it is built under, `builds` what was built so far."""

    project: Path
    dockerfile_path: Path
    dockerfile: Dockerfile
    engine: Engine
    network: Network
    language: Language | None
    workspace: Workspace
    on_line: OnLine
    arguments: Mapping[str, str] = field(default_factory=dict)
    cached: bool = True
    builds: dict[str, Build] = field(default_factory=dict)
    facts: dict[str, int | float | str | bool] = field(default_factory=dict)

    @property
    def image(self) -> str:
        """The reference of the image under test."""
        return self.workspace.image_name("image")

    def build(self, purpose: str, *, target: str = "", context: Path | None = None, cached: bool = True) -> Build:
        """Build a target of the project, or of a changed copy of it, and keep the engine's output."""
        folder = context or self.project
        request = BuildRequest(
            context=folder,
            tag=self.workspace.image_name(purpose),
            dockerfile=folder / self.dockerfile_path.relative_to(self.project),
            target=target,
            args=self._declared_arguments(),
            secrets=self.network.secrets(),
            cached=cached,
        )
        build = self.engine.build(request, self.on_line)
        self.workspace.keep_log(f"build-{purpose}", build.log)
        self.builds[purpose] = build
        return build

    def changed_copy(self) -> Path:
        """Copy the project to where it can be changed."""
        copy = self.workspace.folder / "changed"
        shutil.copytree(self.project, copy, symlinks=True, ignore=_NOT_COPIED, dirs_exist_ok=True)
        return copy

    def _declared_arguments(self) -> dict[str, str]:
        """Leave out the mirrors that the Dockerfile does not ask for: an engine warns of each."""
        mirrors = self.language.network_variables if self.language else ()
        declared = self.dockerfile.declared_arguments()
        return self.network.arguments(name for name in mirrors if name in declared) | dict(self.arguments)
