"""C++."""

from __future__ import annotations

from pathlib import Path

_MANIFESTS = ("CMakeLists.txt", "meson.build", "conanfile.py", "conanfile.txt", "vcpkg.json")


class Cpp:
    """C++, with the libraries of a distribution, of Conan or of vcpkg."""

    id = "cpp"
    title = "C++"
    # apt has no variable for a mirror, so the Dockerfile makes one of its own.
    network_variables: tuple[str, ...] = ("DEBIAN_MIRROR",)
    dependency_commands: tuple[str, ...] = ("apt-get install", "conan install", "vcpkg install")
    download_words: tuple[str, ...] = ("Get:", "Downloading ")

    def recognise(self, project: Path) -> bool:
        """A project has a file of its build system or of its package manager."""
        return any((project / name).is_file() for name in _MANIFESTS)

    def source_to_change(self, project: Path) -> Path | None:
        """The file named main, in one of the folders where guides put it."""
        folders = (project / "src", project / "app", project)
        candidates = (folder / f"main.{kind}" for folder in folders for kind in ("cpp", "cc", "cxx"))
        return next((path for path in candidates if path.is_file()), None)

    def one_line(self, marker: str) -> str:
        """A constant that nobody reads, and that no warning is given of."""
        return f'[[maybe_unused]] static constexpr const char* marker_{marker} = "{marker}";\n'
