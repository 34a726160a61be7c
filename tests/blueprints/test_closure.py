"""The step that gives an interpreter its libraries, on a machine with glibc and on one with musl."""

from __future__ import annotations

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from scaffold.engines.command_line import BuildFailed, CommandLineEngine
from tests.conftest import CHECKOUT
from tests.verify.images import built

SHARED = CHECKOUT / "blueprints/shared"
# A program of each base with libraries of its own, and the name of one that is not there, of equal length,
# because the program's bytes are edited.
PROGRAMS = {
    "debian:trixie-slim": ("/usr/bin/ls", "libselinux.so.1", "libsalinux.so.1"),
    "alpine:3.23": ("/sbin/apk", "libapk.so.3.0.0", "libaqk.so.3.0.0"),
}

every_base = pytest.mark.parametrize("base", PROGRAMS)


def dockerfile(base: str, prepare: str) -> str:
    """Return one that starts a program on scratch, with what the step finds for it."""
    environment = Environment(loader=FileSystemLoader(SHARED), undefined=StrictUndefined)
    step = environment.get_template("Dockerfile.closure.jinja").render()
    program = PROGRAMS[base][0]
    return f"""\
FROM {base} AS build
RUN mkdir /rootfs && cp {program} /rootfs/program && {prepare}
{step}
FROM scratch
COPY --from=build /rootfs/ /
ENTRYPOINT ["/program", "--version"]
"""


@every_base
def test_a_program_starts_on_scratch(engine: CommandLineEngine, tmp_path: Path, base: str) -> None:
    with built(engine, tmp_path, dockerfile(base, "true")) as image:
        assert engine.call("run", "--rm", *engine.run_flags(), image).stdout


@every_base
def test_a_missing_library_ends_the_build(engine: CommandLineEngine, tmp_path: Path, base: str) -> None:
    _, there, missing = PROGRAMS[base]
    with (
        pytest.raises(BuildFailed) as failed,
        built(engine, tmp_path, dockerfile(base, f"sed -i s/{there}/{missing}/ /rootfs/program")),
    ):
        pytest.fail("it was built")
    assert missing in failed.value.log


@every_base
def test_a_library_of_a_module_counts(engine: CommandLineEngine, tmp_path: Path, base: str) -> None:
    """Modules are loaded by name and need not be executable."""
    program, there, missing = PROGRAMS[base]
    module = f"cp {program} /rootfs/module.so.1 && chmod 644 /rootfs/module.so.1"
    broken = f"{module} && sed -i s/{there}/{missing}/ /rootfs/module.so.1"
    with pytest.raises(BuildFailed), built(engine, tmp_path, dockerfile(base, broken)):
        pytest.fail("it was built")
