"""The real program, as a process of its own."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

HOST = "127.0.0.1"
_PATIENCE = 60


@dataclass(frozen=True)
class Service:
    """A running service."""

    process: subprocess.Popen[str]
    port: int

    def line(self, message: str) -> dict[str, Any]:
        """Read the log up to the line that says `message`."""
        assert self.process.stdout
        for text in self.process.stdout:
            line: dict[str, Any] = json.loads(text)
            if line["msg"] == message:
                return line
        raise AssertionError(f"the log ended before {message!r}")

    def get(
        self, path: str, headers: Mapping[str, str] | None = None
    ) -> tuple[http.client.HTTPResponse, str]:
        """Send one request."""
        connection = http.client.HTTPConnection(HOST, self.port, timeout=_PATIENCE)
        try:
            connection.request("GET", path, headers=dict(headers or {}))
            response = connection.getresponse()
            return response, response.read().decode()
        finally:
            connection.close()

    def connect(self) -> socket.socket:
        """Open a connection and send nothing."""
        return socket.create_connection((HOST, self.port), timeout=_PATIENCE)

    def terminate(self) -> None:
        """Send SIGTERM."""
        self.process.send_signal(signal.SIGTERM)

    def exit_code(self) -> int:
        """Wait for its end."""
        return self.process.wait(_PATIENCE)


@contextmanager
def running(**environment: str) -> Iterator[Service]:
    """Run the service until it listens, and end it afterwards."""
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "service"],
        env=os.environ | {"HOST": HOST, "PORT": str(port)} | environment,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        service = Service(process, port)
        try:
            service.line("listening")
            yield service
        finally:
            process.kill()


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
        check=False,
    )


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.create_server((HOST, 0)) as listener:
        port: int = listener.getsockname()[1]
        return port
