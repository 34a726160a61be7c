"""uvicorn, with the shutdown that a container platform expects.

By itself uvicorn stops accepting connections at SIGTERM, drops a request of which only a part of the head has
arrived, and in the end sends itself the signal again, which makes the exit code 143.
"""

import asyncio
import logging
import os
import platform
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final, override

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.about import NAME, REVISION, VERSION
from service.config import Settings
from service.health import Health

_SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
_POLL_SECONDS: Final = 0.01
# Longer than load balancers keep a connection, which is mostly 60 s: they would send a request on one that
# is about to be closed.
_KEEP_ALIVE_SECONDS: Final = 75
_HEAD_SECONDS: Final = 5
_CLOSE: Final = (b"connection", b"close")
_logger = logging.getLogger(__name__)


class Server(uvicorn.Server):
    """Serves until it gets SIGTERM or SIGINT, then shuts down.

    /readyz turns 503 and load balancers look away during `drain_delay`; then no connection is accepted any
    more, and requests that have begun are finished within `shutdown_timeout`. `cut_off` tells whether some
    were not.
    """

    def __init__(self, app: ASGIApp, settings: Settings, health: Health) -> None:
        config = uvicorn.Config(
            app,
            http=Protocol,
            ws="none",
            loop="asyncio",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_keep_alive=_KEEP_ALIVE_SECONDS,
        )
        super().__init__(config)
        self._settings = settings
        self._health = health
        self.cut_off = False

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        _logger.info(
            "listening",
            extra={
                "service": NAME,
                "address": f"{self._settings.host} port {self._settings.port}",
                "version": VERSION,
                "revision": REVISION,
                "python": platform.python_version(),
            },
        )

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        for number in _SIGNALS:
            loop.add_signal_handler(number, self._drain)
        try:
            yield
        finally:
            for number in _SIGNALS:
                loop.remove_signal_handler(number)

    def _drain(self) -> None:
        if self._health.draining:
            # The second signal: whoever sends it does not want to wait.
            os._exit(1)
        self._health.draining = True
        # Clients that keep their connection are asked to open a new one, which another instance will get.
        self.config.encoded_headers.append(_CLOSE)
        self.server_state.default_headers.append(_CLOSE)
        _logger.info("draining", extra={"delay": self._settings.drain_delay})
        asyncio.get_running_loop().call_later(self._settings.drain_delay, self._stop)

    def _stop(self) -> None:
        self.should_exit = True

    @override
    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()
        try:
            async with asyncio.timeout(self._settings.shutdown_timeout):
                await self._finished()
        except TimeoutError:
            self.cut_off = True
            cut_off = len(self.server_state.connections)
            _logger.error("requests were cut off", extra={"connections": cut_off})  # noqa: TRY400
        else:
            _logger.info("stopped")
        await self.lifespan.shutdown()

    async def _finished(self) -> None:
        while self.server_state.connections or self.server_state.tasks:  # noqa: ASYNC110
            await asyncio.sleep(_POLL_SECONDS)


class Protocol(H11Protocol):
    """One connection. h11 tells, as no faster parser does, whether a part of a request has arrived."""

    @override
    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._limit_wait()

    @override
    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._has_begun():
            self._limit_wait()

    @override
    def shutdown(self) -> None:
        # What has begun is answered, and the connection closed then, because the answer says so.
        if not self._has_begun():
            super().shutdown()

    def _has_begun(self) -> bool:
        """Tell whether a part of the head of the next request has arrived."""
        is_free = self.cycle is None or self.cycle.response_complete
        return is_free and bool(self.conn.trailing_data[0])

    def _limit_wait(self) -> None:
        """Close the connection when the rest of a head does not come; uvicorn itself would wait for ever."""
        self._unset_keepalive_if_required()
        self.timeout_keep_alive_task = self.loop.call_later(_HEAD_SECONDS, self.timeout_keep_alive_handler)
