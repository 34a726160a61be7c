"""What `config` does: read the user's configuration, and tell what holds, the environment included."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from scaffold.catalog.source import BUILTIN
from scaffold.config import configuration
from scaffold.languages import LANGUAGES
from scaffold.network import network
from scaffold.run import redact


@dataclass(frozen=True, slots=True)
class Effective:
    """What holds here. `exists`: whether there is a file at `path`; `mirrors` are those that a build gets."""

    path: Path
    exists: bool
    catalog: str
    trusted: tuple[str, ...]
    ca_bundle: str
    mirrors: dict[str, str]


def effective() -> Effective:
    """Return what holds; raises ConfigurationError with file and line."""
    read = configuration()
    found = network(configured=read)
    variables = [name for language in LANGUAGES.values() for name in language.network_variables]
    known = {*variables, *read.mirrors}
    mirrors = {name: redact(value) for name, value in found.arguments(sorted(known)).items() if name in known}
    return Effective(
        path=read.path,
        exists=read.path.exists(),
        catalog=read.catalog or BUILTIN,
        trusted=read.trusted,
        ca_bundle=str(found.ca_bundle or ""),
        mirrors=mirrors,
    )
