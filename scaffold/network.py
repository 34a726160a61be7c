"""How this machine reaches the outside: certificate bundle, proxies, package mirrors.

The environment says so, and where it is silent the user's configuration.
A build gets them as secrets and build arguments, so that neither the Dockerfile nor the image keeps a trace.
"""

from __future__ import annotations

import os
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from scaffold.config import Configuration, configuration
from scaffold.errors import InputError

CA_SECRET = "ca-bundle"
CA_VARIABLES = ("SCAFFOLD_CA_BUNDLE", "SSL_CERT_FILE", "CURL_CA_BUNDLE", "REQUESTS_CA_BUNDLE")
# Docker predefines these as build arguments: no ARG line needed, not in the image's history.
PROXY_VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "ALL_PROXY")


@dataclass(frozen=True, slots=True)
class Network:
    """`ca_bundle` is a PEM file or None; `proxies` has the variables that are set, in upper case."""

    ca_bundle: Path | None
    proxies: dict[str, str]
    environment: Mapping[str, str]

    def secrets(self) -> dict[str, Path]:
        """Return the build secrets."""
        return {CA_SECRET: self.ca_bundle} if self.ca_bundle else {}

    def arguments(self, mirrors: Iterable[str]) -> dict[str, str]:
        """Return the build arguments: the proxies, and those of the variables `mirrors` that are set."""
        return self.proxies | {name: self.environment[name] for name in mirrors if self.environment.get(name)}


def network(environment: Mapping[str, str] = os.environ, configured: Configuration | None = None) -> Network:
    """Read the machine's network from its environment and the configuration, which is the user's by default.

    Raises InputError when the bundle that the user chose is not there; one that another tool's variable names
    is left out instead.
    """
    configured = configured or configuration()
    proxies = {
        name: value
        for name in PROXY_VARIABLES
        if (value := environment.get(name) or environment.get(name.lower()))
    }
    mirrors = ChainMap(_set(environment), dict(configured.mirrors))
    return Network(_ca_bundle(environment) or configured.ca_bundle, proxies, mirrors)


def _set(environment: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in environment.items() if value}


def _ca_bundle(environment: Mapping[str, str]) -> Path | None:
    chosen = environment.get(CA_VARIABLES[0])
    if chosen and not Path(chosen).is_file():
        raise InputError(f"{CA_VARIABLES[0]} names {chosen}, which is not a file", hint="name a PEM bundle")
    named = (environment.get(variable) for variable in CA_VARIABLES)
    return next((Path(path) for path in named if path and Path(path).is_file()), None)
