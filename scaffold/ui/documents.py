"""The JSON form of every result: one object, versioned, the same frame for success and failure."""

from __future__ import annotations

import json
from dataclasses import asdict, is_dataclass
from pathlib import PurePath
from typing import Any

import click

from scaffold.errors import AnswersError, ProgramError, ScaffoldError
from scaffold.run import redact

SCHEMA = 1

Document = dict[str, Any]


def result_document(command: str, result: object, *, ok: bool = True) -> Document:
    """Frame `result` (a dataclass, or what json takes): `{"schema", "command", "ok", "result"}`."""
    return {"schema": SCHEMA, "command": command, "ok": ok, "result": result}


def failure_document(error: ScaffoldError, *, command: str) -> Document:
    """Frame an expected failure: as above, with an `error` for the result."""
    body: Document = {
        "kind": error.kind,
        "exit_code": int(error.exit_code),
        "message": redact(error.message),
        "hint": redact(error.hint),
    }
    if isinstance(error, AnswersError):
        body["problems"] = [redact(problem) for problem in error.problems]
    if isinstance(error, ProgramError) and error.output:
        body["output"] = error.output
    return {"schema": SCHEMA, "command": command, "ok": False, "error": body}


def print_document(document: Document) -> None:
    """Print one JSON object to stdout."""
    click.echo(json.dumps(document, indent=2, ensure_ascii=False, default=_plain))


def _plain(value: object) -> object:
    if is_dataclass(value) and not isinstance(value, type):
        return asdict(value)
    if isinstance(value, PurePath):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")
