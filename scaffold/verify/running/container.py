"""One running container, as its users see it: HTTP, logs, exit code."""

from __future__ import annotations

import http.client
import json
import socket
import time
from dataclasses import dataclass

from scaffold.engines.model import ContainerState, Engine, Logs

_POLL_SECONDS = 0.02
_ANSWER_SECONDS = 5.0
_LOCALHOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer; `status` is 0 when there was none, and `text` says why."""

    status: int
    text: str

    @property
    def ok(self) -> bool:
        """Whether the status is 2xx."""
        return 200 <= self.status < 300


@dataclass(frozen=True, slots=True)
class Container:
    """A container; `port` is where to reach it on 127.0.0.1, `started` the monotonic time before its start.

    A container that ended at once never had a port: it is 0 then, and every request says that nobody answers.
    """

    engine: Engine
    id: str
    port: int
    started: float

    @property
    def address(self) -> tuple[str, int]:
        """Where to reach it from here."""
        return _LOCALHOST, self.port

    def get(self, path: str) -> Answer:
        """Send one GET request."""
        return _get(self.address, path)

    def await_ready(self, path: str, seconds: float) -> float | None:
        """Ask for `path` until it answers 2xx.

        Returns the seconds since before the container was started, or None when it ended or stayed silent.
        """
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            if self.get(path).ok:
                return time.monotonic() - self.started
            if not self.state().running:
                return None
            time.sleep(_POLL_SECONDS)
        return None

    def begin_request(self, path: str) -> HalfRequest:
        """Send the first half of a request, so that it is in flight until `finish` is called."""
        connection = socket.create_connection(self.address, timeout=_ANSWER_SECONDS)
        connection.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n".encode())
        return HalfRequest(connection)

    def state(self) -> ContainerState:
        """Tell how it is."""
        return self.engine.state(self.id)

    def logs(self) -> Logs:
        """Return what it printed."""
        return self.engine.logs(self.id)

    def signal(self, name: str) -> None:
        """Send it a signal."""
        self.engine.signal(self.id, name)

    def await_exit(self, seconds: float) -> int | None:
        """Wait for its end and return its exit code, or None when it still runs after `seconds`."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            state = self.state()
            if not state.running:
                return state.exit_code
            time.sleep(_POLL_SECONDS)
        return None

    def await_health(self, seconds: float) -> str:
        """Wait until HEALTHCHECK is done with starting, and return its word."""
        deadline = time.monotonic() + seconds
        state = self.engine.probe_health(self.id)
        while time.monotonic() < deadline and state.running and state.health in {"", "starting"}:
            time.sleep(_POLL_SECONDS)
            state = self.engine.probe_health(self.id)
        return state.health or "unknown"


class HalfRequest:
    """A request of which the server has only a part."""

    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def finish(self) -> Answer:
        """Send the rest and read the answer."""
        try:
            self._connection.sendall(b"Connection: close\r\n\r\n")
            response = http.client.HTTPResponse(self._connection)
            response.begin()
            return Answer(response.status, response.read().decode(errors="replace"))
        except (OSError, http.client.HTTPException) as error:
            return Answer(0, f"the connection was cut ({error or type(error).__name__})")
        finally:
            self._connection.close()


def json_lines(text: str) -> tuple[list[dict[str, object]], list[str]]:
    """Split a log into the lines that are JSON objects and those that are not."""
    objects: list[dict[str, object]] = []
    others: list[str] = []
    for line in filter(None, (line.strip() for line in text.splitlines())):
        try:
            document = json.loads(line)
        except ValueError:
            document = None
        if isinstance(document, dict):
            objects.append(document)
        else:
            others.append(line)
    return objects, others


def _get(address: tuple[str, int], path: str) -> Answer:
    connection = http.client.HTTPConnection(*address, timeout=_ANSWER_SECONDS)
    try:
        connection.request("GET", path, headers={"Connection": "close"})
        response = connection.getresponse()
        return Answer(response.status, response.read().decode(errors="replace"))
    except (OSError, http.client.HTTPException) as error:
        return Answer(0, f"no answer ({error or type(error).__name__})")
    finally:
        connection.close()
