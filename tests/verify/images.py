"""Images for the tests of checks, built by the real engine from a few lines."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from scaffold.engines.command_line import CommandLineEngine
from scaffold.engines.model import BuildRequest, Engine

REPOSITORY = "localhost/scaffold-tests"


@contextmanager
def built(engine: Engine | CommandLineEngine, context: Path, dockerfile: str, target: str = "") -> Iterator[str]:
    """Build an image of `context` for as long as the block lasts."""
    tag = f"{REPOSITORY}:{secrets.token_hex(6)}"
    file = context / f"Dockerfile.{secrets.token_hex(4)}"
    file.write_text(dockerfile, encoding="utf-8")
    engine.build(BuildRequest(context=context, tag=tag, dockerfile=file, target=target), lambda _: None)
    try:
        yield tag
    finally:
        engine.remove_image(tag)
        file.unlink()
