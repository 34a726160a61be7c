"""What is known of images by their names."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Names that move: the same line builds another image next month.
MOVING_TAGS = frozenset(
    ("latest", "edge", "nightly", "current", "mainline", "stable", "rolling", "main", "master", "dev", "canary")
)
_TOOLCHAINS = re.compile(
    r"(?:^|/)(?:golang|rust|gcc|clang|buildpack-deps|maven|gradle|sbt|haskell|dart|ghc|zig|dotnet/sdk)$"
)
# Images that have a runtime and a compiler under one name, told apart by the tag.
_TAGGED_TOOLCHAINS = (
    (
        re.compile(r"(?:^|/)(?:eclipse-temurin|openjdk|amazoncorretto|liberica-openjdk[\w-]*)$"),
        re.compile(r"jdk"),
    ),
    (re.compile(r"(?:^|/)swift$"), re.compile(r"^(?!.*slim)")),
    (re.compile(r"(?:^|/)cuda$"), re.compile(r"devel")),
    (re.compile(r"(?:^|/)(?:graalvm[\w-]*|native-image[\w-]*)$"), re.compile(r"")),
)
_WITHOUT_SHELL = re.compile(r"(?:^|/)(?:distroless/[\w.-]+|chainguard/static|wolfi/static)$|^scratch$")


@dataclass(frozen=True, slots=True)
class Image:
    """The parts of an image reference; `tag` and `digest` are "" when absent."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def pinned(self) -> bool:
        """A digest, or a tag that does not move."""
        return bool(self.digest) or bool(self.tag and self.tag not in MOVING_TAGS)

    @property
    def is_toolchain(self) -> bool:
        """An image to build in, with compilers that a running service has no use for."""
        if _TOOLCHAINS.search(self.repository):
            return True
        return any(name.search(self.repository) and tag.search(self.tag) for name, tag in _TAGGED_TOOLCHAINS)

    @property
    def has_shell(self) -> bool:
        """False only where it is known that there is none."""
        return not _WITHOUT_SHELL.search(self.repository) or "debug" in self.tag

    def is_of(self, other: Image) -> bool:
        """Tell whether both are the same base, whatever the mirror, the tag and Debian's release."""
        mine, theirs = _family(self.repository), _family(other.repository)
        return mine == theirs or mine.endswith(f"/{theirs}")


def read_image(reference: str) -> Image:
    """Take a reference apart: `registry:5000/name:tag@sha256:…`."""
    name, _, digest = reference.partition("@")
    head, slash, last = name.rpartition("/")
    last, _, tag = last.partition(":")
    return Image(f"{head}{slash}{last}", tag, digest)


def _family(repository: str) -> str:
    registry, slash, rest = repository.partition("/")
    is_registry = bool(slash) and ("." in registry or ":" in registry)
    path = (rest if is_registry else repository).removeprefix("library/")
    return re.sub(r"-debian\d+$", "", path)
