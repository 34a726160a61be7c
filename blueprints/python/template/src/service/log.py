"""The log: one JSON object a line on stdout."""

import json
import logging
import sys
from contextvars import ContextVar
from datetime import UTC, datetime
from types import TracebackType
from typing import Final, override

request_id: Final[ContextVar[str]] = ContextVar("request_id")
"""The id of the request that is being answered; each of its lines carries it."""

_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warn": logging.WARNING,
    "error": logging.ERROR,
}
# What every record has; all else came in through `extra`.
_STANDARD: Final = {*vars(logging.makeLogRecord({})), "message", "asctime"}


class JsonFormatter(logging.Formatter):
    """Writes a record, and what was given as `extra`, as one JSON object."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "msg": record.getMessage().strip(),
        }
        line |= {name: value for name, value in vars(record).items() if name not in _STANDARD}
        if identifier := request_id.get(""):
            line["request_id"] = identifier
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, default=str)


def configure(level: str) -> None:
    """Send every record from `level` on to stdout, also those of libraries."""
    logging.addLevelName(logging.WARNING, "WARN")
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(JsonFormatter())
    handler.setLevel(_LEVELS[level])
    logging.basicConfig(level=_LEVELS[level], handlers=[handler], force=True)
    logging.captureWarnings(capture=True)
    sys.excepthook = _log_uncaught
    # Of its own life the server tells the same as we do, in more words.
    logging.getLogger("uvicorn").setLevel(logging.WARNING)


def _log_uncaught(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    logging.getLogger(__name__).critical("exit", exc_info=(kind, error, trace))
