"""Python."""

from __future__ import annotations

from pathlib import Path

_MANIFESTS = ("pyproject.toml", "requirements.txt", "setup.py", "Pipfile")


class Python:
    """Python, with any of its package managers."""

    id = "python"
    title = "Python"
    network_variables: tuple[str, ...] = (
        "PIP_INDEX_URL",
        "PIP_EXTRA_INDEX_URL",
        "PIP_TRUSTED_HOST",
        "UV_DEFAULT_INDEX",
        "UV_INDEX",
        "UV_INDEX_URL",
        "UV_INSECURE_HOST",
    )
    dependency_commands: tuple[str, ...] = ("uv pip install", "uv sync", "pip install", "poetry install")
    download_words: tuple[str, ...] = ("Downloading ", "Collecting ")

    def recognise(self, project: Path) -> bool:
        """A project has a manifest of one of the package managers."""
        return any((project / name).is_file() for name in _MANIFESTS)

    def source_to_change(self, project: Path) -> Path | None:
        """The package's __main__.py, or the script at the root that frameworks' guides name."""
        candidates = [*sorted(project.glob("src/*/__main__.py")), *sorted(project.glob("*/__main__.py"))]
        candidates += [project / name for name in ("main.py", "app.py", "app/main.py")]
        return next((path for path in candidates if path.is_file()), None)

    def one_line(self, marker: str) -> str:
        """A statement that has no effect, but is compiled: a comment would leave the bytecode as it was."""
        return f'\n_MARKER = "{marker}"\n'
