"""The runtime families that a last stage can start from, with the traits that the checks rely on."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Base:
    """One runtime family.

    `image` is the reference that a FROM line names ("scratch" is BuildKit's empty image), `libc` the C
    library that binaries find there ("" is none), `compressed_mb` the size as pulled, in 10^6 bytes.
    """

    id: str
    title: str
    image: str
    libc: str
    shell: bool
    package_manager: bool
    compressed_mb: float
    purpose: str


# Sizes: docker-library/repo-info for Alpine, the distroless README for static (both amd64).
BASES = {
    base.id: base
    for base in (
        Base(
            "alpine",
            "Alpine",
            "alpine:3.23",
            libc="musl",
            shell=True,
            package_manager=True,
            compressed_mb=3.85,
            purpose="a shell and apk at hand when you debug in production",
        ),
        Base(
            "distroless",
            "Distroless",
            "gcr.io/distroless/static-debian13:nonroot",
            libc="",
            shell=False,
            package_manager=False,
            compressed_mb=2.1,
            purpose="certificates, time zones and a user, no shell: the default for services",
        ),
        Base(
            "scratch",
            "Scratch",
            "scratch",
            libc="",
            shell=False,
            package_manager=False,
            compressed_mb=0.0,
            purpose="nothing but your program: the smallest image and the smallest attack surface",
        ),
    )
}
