from ipaddress import ip_address

import pytest

from service.about import DEFAULT_PORT
from service.config import ConfigurationError, Settings, load

NAMES = ("HOST", "PORT", "LOG_LEVEL", "DRAIN_DELAY", "SHUTDOWN_TIMEOUT")


@pytest.fixture(autouse=True)
def _nothing_is_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)


def test_defaults() -> None:
    settings = load()
    assert (str(settings.host), settings.port, settings.log_level) == ("0.0.0.0", DEFAULT_PORT, "info")
    assert (settings.drain_delay, settings.shutdown_timeout) == (0, 10)


def test_empty_is_not_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in NAMES:
        monkeypatch.setenv(name, "")
    assert load() == Settings()


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("HOST", "::1", ip_address("::1")),
        ("PORT", "65535", 65535),
        ("LOG_LEVEL", "DEBUG", "debug"),
        ("DRAIN_DELAY", "2.5s", 2.5),
        ("DRAIN_DELAY", "500ms", 0.5),
        ("DRAIN_DELAY", "0", 0),
        ("SHUTDOWN_TIMEOUT", "1m30s", 90),
        ("SHUTDOWN_TIMEOUT", "1h", 3600),
    ],
)
def test_accepted(monkeypatch: pytest.MonkeyPatch, name: str, text: str, value: object) -> None:
    monkeypatch.setenv(name, text)
    assert getattr(load(), name.lower()) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("HOST", "localhost"),
        ("PORT", "not-a-port"),
        ("PORT", "0"),
        ("PORT", "65536"),
        ("PORT", "80.5"),
        ("LOG_LEVEL", "loud"),
        ("DRAIN_DELAY", "soon"),
        ("DRAIN_DELAY", "s"),
        ("SHUTDOWN_TIMEOUT", "10"),
        ("SHUTDOWN_TIMEOUT", "-1s"),
    ],
)
def test_refused(monkeypatch: pytest.MonkeyPatch, name: str, text: str) -> None:
    monkeypatch.setenv(name, text)
    with pytest.raises(ConfigurationError, match=f'^{name} is "{text}": .+'):
        load()


def test_all_problems_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "0")
    monkeypatch.setenv("DRAIN_DELAY", "soon")
    with pytest.raises(ConfigurationError, match=r"^PORT is .+; DRAIN_DELAY is .+$"):
        load()
