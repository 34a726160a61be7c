"""Measures a project's image: cold, after a one-line change, and what is in it."""

from __future__ import annotations

import re
import secrets
import statistics
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from scaffold.engines.model import BuildRequest, Engine
from scaffold.image import read
from scaffold.languages.go import Go
from scaffold.languages.model import Language
from scaffold.network import network
from scaffold.verify.building.checks import append_line
from scaffold.verify.opened import ImageSubject

_REPOSITORY = "localhost/scaffold-bench"
_LEAST = """\
FROM alpine:3.23 AS build
COPY source /source
RUN cp /source /result
FROM scratch
COPY --from=build /result /result
"""


@dataclass(frozen=True, slots=True)
class Measured:
    """One image: size in bytes, seconds of wall time; `cold` is without any cache, also without cache mounts.

    `dependency` is the build after a dependency was added, None where none was.
    """

    name: str
    size: int
    layers: int
    user: str
    shell: bool
    cold: float
    rebuilt: float
    dependency: float | None = None


def measure(
    engine: Engine,
    name: str,
    project: Path,
    *,
    changes: int = 1,
    language: Language | None = None,
    add_dependency: Callable[[Path], None] | None = None,
) -> Measured:
    """Build `project` from nothing, build it again after each of some one-line changes, and open the image.

    `rebuilt` is the median of the rebuilds. `project` is changed: its cache mounts get names of their own, and
    its program some more lines. `language` is Go unless it is given.
    """
    _forget_cache_mounts(project)
    tag = f"{_REPOSITORY}:{secrets.token_hex(6)}"
    try:
        cold = engine.build(_request(project, tag, cached=False), _quiet).seconds
        rebuilt = statistics.median(_rebuild(engine, project, tag, language or Go()) for _ in range(changes))
        with tempfile.TemporaryDirectory() as folder:
            archive = Path(folder, "image.tar")
            engine.save(tag, archive)
            subject = ImageSubject(read(archive))
        dependency = None
        if add_dependency:
            add_dependency(project)
            dependency = _build(engine, project, tag)
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
        dependency=dependency,
    )


def least(engine: Engine, folder: Path, *, changes: int) -> float:
    """Return what a rebuild takes that does nothing, in seconds: below it the engine's own work begins."""
    folder.mkdir()
    (folder / "Dockerfile").write_text(_LEAST, encoding="utf-8")
    tag = f"{_REPOSITORY}:{secrets.token_hex(6)}"
    seconds = []
    try:
        for _ in range(changes + 1):
            (folder / "source").write_text(secrets.token_hex(8), encoding="utf-8")
            seconds.append(_build(engine, folder, tag))
    finally:
        engine.remove_image(tag)
    return statistics.median(seconds[1:])


def _rebuild(engine: Engine, project: Path, tag: str, language: Language) -> float:
    append_line(project, language)
    return _build(engine, project, tag)


def _build(engine: Engine, project: Path, tag: str) -> float:
    return engine.build(_request(project, tag, cached=True), _quiet).seconds


def _request(project: Path, tag: str, *, cached: bool) -> BuildRequest:
    return BuildRequest(context=project, tag=tag, secrets=network().secrets(), cached=cached)


def _forget_cache_mounts(project: Path) -> None:
    """Give each cache mount a new id: `--no-cache` leaves their content, and other projects need it."""
    dockerfile = project / "Dockerfile"
    nonce = secrets.token_hex(4)
    named = re.sub(r"(--mount=type=cache\S*?),id=[^,\s]+", r"\1", dockerfile.read_text("utf-8"))
    named = re.sub(r"--mount=type=cache\S*?,target=([^,\s]+)", rf"\g<0>,id={nonce}-\1", named)
    dockerfile.write_text(named, encoding="utf-8")


def _quiet(line: str) -> None:
    """Show nothing: a builder's lines are of no interest here."""
