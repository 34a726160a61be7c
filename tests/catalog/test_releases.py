"""Releases of blueprints: in order, whole, offline, and never changed once they are made."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from scaffold.catalog import archive, archived, builtin
from scaffold.catalog.blueprint import Blueprint, read_blueprint
from scaffold.catalog.integrity import broken_promises
from scaffold.catalog.publish import publish
from scaffold.catalog.release import History, Release
from scaffold.catalog.releases import history
from scaffold.errors import BlueprintError, InputError

TODAY = date(2026, 11, 24)
BLUEPRINT = """\
name: web
title: Web
description: A service
language: go
version: {version}
"""
CHANGELOG = """\
# Changelog

## Unreleased

- Soon.

## [1.1.0] - 2026-11-02

- Second.

## 1.0.0 - 2026-11-01

- First.
"""


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A catalog's folder with one blueprint that is worked on."""
    files = {
        "web/blueprint.yml": BLUEPRINT.format(version="1.0.0.dev0"),
        "web/copier.yml": "name: {type: str, default: x}\n",
        "web/CHANGELOG.md": "# Changelog\n\n## Unreleased\n\n- First.\n",
        'web/template/{% if name != "y" %}a b{% endif %}.txt': "one\n",
        "web/template/__pycache__/a.cpython-311.pyc": "left over",
        "shared/part": "shared\n",
    }
    write(tmp_path / "catalog", files)
    run = tmp_path / "catalog" / "web" / "template" / "run"
    run.write_text("#!/bin/sh\n")
    run.chmod(0o755)
    return tmp_path / "catalog" / "web"


def release(web: Path, version: str = "") -> Blueprint:
    publish(web, version, TODAY, packed=True)
    return read_blueprint(web)


def develop(web: Path, version: str) -> Blueprint:
    text = (web / "blueprint.yml").read_text()
    (web / "blueprint.yml").write_text(re.sub("version: .*", f"version: {version}", text))
    with (web / "CHANGELOG.md").open("a") as changelog:
        changelog.write("\n## Unreleased\n\n- More.\n")
    return read_blueprint(web)


def contents(folder: Path) -> dict[str, tuple[bytes, bool]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), archive.is_executable(path))
        for path in folder.rglob("*")
        if path.is_file()
    }


def web_history(web: Path) -> History:
    return archived.history_of(read_blueprint(web), "builtin:web", "builtin")


# The promise of what is in this repository.
@pytest.mark.parametrize("blueprint", builtin.blueprints(), ids=lambda blueprint: blueprint.name)
def test_no_release_has_changed_and_no_content_without_one(blueprint: Blueprint) -> None:
    assert broken_promises(blueprint) == []


@pytest.mark.parametrize("blueprint", builtin.blueprints(), ids=lambda blueprint: blueprint.name)
def test_every_release_can_be_laid_out(blueprint: Blueprint, tmp_path: Path) -> None:
    releases = history(f"builtin:{blueprint.name}").releases
    assert releases
    for number, found in enumerate(releases):
        root = found.materialise(tmp_path / str(number))
        assert found.version.startswith(read_blueprint(root).version)


def test_a_release_is_the_whole_template_without_what_is_not_of_it(web: Path, tmp_path: Path) -> None:
    release(web)
    root = web_history(web).find("1.0.0").materialise(tmp_path / "out")
    assert contents(root) == {
        "blueprint.yml": (BLUEPRINT.format(version="1.0.0").encode(), False),
        "copier.yml": (b"name: {type: str, default: x}\n", False),
        "shared/part": (b"shared\n", False),
        'template/{% if name != "y" %}a b{% endif %}.txt': (b"one\n", False),
        "template/run": (b"#!/bin/sh\n", True),
    }


def test_a_release_stays_what_it_was_while_the_blueprint_moves_on(web: Path, tmp_path: Path) -> None:
    release(web)
    develop(web, "1.1.0.dev0")
    (web.parent / "shared" / "part").write_text("changed\n")
    old, new = web_history(web).releases
    assert (old.version, old.development) == ("1.0.0", False)
    assert (new.version[:12], new.development) == ("1.1.0.dev0+c", True)
    assert (old.materialise(tmp_path / "old") / "shared" / "part").read_text() == "shared\n"
    assert (new.materialise(tmp_path / "new") / "shared" / "part").read_text() == "changed\n"


def test_the_archive_is_the_same_wherever_it_is_made(web: Path, tmp_path: Path) -> None:
    release(web)
    copy = tmp_path / "elsewhere" / "web"
    shutil.copytree(web, copy)
    shutil.copytree(web.parent / "shared", copy.parent / "shared")
    for path in copy.rglob("*"):
        path.chmod(path.stat().st_mode & 0o700)
    again = copy / "releases" / "again.tar.gz"
    archive.pack(archived.files_of(read_blueprint(copy)), again)
    assert again.read_bytes() == (web / "releases" / "1.0.0.tar.gz").read_bytes()


def test_releases_are_in_the_order_of_their_versions(web: Path) -> None:
    for version in ("0.9.0", "0.10.0rc1", "0.10.0", "1.0.0rc1"):
        develop(web, "1.0.0.dev0")
        release(web, version)
    found = web_history(web)
    assert [one.version for one in found.releases] == ["0.9.0", "0.10.0rc1", "0.10.0", "1.0.0rc1"]
    assert found.newest().version == "0.10.0"
    assert found.find("v0.10").version == "0.10.0"


def test_a_development_state_is_found_as_long_as_it_is_at_hand(web: Path) -> None:
    state = web_history(web).newest()
    assert web_history(web).find(state.version) == state
    (web / "template" / "run").chmod(0o644)
    with pytest.raises(InputError, match=re.escape(f"{state.version} was a state of development")):
        web_history(web).find(state.version)


def test_a_release_that_is_none_is_answered_with_those_that_are(web: Path) -> None:
    release(web)
    with pytest.raises(InputError, match=r"builtin:web has no release '2\.0\.0'") as error:
        web_history(web).find("2.0.0")
    assert error.value.hint == "there are: 1.0.0"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("1.0.0", "1.1.0", ["1.1.0"]),
        ("0.9", "1.1.0", ["1.1.0", "1.0.0"]),
        ("v1.0.0", "1.2.0.dev0+cabc", ["Unreleased", "1.1.0"]),
        ("1.1.0", "1.0.0", ["1.1.0"]),
        ("1.1.0", "1.1.0", []),
        ("abc", "1.1.0", []),
    ],
)
def test_changes_between_two_versions(web: Path, old: str, new: str, expected: list[str]) -> None:
    (web / "CHANGELOG.md").write_text(CHANGELOG)
    sections = web_history(web).changes(old, new)
    assert [section.version for section in sections] == expected
    assert all(section.text.startswith("- ") for section in sections)


def change(web: Path, name: str, text: str) -> None:
    (web / name).write_text(text)


def tamper(web: Path) -> None:
    change(web, "template/run", "#!/bin/bash\n")
    archive.pack(archived.files_of(read_blueprint(web)), web / "releases" / "1.0.0.tar.gz")


@pytest.mark.parametrize(
    ("spoil", "message"),
    [
        (lambda web: change(web, "template/run", "#!/bin/bash\n"), "is released, but template/run changed since"),
        (lambda web: change(web, "template/new", ""), "is released, but template/new changed since"),
        (lambda web: (web / "template" / "run").unlink(), "is released, but template/run changed since"),
        (lambda web: (web / "template" / "run").chmod(0o644), "is released, but template/run changed since"),
        (lambda web: change(web, "../shared/part", ""), "is released, but shared/part changed since"),
        (lambda web: develop(web, "1.0.1"), "1.0.1 is not released"),
        (lambda web: develop(web, "1.0.0.dev3"), "1.0.0.dev3 is not above the release 1.0.0"),
        (tamper, "its archive is not what was released"),
        (lambda web: (web / "releases" / "1.0.0.tar.gz").unlink(), "its archive is gone"),
        (lambda web: change(web, "releases/SHA256SUMS", ""), "has no digest of it"),
    ],
)
def test_every_broken_promise_is_seen(web: Path, spoil: Callable[[Path], object], message: str) -> None:
    assert broken_promises(release(web)) == []
    spoil(web)
    assert message in broken_promises(read_blueprint(web))[0]


def test_an_archive_that_was_changed_is_not_laid_out(web: Path, tmp_path: Path) -> None:
    release(web)
    tamper(web)
    with pytest.raises(BlueprintError, match=r"is not what was released as web 1\.0\.0"):
        web_history(web).find("1.0.0").materialise(tmp_path / "out")


def test_what_is_worked_on_may_change(web: Path) -> None:
    release(web)
    develop(web, "1.0.1.dev0")
    change(web, "template/run", "#!/bin/bash\n")
    assert broken_promises(read_blueprint(web)) == []


def test_a_release_is_dated_in_the_changelog_and_has_its_digest(web: Path) -> None:
    published = publish(web, "", TODAY, packed=True)
    assert published.version == "1.0.0"
    assert "## 1.0.0 - 2026-11-24\n\n- First." in (web / "CHANGELOG.md").read_text()
    assert (web / "releases" / "SHA256SUMS").read_text() == f"{published.digest}  1.0.0.tar.gz\n"
    assert "version: 1.0.0\n" in (web / "blueprint.yml").read_text()


@pytest.mark.parametrize(
    ("version", "message"),
    [
        ("1.0.0", "1.0.0 is released"),
        ("0.9", "so 0.9 cannot be"),
        ("one", "no version"),
        ("2.dev0", "no version"),
    ],
)
def test_a_release_that_cannot_be_changes_nothing(web: Path, version: str, message: str) -> None:
    release(web)
    develop(web, "1.1.0.dev0")
    before = contents(web)
    with pytest.raises(InputError, match=re.escape(message)):
        publish(web, version, TODAY, packed=True)
    assert contents(web) == before


def test_a_release_that_the_changelog_does_not_tell_of_changes_nothing(web: Path) -> None:
    change(web, "CHANGELOG.md", "# Changelog\n\n## Unreleased\n")
    before = contents(web)
    with pytest.raises(BlueprintError, match=r"nothing says what 1\.0\.0 brings"):
        publish(web, "", TODAY, packed=True)
    assert contents(web) == before


def test_a_version_that_yaml_takes_for_a_number_stays_a_text(web: Path) -> None:
    assert release(web, "1.1").version == "1.1"


def test_links_are_not_released(web: Path) -> None:
    (web / "template" / "link").symlink_to("run")
    before = contents(web)
    with pytest.raises(BlueprintError, match="is a link"):
        release(web)
    assert contents(web) == before


def test_releases_of_equal_content_are_equal() -> None:
    assert history("builtin:go").newest() == history("builtin:go").newest()
    assert isinstance(history("builtin:go").newest(), Release)
