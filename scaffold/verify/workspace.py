"""What a verification makes in the engine and on disk, under names that tell whose it is, and its removal."""

from __future__ import annotations

import os
import re
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from scaffold.engines.model import Engine, Logs
from scaffold.run import is_running

LABEL = "io.github.container-scaffold.verify"
REPOSITORY = "localhost/scaffold-verify"


class Workspace:
    """A context: sweeps what dead runs left, gives names, and removes on leaving what was made under them.

    `logs` is the folder for the engine's and the containers' output; it outlives the context.
    """

    def __init__(self, engine: Engine, logs: Path) -> None:
        self.engine = engine
        self.logs = logs
        self.owner = f"{_host()}-{os.getpid()}"
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        sweep(self.engine)
        self.logs.mkdir(parents=True, exist_ok=True)
        # BuildKit reads the context as the user; a folder of our own keeps copies out of the project.
        self.folder = Path(self._stack.enter_context(tempfile.TemporaryDirectory(prefix="scaffold-verify-")))
        self._stack.callback(self._remove_made)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.__exit__(kind, error, trace)

    def image_name(self, purpose: str) -> str:
        """Return a reference for an image of this run."""
        return f"{REPOSITORY}:{self.owner}-{purpose}"

    def container_name(self, purpose: str) -> str:
        """Return a name for a container of this run."""
        return f"scaffold-verify-{self.owner}-{purpose}"

    @property
    def container_labels(self) -> dict[str, str]:
        """The labels by which a later run finds what this one left."""
        return {LABEL: self.owner}

    def keep_log(self, purpose: str, logs: Logs | str) -> None:
        """Write the output of a build or a container beside the others."""
        text = logs if isinstance(logs, str) else logs.stdout + logs.stderr
        (self.logs / f"{purpose}.log").write_text(text, encoding="utf-8")

    def _remove_made(self) -> None:
        _remove(self.engine, lambda owner: owner == self.owner)


def sweep(engine: Engine) -> int:
    """Remove the containers and images of runs on this host whose process is gone; return how many."""
    return _remove(engine, _is_dead)


def _remove(engine: Engine, wanted: Callable[[str], bool]) -> int:
    containers = [name for name, owner in engine.containers(LABEL) if wanted(owner)]
    images = [image for image in engine.images(REPOSITORY) if wanted(_owner_of(image))]
    for container in containers:
        engine.remove_container(container)
    for image in images:
        engine.remove_image(image)
    return len(containers) + len(images)


def _owner_of(image: str) -> str:
    found = re.match(r"[^:]+:([0-9a-z]+-\d+)", image)
    return found[1] if found else ""


def _is_dead(owner: str) -> bool:
    host, _, process = owner.rpartition("-")
    return host == _host() and process.isdigit() and not is_running(int(process))


def _host() -> str:
    """Name this machine (or container) in a tag: one engine may serve several."""
    return re.sub(r"[^0-9a-z]", "", socket.gethostname().lower())[:40] or "host"
