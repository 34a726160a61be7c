"""Trust: what is allowed is written down, can be taken back, and covers no more than it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.catalog.trust import allow, is_trusted, revoke
from scaffold.config import configuration, configuration_path
from scaffold.errors import InputError

URL = "https://example.com/platform/blueprints.git"


@pytest.mark.usefixtures("user")
def test_nothing_but_the_built_in_is_trusted_until_it_is_allowed() -> None:
    assert is_trusted("builtin")
    assert not is_trusted(URL)
    assert allow(URL + "@v1") == "https://example.com/platform/blueprints"
    assert is_trusted(URL)
    allow(URL)
    assert configuration().trusted == ("https://example.com/platform/blueprints",)
    revoke("https://example.com/platform/blueprints")
    assert not is_trusted(URL)
    assert configuration().trusted == ()


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    ("trusted", "origin", "covered"),
    [
        ("https://example.com/platform/", URL, True),
        ("https://example.com/platform", URL, False),
        ("https://example.com/plat", URL, False),
        ("https://example.com/", "https://example.com.evil.org/x", False),
        ("git@example.com:platform/", "ssh://git@example.com/platform/blueprints.git", True),
        ("https://example.com/platform/", "ssh://git@example.com/platform/blueprints.git", False),
    ],
)
def test_a_slash_at_the_end_stands_for_all_below(trusted: str, origin: str, covered: bool) -> None:
    allow(trusted)
    assert is_trusted(origin) is covered


def test_a_folder_is_trusted_with_all_below_and_stays_revocable_when_it_is_gone(user: Path) -> None:
    folder = user / "blueprints"
    folder.mkdir()
    allow(f"{folder}/")
    assert is_trusted(str(folder))
    assert is_trusted(str(folder / "below"))
    assert not is_trusted(f"{folder}-too")
    folder.rmdir()
    assert not is_trusted(URL)
    revoke(str(folder))
    assert configuration().trusted == ()


@pytest.mark.usefixtures("user")
def test_what_is_not_trusted_cannot_be_revoked() -> None:
    allow("https://example.com/platform/")
    with pytest.raises(InputError, match="is not among the trusted sources") as error:
        revoke(URL)
    assert error.value.hint == "https://example.com/platform/ covers it"
    with pytest.raises(InputError, match="is no catalog"):
        allow("nowhere")


@pytest.mark.usefixtures("user")
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", 'trusted:\n  - "https://a/b"\n'),
        (
            "# mine\ncatalog: builtin # of course",
            '# mine\ncatalog: builtin # of course\ntrusted:\n  - "https://a/b"\n',
        ),
        (
            "trusted:\n  - https://c/d\n# the network\nnetwork: {}\n",
            'trusted:\n  - "https://c/d"\n  - "https://a/b"\n# the network\nnetwork: {}\n',
        ),
        ("trusted: [https://c/d]\ncatalog: x\n", 'trusted:\n  - "https://c/d"\n  - "https://a/b"\ncatalog: x\n'),
        ("trusted:\ncatalog: x\n", 'trusted:\n  - "https://a/b"\ncatalog: x\n'),
    ],
)
def test_the_rest_of_the_configuration_stays_as_it_is(before: str, after: str) -> None:
    path = configuration_path()
    path.parent.mkdir(parents=True)
    path.write_text(before)
    allow("https://a/b")
    assert path.read_text() == after
    assert [left.name for left in path.parent.iterdir()] == ["config.yml"]


def test_a_configuration_that_is_a_link_stays_one(user: Path) -> None:
    path = configuration_path()
    path.parent.mkdir(parents=True)
    (user / "dotfiles").write_text("catalog: builtin\n")
    path.symlink_to(user / "dotfiles")
    allow(URL)
    assert path.is_symlink()
    assert is_trusted(URL)
