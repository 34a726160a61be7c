"""A tree is moved into its place with one rename, and nothing else is ever there."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.errors import InputError
from scaffold.project.staging import staged


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "container-scaffold" / "staging"


def test_nothing_is_there_before_the_end(tmp_path: Path, cache: Path) -> None:
    destination = tmp_path / "deep" / "project"
    with staged(destination) as tree:
        (tree / "file").write_text("x")
        assert tree.name == "project"
        assert not (tmp_path / "deep").exists()
    assert (destination / "file").read_text() == "x"
    assert list(cache.iterdir()) == []


def test_an_error_leaves_nothing(tmp_path: Path, cache: Path) -> None:
    def fail(tree: Path) -> None:
        (tree / "file").write_text("x")
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError), staged(tmp_path / "project") as tree:
        fail(tree)
    assert not (tmp_path / "project").exists()
    assert list(cache.iterdir()) == []


def test_what_came_in_between_is_not_overwritten(tmp_path: Path) -> None:
    destination = tmp_path / "project"

    def interfere() -> None:
        with staged(destination) as tree:
            (tree / "file").write_text("ours")
            destination.mkdir()
            (destination / "file").write_text("theirs")

    with pytest.raises(InputError, match="cannot be written"):
        interfere()
    assert (destination / "file").read_text() == "theirs"


def test_the_staging_of_the_living_stays(tmp_path: Path, cache: Path) -> None:
    alive, dead = cache / ".scaffold-staging-1-aa", cache / ".scaffold-staging-999999999-bb"
    alive.mkdir(parents=True)
    dead.mkdir()
    with staged(tmp_path / "project"):
        assert alive.exists()
        assert not dead.exists()
