"""How soon a service is up: from the start of its process to the first line of its log."""

from __future__ import annotations

import json
import secrets
import statistics
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from bench.processes import Comparison
from scaffold.engines.model import BuildRequest, Engine
from scaffold.network import network
from scaffold.run import run

_ROUNDS = 15
_SECONDS = 20
_MOST = 0.6
# The same classes in the same runtime, without what the build keeps ready for it.
_PLAIN = ("/opt/runtime/bin/java", "-cp", "/app/service.jar", "service.Main")


def java(engine: Engine, project: Path) -> Comparison:
    """Compare the start of a Java project's image with that of plain `java` in it."""
    tag = f"localhost/scaffold-bench:{secrets.token_hex(6)}"
    engine.build(BuildRequest(context=project, tag=tag, secrets=network().secrets()), lambda _line: None)
    try:
        # In turn, so that both see the same machine.
        seconds = [(_start(engine, tag), _start(engine, tag, _PLAIN)) for _ in range(_ROUNDS)]
    finally:
        engine.remove_image(tag)
    ours, peer = map(statistics.median, zip(*seconds, strict=True))
    return Comparison("start to the first line of the log / plain `java` in the same image", ours, peer, _MOST)


def _start(engine: Engine, image: str, command: Sequence[str] = ()) -> float:
    entrypoint = [f"--entrypoint={command[0]}"] if command else []
    words = [engine.program, "run", "--detach", *entrypoint, image, *command[1:]]
    container = run(words, timeout=_SECONDS).stdout.strip()
    try:
        said = _first_line(engine, container)
        inspected = json.loads(run([engine.program, "inspect", container], timeout=_SECONDS).stdout)
    finally:
        engine.remove_container(container)
    return (_instant(said) - _instant(inspected[0]["State"]["StartedAt"])).total_seconds()


def _first_line(engine: Engine, container: str) -> str:
    """Return the time of the first line, as the engine noted it, once there is one."""
    for _ in range(_SECONDS * 10):
        time.sleep(0.1)
        if line := run([engine.program, "logs", "--timestamps", container], timeout=_SECONDS).stdout:
            return line.split(maxsplit=1)[0]
    raise TimeoutError(f"no line in the log of {container} after {_SECONDS} s")


def _instant(text: str) -> datetime:
    """Read a time that has nanoseconds, of which Python knows a thousand as one."""
    return datetime.fromisoformat(f"{text[: len('2026-01-01T00:00:00.000000')]}+00:00")
