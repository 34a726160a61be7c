"""What `doctor` does: ask each thing that scaffold relies on."""

from __future__ import annotations

import platform
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from scaffold import __version__
from scaffold.engines import ENGINES
from scaffold.engines.model import Capabilities
from scaffold.errors import ScaffoldError
from scaffold.network import network
from scaffold.run import redact, run


@dataclass(frozen=True, slots=True)
class EngineState:
    """One engine. `problem` says why it cannot be used, with `hint` how to mend it; "" when it can."""

    name: str
    version: str
    program: str
    capabilities: Capabilities | None
    problem: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Machine:
    """What this machine has. `git` is "" where there is none; `cache_bytes` is what our cache holds."""

    scaffold: str
    python: str
    platform: str
    git: str
    engines: tuple[EngineState, ...]
    ca_bundle: str
    proxies: dict[str, str]
    cache: str
    cache_bytes: int

    @property
    def has_engine(self) -> bool:
        """Whether images can be built and run."""
        return any(not engine.problem for engine in self.engines)


def examine() -> Machine:
    """Ask git, each engine, the environment and the cache."""
    surroundings = network()
    cache = platformdirs.user_cache_path("container-scaffold")
    return Machine(
        scaffold=__version__,
        python=platform.python_version(),
        platform=platform.platform(),
        git=_git_version(),
        engines=tuple(_engine_state(name) for name in ENGINES),
        ca_bundle=str(surroundings.ca_bundle or ""),
        proxies={name: redact(value) for name, value in surroundings.proxies.items()},
        cache=str(cache),
        cache_bytes=_size(cache),
    )


def _git_version() -> str:
    try:
        return run(["git", "--version"]).stdout.strip().removeprefix("git version ")
    except ScaffoldError:
        return ""


def _engine_state(name: str) -> EngineState:
    try:
        engine = ENGINES[name]()
        return EngineState(name, engine.version, engine.program, engine.capabilities)
    except ScaffoldError as error:
        return EngineState(name, "", "", None, error.message, error.hint)


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
