"""How catalogs and blueprints are named: on the command line, in answers files, and in trust."""

from __future__ import annotations

from pathlib import Path

import pytest

from scaffold.catalog.source import Kind, Place, normalised, parse_place, parse_source, source_of
from scaffold.errors import InputError


@pytest.mark.parametrize(
    ("text", "location", "ref"),
    [
        ("https://example.com/a/b.git", "https://example.com/a/b.git", ""),
        ("https://Example.com/a/b@v1.2", "https://example.com/a/b", "v1.2"),
        ("https://example.com/a/b.git@web/1.2.0", "https://example.com/a/b.git", "web/1.2.0"),
        ("ssh://git@example.com:22/a/b.git@main", "ssh://git@example.com:22/a/b.git", "main"),
        ("git@example.com:a/b.git", "git@example.com:a/b.git", ""),
        ("git@example.com:a/b.git@main", "git@example.com:a/b.git", "main"),
        ("file:///srv/b.git@1.0", "file:///srv/b.git", "1.0"),
        ("gh:a/b", "https://github.com/a/b.git", ""),
        ("gh:a/b.git@v1", "https://github.com/a/b.git", "v1"),
        ("git+https://example.com/b", "https://example.com/b", ""),
    ],
)
def test_places_of_git(text: str, location: str, ref: str) -> None:
    assert parse_place(text) == Place(Kind.GIT, location, ref)
    assert parse_place(location).name == "b"


def test_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a@b").mkdir()
    (tmp_path / "c").mkdir()
    assert parse_place("a@b") == Place(Kind.FOLDER, str(tmp_path / "a@b"))
    assert parse_place("./c/") == Place(Kind.FOLDER, str(tmp_path / "c"))
    assert parse_place("c@v1") == Place(Kind.GIT, (tmp_path / "c").as_uri(), "v1")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("https://me:secret@example.com/b.git", "has a credential in it"),
        ("https://ghp_token@example.com/b.git", "has a credential in it"),
        ("ssh://me:secret@example.com/b.git", "has a credential in it"),
        ("https://example.com/b.git?private_token=x", "has a credential in it"),
        ("ext::sh -c touch% /tmp/x", "is no catalog"),
        ("http://example.com/b.git", "http:// is not supported"),
        ("git://example.com/b.git", "git:// is not supported"),
        ("--upload-pack=touch", "is no catalog"),
        ("nowhere", "is no catalog"),
        ("", "is no catalog"),
    ],
)
def test_what_is_no_place_is_refused_and_shows_no_secret(text: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as error:
        parse_place(text)
    assert "secret" not in error.value.message
    assert "token" not in error.value.message


@pytest.mark.parametrize(
    ("place", "name", "only", "source"),
    [
        (Place(Kind.BUILTIN), "go", False, "builtin:go"),
        (Place(Kind.GIT, "https://example.com/b.git", "main"), "go", False, "https://example.com/b.git#go"),
        (Place(Kind.GIT, "https://example.com/b.git"), "b", True, "https://example.com/b.git"),
        (Place(Kind.FOLDER, "/home/me/catalog"), "go", False, "local:go"),
        (Place(Kind.GIT, "file:///home/me/catalog"), "go", False, "local:go"),
    ],
)
def test_a_source_is_portable_and_read_back(place: Place, name: str, only: bool, source: str) -> None:
    assert source_of(place, name, only=only) == source
    assert "/home" not in source
    expected = None if place.is_local else Place(place.kind, place.location)
    assert parse_source(source) == (expected, "" if only else name)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("https://example.com/a/b.git", "https://EXAMPLE.com/a/b@v1"),
        ("git@example.com:a/b.git", "ssh://git@example.com/a/b"),
        ("gh:a/b", "https://github.com/a/b.git#web"),
        ("builtin", "builtin"),
        ("/nowhere/at/all/", "/nowhere/at/all"),
    ],
)
def test_spellings_of_one_source(one: str, other: str) -> None:
    assert normalised(one) == normalised(other)
