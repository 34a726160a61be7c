"""What an image tells the engine that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from scaffold.image.layout import document, documents, text, texts


@dataclass(frozen=True, slots=True)
class Instruction:
    """One entry of the history. `empty` says that it made no layer."""

    created_by: str
    empty: bool


@dataclass(frozen=True, slots=True)
class Config:
    """The configuration of an image.

    `exposed_ports` are as written (`8080/tcp`); `healthcheck` has docker's form: `("CMD", "/app", …)`,
    `("CMD-SHELL", "curl …")`, `("NONE",)`, or is empty. The OCI format has no health check.
    """

    user: str = ""
    environment: Mapping[str, str] = field(default_factory=dict)
    entrypoint: tuple[str, ...] = ()
    command: tuple[str, ...] = ()
    working_directory: str = ""
    exposed_ports: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)
    healthcheck: tuple[str, ...] = ()
    stop_signal: str = ""
    architecture: str = ""
    os: str = ""
    history: tuple[Instruction, ...] = ()


def parse_config(top: Mapping[str, Any]) -> Config:
    """Read an image's configuration; raises Malformed where a part is of the wrong type."""
    config = document(top.get("config"), "config")
    labels = document(config.get("Labels"), "Labels")
    return Config(
        user=text(config.get("User"), "User"),
        environment=dict(_pair(word) for word in texts(config.get("Env"), "Env")),
        entrypoint=_words(config.get("Entrypoint"), "Entrypoint"),
        command=_words(config.get("Cmd"), "Cmd"),
        working_directory=text(config.get("WorkingDir"), "WorkingDir"),
        exposed_ports=tuple(document(config.get("ExposedPorts"), "ExposedPorts")),
        labels={name: text(value, f"label {name}") for name, value in labels.items()},
        healthcheck=_words(document(config.get("Healthcheck"), "Healthcheck").get("Test"), "Healthcheck"),
        stop_signal=text(config.get("StopSignal"), "StopSignal"),
        architecture=text(top.get("architecture"), "architecture"),
        os=text(top.get("os"), "os"),
        history=tuple(_instruction(entry) for entry in documents(top.get("history") or [], "history")),
    )


def diff_ids(top: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the digests of the layers' uncompressed archives, from the bottom."""
    return texts(document(top.get("rootfs"), "rootfs").get("diff_ids"), "diff_ids")


def _words(value: Any, what: str) -> tuple[str, ...]:
    # Images of docker before 1.10 have a string where a list stands today.
    return (value,) if isinstance(value, str) else texts(value, what)


def _pair(word: str) -> tuple[str, str]:
    name, _, value = word.partition("=")
    return name, value


def _instruction(entry: Mapping[str, Any]) -> Instruction:
    return Instruction(text(entry.get("created_by"), "created_by"), bool(entry.get("empty_layer")))
