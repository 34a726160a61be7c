"""The user's configuration is read strictly; the environment wins over it."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.config import configuration, configuration_path
from scaffold.errors import ConfigurationError
from scaffold.network import network

GOOD = """\
catalog: https://example.com/platform/blueprints.git@main
trusted:
  - https://example.com/platform/
network:
  ca_bundle: {bundle}
  mirrors:
    GOPROXY: https://go.example.com
    NPM_CONFIG_REGISTRY: https://npm.example.com
"""


@pytest.fixture
def bundle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A user with a certificate bundle and no configuration yet."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    (tmp_path / "company.pem").write_text("")
    return tmp_path / "company.pem"


def write(text: str) -> None:
    configuration_path().parent.mkdir(parents=True, exist_ok=True)
    configuration_path().write_text(text)


def test_a_good_one(bundle: Path) -> None:
    write(GOOD.format(bundle=bundle))
    read = configuration()
    assert read.catalog == "https://example.com/platform/blueprints.git@main"
    assert read.trusted == ("https://example.com/platform/",)
    assert read.ca_bundle == bundle
    assert read.mirrors["GOPROXY"] == "https://go.example.com"


@pytest.mark.usefixtures("bundle")
@pytest.mark.parametrize("text", [None, "", "# nothing yet\n", "---\n"])
def test_none_and_an_empty_one_are_all_defaults(text: str | None) -> None:
    if text is not None:
        write(text)
    read = configuration()
    assert (read.catalog, read.trusted, read.ca_bundle, read.mirrors) == ("", (), None, {})


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("catalog:", "catalogue:", r"config.yml:1: unknown key 'catalogue'"),
        ("mirrors:", "mirors:", r"config.yml:6: unknown key 'mirors'"),
        ("GOPROXY: https://go.example.com", "GOPROXY: 1", r"config.yml:7: 'GOPROXY' has to be a text, not 1"),
        ("  - https", "  https", r"config.yml:2: 'trusted' has to be a list of texts"),
        ("company.pem", "gone.pem", r"config.yml:5: 'ca_bundle' names .*gone.pem, which is not a file"),
        ("trusted:", "catalog: x\ntrusted:", r"config.yml:2: 'catalog' stands here a second time"),
        ("network:", "network: [", r"config.yml:\d+: "),
    ],
)
def test_a_mistake_is_told_with_its_line(bundle: Path, old: str, new: str, message: str) -> None:
    write(GOOD.format(bundle=bundle).replace(old, new))
    with pytest.raises(ConfigurationError, match=message):
        configuration()


def test_the_environment_wins(bundle: Path, tmp_path: Path) -> None:
    write(GOOD.format(bundle=bundle))
    other = tmp_path / "other.pem"
    other.write_text("")
    names = ("GOPROXY", "NPM_CONFIG_REGISTRY", "UV_DEFAULT_INDEX")
    silent = network({"GOPROXY": ""})
    assert silent.ca_bundle == bundle
    assert silent.arguments(names) == {
        "GOPROXY": "https://go.example.com",
        "NPM_CONFIG_REGISTRY": "https://npm.example.com",
    }
    spoken = network({"SCAFFOLD_CA_BUNDLE": str(other), "GOPROXY": "direct"})
    assert spoken.ca_bundle == other
    assert spoken.arguments(names)["GOPROXY"] == "direct"
