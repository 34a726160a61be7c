"""Asks the service that runs beside this process, with the same environment, whether it is alive.

Neither the configuration nor an HTTP client is imported: that would take longer than all the rest.
"""

import json
import os
import socket
import sys
from typing import Final

from service.about import DEFAULT_PORT

# Shorter than the timeout of the image's HEALTHCHECK, so that the reason is reported rather than a kill.
_TIMEOUT: Final = 2.0
_REQUEST: Final = b"GET /livez HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"


def healthcheck() -> int:
    """Return 0 when the service is alive; else 1, with the reason on stdout."""
    # To connect to 0.0.0.0 or :: is to connect to this host.
    address = os.environ.get("HOST") or "0.0.0.0", int(os.environ.get("PORT") or DEFAULT_PORT)  # noqa: S104
    try:
        answer = _ask(address)
    except OSError as error:
        answer = str(error)
    if answer.split()[1:2] == ["200"]:
        return 0
    line = {"level": "ERROR", "msg": "healthcheck", "error": f"{address[0]} port {address[1]}: {answer}"}
    sys.stdout.write(f"{json.dumps(line)}\n")
    return 1


def _ask(address: tuple[str, int]) -> str:
    """Return the first line of the answer."""
    with socket.create_connection(address, _TIMEOUT) as connection:
        connection.sendall(_REQUEST)
        return connection.makefile("rb").readline().decode("ascii", "replace").strip()
