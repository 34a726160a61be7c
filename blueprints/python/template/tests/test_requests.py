import asyncio
import io
import json
import logging
import sys
from collections.abc import Iterator

import pytest
from fastapi import FastAPI, Request
from starlette.types import Message, Scope

from service import log
from service.app import create_app
from service.health import Health
from service.requests import RequestLog

MEGABYTE = 1024**2


@pytest.fixture(autouse=True)
def output(monkeypatch: pytest.MonkeyPatch) -> Iterator[io.StringIO]:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stdout", stream)
    before = logging.root.handlers[:], logging.root.level
    log.configure("debug")
    yield stream
    logging.root.handlers[:], logging.root.level = before


@pytest.fixture
def app() -> FastAPI:
    app = create_app(Health())

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("boom")

    @app.post("/size")
    async def size(request: Request) -> int:
        logging.getLogger("handler").info("in the handler")
        return len(await request.body())

    return app


def ask(app: FastAPI, method: str, path: str, body: bytes = b"", **headers: str) -> list[Message]:
    """Send one request through the application as the server does, and return what it sends."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": body}

    async def send(message: Message) -> None:
        sent.append(message)

    scope: Scope = {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        "state": {},
    }
    asyncio.run(RequestLog(app)(scope, receive, send))
    return sent


def lines(output: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in output.getvalue().splitlines()]


def test_request_is_logged_with_its_id(app: FastAPI, output: io.StringIO) -> None:
    ask(app, "POST", "/size", b"four", x_request_id="id-1")
    inner, request = (line for line in lines(output) if line["msg"] in {"in the handler", "request"})
    assert inner["request_id"] == request["request_id"] == "id-1"
    assert (request["level"], request["method"], request["path"]) == ("INFO", "POST", "/size")
    assert (request["status"], request["bytes"]) == (200, 1)


@pytest.mark.parametrize("given", ["", "two words", "é", "x" * 65])
def test_unacceptable_id_is_replaced(app: FastAPI, given: str) -> None:
    start, _ = ask(app, "GET", "/", x_request_id=given)
    identifier = dict(start["headers"])[b"x-request-id"].decode()
    assert identifier != given
    assert identifier.isalnum()


@pytest.mark.parametrize("path", ["/livez", "/readyz"])
def test_probes_are_logged_at_debug(app: FastAPI, output: io.StringIO, path: str) -> None:
    ask(app, "GET", path)
    (line,) = (line for line in lines(output) if line["msg"] == "request")
    assert line["level"] == "DEBUG"


def test_failure_is_answered_and_logged(app: FastAPI, output: io.StringIO) -> None:
    with pytest.raises(RuntimeError, match="boom"):
        ask(app, "GET", "/broken")
    (line,) = (line for line in lines(output) if line["msg"] == "request")
    assert line["status"] == 500


@pytest.mark.parametrize(("size", "status"), [(MEGABYTE, 200), (MEGABYTE + 1, 413)])
def test_body_is_limited(app: FastAPI, size: int, status: int) -> None:
    start, *_ = ask(app, "POST", "/size", bytes(size))
    assert start["status"] == status
