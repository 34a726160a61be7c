"""The configuration, from the environment. README.md describes the variables."""

import re
from ipaddress import IPv4Address
from typing import Annotated, Final, Literal

from pydantic import BeforeValidator, Field, IPvAnyAddress, ValidationError
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, SettingsConfigDict

from service.about import DEFAULT_PORT

_UNITS: Final = {"h": 3600.0, "m": 60.0, "s": 1.0, "ms": 0.001}
_PART: Final = re.compile(r"(\d+(?:\.\d+)?)(ms|h|m|s)")


def _seconds(value: object) -> object:
    """Read a duration such as 1.5s or 1m30s; `value` is a number already where it is a default."""
    if not isinstance(value, str):
        return value
    if value == "0":
        return 0.0
    parts = _PART.findall(value)
    if "".join(map("".join, parts)) != value:
        raise ValueError("want a duration such as 0s, 1.5s or 2m")
    return sum(float(number) * _UNITS[unit] for number, unit in parts)


def _lower(value: object) -> object:
    return value.lower() if isinstance(value, str) else value


Seconds = Annotated[float, BeforeValidator(_seconds)]
Level = Annotated[Literal["debug", "info", "warn", "error"], BeforeValidator(_lower)]


class ConfigurationError(Exception):
    """What is wrong in the environment, with the name of each variable."""


class Settings(BaseSettings):
    """A valid configuration. Durations are in seconds."""

    # A variable that is set but empty is what compose.yaml makes of one that the host does not have.
    model_config = SettingsConfigDict(env_ignore_empty=True, frozen=True)

    host: IPvAnyAddress = IPv4Address("0.0.0.0")  # noqa: S104
    port: Annotated[int, Field(ge=1, le=65535)] = DEFAULT_PORT
    log_level: Level = "info"
    drain_delay: Seconds = 0.0
    shutdown_timeout: Seconds = 10.0


def load() -> Settings:
    """Read the environment; raises ConfigurationError, which names every variable that does not hold."""
    try:
        return Settings()
    except ValidationError as error:
        raise ConfigurationError("; ".join(map(_problem, error.errors()))) from None


def _problem(details: ErrorDetails) -> str:
    name = str(details["loc"][0]).upper()
    return f'{name} is "{details["input"]}": {details["msg"].removeprefix("Value error, ")}'
