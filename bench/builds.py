"""Measures a project's image: cold, after a one-line change, and what is in it."""

from __future__ import annotations

import re
import secrets
import statistics
import tempfile
from dataclasses import dataclass
from pathlib import Path

from scaffold.engines.model import BuildRequest, Engine
from scaffold.image import read
from scaffold.languages.go import Go
from scaffold.network import network
from scaffold.verify.building.checks import append_line
from scaffold.verify.opened import ImageSubject

_REPOSITORY = "localhost/scaffold-bench"


@dataclass(frozen=True, slots=True)
class Measured:
    """One image: size in bytes, seconds of wall time; `cold` is without any cache, also without cache mounts."""

    name: str
    size: int
    layers: int
    user: str
    shell: bool
    cold: float
    rebuilt: float


def measure(engine: Engine, name: str, project: Path, *, changes: int = 1) -> Measured:
    """Build `project` from nothing, build it again after each of some one-line changes, and open the image.

    `rebuilt` is the median of the rebuilds. `project` is changed: its cache mounts get names of their own, and
    its program some more lines.
    """
    _forget_cache_mounts(project)
    tag = f"{_REPOSITORY}:{secrets.token_hex(6)}"
    try:
        cold = engine.build(_request(project, tag, cached=False), _quiet).seconds
        rebuilt = statistics.median(_rebuild(engine, project, tag) for _ in range(changes))
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder, "image.tar")
            engine.save(tag, archive)
            subject = ImageSubject(read(archive))
    finally:
        engine.remove_image(tag)
    return Measured(
        name=name,
        size=subject.image.size,
        layers=len(subject.image.layers),
        user=subject.image.config.user or "root",
        shell=bool(subject.shells()),
        cold=cold,
        rebuilt=rebuilt,
    )


def _rebuild(engine: Engine, project: Path, tag: str) -> float:
    append_line(project, Go())
    return engine.build(_request(project, tag, cached=True), _quiet).seconds


def _request(project: Path, tag: str, *, cached: bool) -> BuildRequest:
    return BuildRequest(context=project, tag=tag, secrets=network().secrets(), cached=cached)


def _forget_cache_mounts(project: Path) -> None:
    """Give each cache mount a new id: `--no-cache` leaves their content, and other projects need it."""
    dockerfile = project / "Dockerfile"
    nonce = secrets.token_hex(4)
    named = re.sub(r"--mount=type=cache,target=(\S+)", rf"\g<0>,id={nonce}-\1", dockerfile.read_text("utf-8"))
    dockerfile.write_text(named, encoding="utf-8")


def _quiet(line: str) -> None:
    """Show nothing: a builder's lines are of no interest here."""
