"""The program as it is installed: from the wheel and from the sdist, by a real pip."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT

RELEASE = "99.0.0"
# The version of each release that can be laid out, seen from the installed program, without git or a network.
RELEASES = """
import tempfile
from pathlib import Path
from scaffold.catalog.releases import history
for release in history("builtin:go").releases:
    with tempfile.TemporaryDirectory() as folder:
        assert (release.materialise(Path(folder, "t")) / "copier.yml").is_file()
    print(release.version)
"""


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the sources in which a release of a blueprint was made, without the history of git."""
    copy = tmp_path_factory.mktemp("sources") / "scaffold"
    left = shutil.ignore_patterns(".git", ".venv", "__pycache__", ".*_cache", ".hypothesis", "dist")
    shutil.copytree(CHECKOUT, copy, ignore=left)
    with (copy / "blueprints" / "go" / "CHANGELOG.md").open("a") as changelog:
        changelog.write("\n## Unreleased\n\n- Tried.\n")
    words = ["blueprint", "release", "blueprints/go", "--version", RELEASE]
    subprocess.run([sys.executable, "-m", "scaffold", *words], cwd=copy, check=True, capture_output=True)
    return copy


@pytest.fixture(scope="module")
def built(checkout: Path) -> Path:
    folder = checkout.parent / "dist"
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, checkout], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_an_installed_program_has_its_blueprints_and_their_releases(
    checkout: Path, built: Path, kind: str, tmp_path: Path
) -> None:
    (package,) = built.glob(kind)
    program = install(package, tmp_path / "venv")
    command: list[str | Path] = [program.with_name("python"), "-I", "-c", RELEASES]
    found = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=tmp_path, env={"PATH": "/nowhere", "HOME": "/"}
    )
    assert found.stdout.splitlines()[-1] == RELEASE
    # Of an engineer who has put the checkout on the path for all of Python.
    plain = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    listed = subprocess.run(
        [program, "list", "--json"], capture_output=True, text=True, check=True, cwd=tmp_path, env=plain
    )
    assert '"name": "go"' in listed.stdout

    words = ["new", "hello", "--blueprint", "go", "--defaults", "--no-git"]
    subprocess.run([program, *words], capture_output=True, check=True, cwd=tmp_path, env=plain)
    ours = ["-m", "scaffold", "new", "here/hello", *words[2:]]
    sources = {**os.environ, "PYTHONPATH": str(checkout)}
    subprocess.run([sys.executable, *ours], capture_output=True, check=True, cwd=tmp_path, env=sources)
    assert tree(tmp_path / "hello") == tree(tmp_path / "here" / "hello")


def install(package: Path, folder: Path) -> Path:
    """Install into an environment of its own; its dependencies are those of ours, seen through a path file."""
    venv.create(folder, with_pip=True)
    python = folder / "bin" / "python"
    command: list[str | Path] = [python, "-m", "pip", "install", "--quiet", "--no-deps", package]
    subprocess.run(command, check=True, capture_output=True)
    ours = next(path for path in map(Path, sys.path) if path.name == "site-packages")
    (theirs,) = folder.glob("lib/*/site-packages")
    # Not a .pth of an editable install: what is imported as `scaffold` has to be the installed one.
    (theirs / "dependencies.pth").write_text(f"{ours}\n")
    where = "import scaffold; print(scaffold.__file__)"
    found = subprocess.run([python, "-I", "-c", where], capture_output=True, text=True, check=True)
    assert found.stdout.startswith(str(folder))
    return folder / "bin" / "scaffold"


def tree(folder: Path) -> dict[str, tuple[bytes, int]]:
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mode & 0o777)
        for path in folder.rglob("*")
        if path.is_file()
    }
