"""Asks the service that runs beside this process, with the same environment, whether it is alive.

Neither the configuration nor an HTTP client is imported: that would take longer than all the rest.
"""

import json
import os
import socket
import sys
import time
from typing import Final

from service.about import DEFAULT_PORT

# Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
_TIMEOUT: Final = 2.0
_REQUEST: Final = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def healthcheck() -> int:
    """Return 0 when the service is alive; else 1, with the reason on stdout."""
    # To connect to 0.0.0.0 or :: is to connect to this host.
    host = os.environ.get("HOST") or "0.0.0.0"  # noqa: S104
    port = os.environ.get("PORT") or str(DEFAULT_PORT)
    try:
        answer = _ask(host, port)
    except (OSError, OverflowError, ValueError) as error:
        answer = str(error)
    if answer.split()[1:2] == ["200"]:
        return 0
    _log(f"{host} port {port}: {answer}")
    return 1


def _ask(host: str, port: str) -> str:
    """Return the first line of the answer."""
    with socket.create_connection((host, int(port)), _TIMEOUT) as connection:
        connection.sendall(_REQUEST)
        return connection.makefile("rb").readline().decode("ascii", "replace").strip()


def _log(error: str) -> None:
    now = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    line = {"time": now, "level": "ERROR", "msg": "healthcheck", "error": error}
    sys.stdout.write(f"{json.dumps(line)}\n")
