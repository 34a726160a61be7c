"""JDK and Maven on Debian, laid out as in the official image of Maven on Eclipse Temurin.

Paths and environment: adoptium/containers (jdk/ubuntu), carlossg/docker-maven. There the system is Ubuntu; and
Temurin has built in some libraries, such as zlib, that Debian's JDK takes from the system.
"""

from __future__ import annotations

import tarfile
from functools import partial
from pathlib import Path

from tests.lab.archive import architecture, normalized
from tests.lab.bases import debian
from tests.lab.bases.recipe import Recipe

_MAVEN = "3.9.16"
# binutils: jlink's --strip-debug calls objcopy, so the published image has it too.
_PACKAGES = ("binutils", "ca-certificates", "maven")
_HOME = "/opt/java/openjdk"


def assemble(version: int, work: Path) -> list[Path]:
    """Install JDK and Maven, and link them where the published image has them."""
    # Without the minus sign Maven would bring Debian's default version along. Not slim: what installs the JDK
    # links manual pages, and fails without their folder.
    packages = [*_PACKAGES, f"openjdk-{version}-jdk-headless", "default-jre-headless-"]
    return [debian.root_tar(work / "debian.tar", packages, slim=False), _links(version, work / "links.tar")]


def _links(version: int, target: Path) -> Path:
    link = tarfile.TarInfo(_HOME.lstrip("/"))
    link.type = tarfile.SYMTYPE
    link.linkname = f"/usr/lib/jvm/java-{version}-openjdk-{architecture()}"
    with tarfile.open(target, "w", format=tarfile.PAX_FORMAT) as tar:
        tar.addfile(normalized(link))
    return target


def _recipe(version: int) -> Recipe:
    return Recipe(
        image=f"maven:{_MAVEN}-eclipse-temurin-{version}-noble",
        assemble=partial(assemble, version),
        config={
            "Env": [
                debian.PATH.replace("PATH=", f"PATH={_HOME}/bin:"),
                f"JAVA_HOME={_HOME}",
                "MAVEN_HOME=/usr/share/maven",
                "LANG=C.UTF-8",
            ],
            "Cmd": ["mvn"],
        },
        sources=(__file__, debian.__file__),
        tools=debian.TOOLS,
    )


ON_DEBIAN = {version: _recipe(version) for version in (25, 21)}
