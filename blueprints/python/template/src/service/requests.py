"""One log line a request, and an id that all of the request's lines carry."""

import logging
import re
import time
import uuid
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.log import request_id

_HEADER: Final = "X-Request-Id"
# What can go into a log and back in a header.
_ACCEPTABLE: Final = re.compile(r"[!-~]{1,64}")
_PROBES: Final = {"/livez", "/readyz"}
_logger = logging.getLogger(__name__)


class RequestLog:
    """Wraps an application. Outside of FastAPI's own middleware, it sees the 500 of a failure too."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        sent = _Sent(send, _identifier(scope))
        request_id.set(sent.identifier)
        started = time.perf_counter()
        try:
            await self._app(scope, receive, sent)
        finally:
            _logger.log(
                # Probes come every few seconds.
                logging.DEBUG if scope["path"] in _PROBES else logging.INFO,
                "request",
                extra={
                    "method": scope["method"],
                    "path": scope["path"],
                    "status": sent.status,
                    "bytes": sent.bytes,
                    "duration_ms": round((time.perf_counter() - started) * 1000, 1),
                },
            )


class _Sent:
    """Sends a response with the request's id, and notes what was sent; a status of 0 is that nothing was."""

    def __init__(self, send: Send, identifier: str) -> None:
        self._send = send
        self.identifier = identifier
        self.status = 0
        self.bytes = 0

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            MutableHeaders(scope=message)[_HEADER] = self.identifier
        elif message["type"] == "http.response.body":
            self.bytes += len(message.get("body", b""))
        await self._send(message)


def _identifier(scope: Scope) -> str:
    given = Headers(scope=scope).get(_HEADER, "")
    return given if _ACCEPTABLE.fullmatch(given) else uuid.uuid4().hex
