import http.client
import json
import socket

import pytest

from service.about import DESCRIPTION, NAME
from tests.program import HOST, Service, free_port, run, running

REQUEST = b"GET / HTTP/1.1\r\nHost: test\r\n\r\n"


def status(connection: socket.socket) -> int:
    """Read one whole response."""
    response = http.client.HTTPResponse(connection)
    response.begin()
    response.read()
    return response.status


def test_serves_and_stops() -> None:
    with running(SERVICE_VERSION="1.2.3") as service:
        response, body = service.get("/")
        assert json.loads(body) == {"service": NAME, "version": "1.2.3", "message": DESCRIPTION}
        assert response.getheader("Server") is None
        for probe in ("/livez", "/readyz"):
            assert service.get(probe)[0].status == 200
        service.terminate()
        assert service.exit_code() == 0


def test_drains() -> None:
    with running(DRAIN_DELAY="1h") as service:
        service.terminate()
        service.line("draining")
        response, _ = service.get("/readyz")
        assert (response.status, response.getheader("Connection")) == (503, "close")
        assert service.get("/livez")[0].status == 200
        # The second signal ends it at once.
        service.terminate()
        assert service.exit_code() == 1


@pytest.mark.parametrize(("before", "begun"), [(b"", 1), (b"", 20), (REQUEST, 1), (REQUEST, 20)])
def test_finishes_what_has_begun(before: bytes, begun: int) -> None:
    with running() as service, service.connect() as connection:
        if before:
            connection.sendall(before)
            assert status(connection) == 200
        connection.sendall(REQUEST[:begun])
        # Once another request is answered, the part of this one has been read.
        service.get("/")
        service.terminate()
        wait_for_refusal(service)
        connection.sendall(REQUEST[begun:])
        assert status(connection) == 200
        assert service.exit_code() == 0


def test_does_not_wait_for_connections_without_a_request() -> None:
    with running(SHUTDOWN_TIMEOUT="1h") as service, service.connect(), service.connect() as kept:
        kept.sendall(REQUEST)
        assert status(kept) == 200
        service.terminate()
        assert service.exit_code() == 0


def test_cuts_off_after_the_timeout() -> None:
    with running(SHUTDOWN_TIMEOUT="1ms") as service, service.connect() as connection:
        connection.sendall(REQUEST[:20])
        service.get("/")
        service.terminate()
        assert service.exit_code() == 1
        assert service.line("requests were cut off")["connections"] == 1


def test_failure_is_logged_as_json() -> None:
    with running() as service, service.connect() as connection:
        connection.sendall(b"no request\r\n\r\n")
        assert status(connection) == 400
        assert service.line("Invalid HTTP request received.")["level"] == "WARN"


@pytest.mark.parametrize("host", [HOST, "0.0.0.0"])
def test_healthcheck(host: str) -> None:
    with running(HOST=host) as service:
        asked = run("healthcheck", HOST=host, PORT=str(service.port))
        assert (asked.returncode, asked.stdout, asked.stderr) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (["healthcheck"], {"PORT": str(free_port())}, "refused"),
        (["healthcheck"], {"PORT": "not-a-port"}, "not-a-port"),
        ([], {"PORT": "not-a-port", "DRAIN_DELAY": "soon"}, "PORT is"),
        ([], {"HOST": "192.0.2.1"}, "192.0.2.1"),
        (["serve", "now"], {}, "serve now"),
    ],
    ids=["healthcheck", "healthcheck-configuration", "configuration", "address", "command"],
)
def test_says_why_it_ends(arguments: list[str], environment: dict[str, str], words: str) -> None:
    ended = run(*arguments, **environment)
    (line,) = map(json.loads, ended.stdout.splitlines())
    assert ended.returncode > 0
    assert ended.stderr == ""
    assert line["level"] == "ERROR"
    assert line["time"]
    assert words in line["error"]


def wait_for_refusal(service: Service) -> None:
    """Return when connections are refused."""
    while True:
        try:
            service.connect().close()
        except ConnectionError:
            return
