"""Runs the service."""

import asyncio
import logging
import socket

from service import log
from service.app import create_app
from service.config import ConfigurationError, Settings, load
from service.health import Health
from service.requests import RequestLog
from service.server import Server

_logger = logging.getLogger(__name__)


def serve(arguments: list[str]) -> int:
    """Serve until a signal ends it; the result is the exit code."""
    log.configure("info")
    if arguments:
        _logger.error(
            "unknown command",
            extra={"error": f"{' '.join(arguments)}: there is only healthcheck, or nothing"},
        )
        return 2
    try:
        settings = load()
        listener = _listen(settings)
    except (ConfigurationError, OSError) as error:
        _logger.error("exit", extra={"error": str(error)})  # noqa: TRY400
        return 1
    log.configure(settings.log_level)
    health = Health()
    server = Server(RequestLog(create_app(health)), settings, health)
    asyncio.run(server.serve([listener]))
    return int(server.cut_off)


def _listen(settings: Settings) -> socket.socket:
    family = socket.AF_INET6 if settings.host.version == 6 else socket.AF_INET  # noqa: PLR2004
    return socket.create_server((str(settings.host), settings.port), family=family)
