"""A small service of the tests' own, as a static binary."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from scaffold.engines.model import Engine
from tests.verify.images import built

TOOLCHAIN = """\
FROM golang:1.27.3-alpine3.23
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/go-build CGO_ENABLED=0 go build -o /service .
"""


@pytest.fixture(scope="session")
def program(tmp_path_factory: pytest.TempPathFactory, engine: Engine) -> Path:
    """Return a folder with the program `service`, built by the toolchain of the base images."""
    folder = tmp_path_factory.mktemp("service")
    source = Path(__file__).parent / "running" / "service"
    with built(engine, source, TOOLCHAIN) as image:
        created = subprocess.run([engine.program, "create", image], capture_output=True, text=True, check=True)
        name = created.stdout.strip()
        subprocess.run([engine.program, "cp", f"{name}:/service", folder / "service"], check=True)
        engine.remove_container(name)
    return folder
