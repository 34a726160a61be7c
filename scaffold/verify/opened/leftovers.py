"""Checks for what builds or debugs and does not run: shells, package managers, compilers, caches, sources."""

from __future__ import annotations

import re
from collections.abc import Iterator

from scaffold.image import File
from scaffold.verify.model import Problem
from scaffold.verify.opened.check import check
from scaffold.verify.opened.groups import grouped
from scaffold.verify.opened.subject import ImageSubject

_COPY_ONLY = "copy only what runs into the last stage"

_PACKAGE_MANAGERS = re.compile(
    r"apk|apt|apt-get|aptitude|dpkg|rpm|dnf5?|microdnf|tdnf|yum|zypper|pacman|opkg|brew|nix-env"
    r"|pip[\d.]*|pipx|easy_install[\d.-]*|uv|uvx|poetry|pdm|conda|mamba|micromamba"
    r"|npm|npx|pnpm|pnpx|yarn|yarnpkg|corepack|gem[\d.]*|bundle|bundler|composer(\.phar)?|mix|rebar3"
    r"|cargo|rustup|mvn|gradle|nuget"
)
# Cross compilers have the triplet of their target in front, and distributions put versions behind.
_BUILD_TOOLS = re.compile(
    r"(\w+-){0,4}(gcc|g\+\+|cpp|cc|c\+\+|clang|clang\+\+|ld|ld\.(bfd|gold|lld|mold)|as|ar|ranlib|strip|objdump|objcopy)(-[\d.]+)?"
    r"|make|gmake|cmake|ninja|meson|autoconf|automake|libtool|bison|flex|pkg-config|pkgconf|gdb|strace|patch"
    r"|go|gofmt|rustc|rustdoc|javac|jlink|jdeps|kotlinc|zig|swiftc|ghc|tsc|esbuild|git|svn|hg"
)
_FOLDERS = re.compile(
    r"/\.(git|svn|hg)/|/(root|home/[^/]+)/\.(cache|npm|m2|gradle|cargo|rustup|nuget|bundle|yarn|pnpm-store|conan2?)/"
    r"|^/(usr|usr/local)/(include|go)/|^/go/(pkg|src)/|^/root/go/|^/var/lib/apt/lists/|^/var/cache/(apt|apk|dnf|yum)/"
    r"|/node_modules/\.cache/|/\.(pytest|mypy|ruff)_cache/|/\.tox/|/target/(release|debug)/(build|deps|incremental)/"
)
_FILES = re.compile(
    r"/(Dockerfile|Containerfile|\.dockerignore|\.gitignore|(docker-)?compose\.ya?ml|Makefile|CMakeLists\.txt)$"
    r"|\.(go|rs|c|cc|cpp|cxx|h|hpp|java|kt|swift|zig|cs|o|a|la)$|/go\.(mod|sum)$|\.(test|spec)\.[cm]?[jt]sx?$"
)
# Packages of interpreted languages carry headers, examples and tests of their own, which their authors chose.
_LIBRARIES = re.compile(r"/(node_modules|site-packages|dist-packages|gems|vendor/bundle|lib/python[\d.]+)/")
# Go programs look for their time zones here, and scratch images bring them.
_WANTED = {"/usr/local/go/lib/time/zoneinfo.zip"}


@check(
    "open-shell",
    title="there is a shell only where the base has one",
    why="A shell is the first thing an intruder looks for; ephemeral containers bring one when you debug.",
)
def no_shell(subject: ImageSubject) -> Iterator[Problem]:
    """Look for shells in an image whose base has none."""
    if _base_has_shell(subject):
        return
    for path in subject.shells():
        yield Problem("a shell is in the image, and its base has none", "leave it out of the last stage", path)


def _base_has_shell(subject: ImageSubject) -> bool:
    if subject.base is not None:
        return subject.base.shell
    return any(path in subject.base_files for path in subject.shells())


@check(
    "open-package-manager",
    title="there is a package manager only where the base has one",
    why="It makes it easy to bring in tools, and scanners report the weaknesses of its own dependencies.",
)
def no_package_manager(subject: ImageSubject) -> Iterator[Problem]:
    """Look for package managers that the base is not known to have."""
    known = subject.base is None or subject.base.package_manager
    for file in subject.programs():
        if _PACKAGE_MANAGERS.fullmatch(file.name) and not (known and file.path in subject.base_files):
            yield Problem("a package manager is in the image", _COPY_ONLY, file.path)


@check(
    "open-build-tools",
    title="no build tools, caches, headers or sources are left behind",
    why="They are the bulk of large images, help an intruder, and none of it runs.",
)
def no_build_tools(subject: ImageSubject) -> Iterator[Problem]:
    """Look for what only a build needs, beside what the base has."""
    programs = (file for file in subject.programs() if file.path not in subject.base_files)
    for group in grouped(file for file in programs if _BUILD_TOOLS.fullmatch(file.name)):
        yield Problem(f"a build tool is in the image{group}", _COPY_ONLY, group.place)
    for group in grouped(file for file in subject.own_files if _is_leftover(file, subject)):
        yield Problem(f"a build left this behind{group}", _COPY_ONLY, group.place)


def _is_leftover(file: File, subject: ImageSubject) -> bool:
    if not file.size or file.path in _WANTED or file.path in subject.base_files:
        return False
    if _FOLDERS.search(file.path):
        return True
    return bool(_FILES.search(file.path)) and not _LIBRARIES.search(file.path)
