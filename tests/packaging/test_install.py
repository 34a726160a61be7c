"""The program as it is installed: from the wheel and from the sdist, by a real pip."""

from __future__ import annotations

import subprocess
import sys
import venv
from pathlib import Path

import pytest

from tests.conftest import CHECKOUT


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run([sys.executable, "-m", "build", "--outdir", folder, CHECKOUT], check=True, capture_output=True)
    return folder


@pytest.mark.parametrize("kind", ["*.whl", "*.tar.gz"])
def test_an_installed_program_has_its_blueprints(built: Path, kind: str, tmp_path: Path) -> None:
    (package,) = built.glob(kind)
    program = install(package, tmp_path / "venv")
    listed = subprocess.run([program, "list", "--json"], capture_output=True, text=True, check=True, cwd=tmp_path)
    assert '"name": "go"' in listed.stdout

    words = ["new", "hello", "--blueprint", "go", "--defaults", "--no-git"]
    subprocess.run([program, *words], capture_output=True, check=True, cwd=tmp_path)
    ours = ["-m", "scaffold", "new", "here/hello", *words[2:]]
    subprocess.run([sys.executable, *ours], capture_output=True, check=True, cwd=tmp_path)
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
