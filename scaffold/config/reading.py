"""Reads the user's configuration strictly: what it says has an effect, or an error with its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

import platformdirs

from scaffold.document import Section, load
from scaffold.errors import ConfigurationError

FILE_NAME = "config.yml"


@dataclass(frozen=True, slots=True)
class Configuration:
    """What the user has configured.

    `catalog` is where blueprints come from unless a flag says otherwise, "" for the built-in ones; `trusted`
    are the sources whose blueprints may run code here. `ca_bundle` is a PEM file; `mirrors` has the variables
    that lead package managers to mirrors. The environment wins over both.
    """

    path: Path
    catalog: str = ""
    trusted: tuple[str, ...] = ()
    ca_bundle: Path | None = None
    mirrors: Mapping[str, str] = field(default_factory=dict)


def configuration_path() -> Path:
    """Return where the configuration is, whether or not there is one."""
    return platformdirs.user_config_path("container-scaffold") / FILE_NAME


def configuration() -> Configuration:
    """Read the configuration; raises ConfigurationError with file and line."""
    path = configuration_path()
    if not path.exists():
        return Configuration(path)
    top = load(path, ConfigurationError)
    bundle, mirrors = _network(top.section("network"))
    read = Configuration(path, top.optional("catalog", str) or "", top.texts("trusted"), bundle, mirrors)
    top.finish()
    return read


def _network(section: Section | None) -> tuple[Path | None, dict[str, str]]:
    if section is None:
        return None, {}
    bundle, mirrors = _bundle(section), section.mapping("mirrors")
    section.finish()
    return bundle, mirrors


def _bundle(section: Section) -> Path | None:
    named = section.optional("ca_bundle", str)
    if named is None:
        return None
    bundle = Path(named).expanduser()
    if not bundle.is_file():
        raise section.error(
            f"'ca_bundle' names {named}, which is not a file", "ca_bundle", hint="name a PEM bundle"
        )
    return bundle
